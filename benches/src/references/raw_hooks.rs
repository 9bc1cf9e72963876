//! Hooks and functions in wasmtime without anything of ours: on fresh instances, on one that is used again and again, and
//! until a deadline; and components that were compiled before.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use wasmtime::component::{Component, InstancePre, Linker};
use wasmtime::{Engine, Store};

use self::functions::FunctionLibraryPre;
use self::functions::exports::smartcms::plugin::functions::Scalar;
use self::hooks::exports::smartcms::plugin::before_save::{Draft, Field};
use self::hooks::{SaveHook, SaveHookPre};
use super::raw_wasmtime::{Guest, config};

mod hooks {
    wasmtime::component::bindgen!({
        path: ["../wit/content", "../wit/plugin"],
        world: "smartcms:plugin/save-hook",
        exports: { default: async },
    });
    pub(super) use self::smartcms::content::types::Value;
}

mod functions {
    wasmtime::component::bindgen!({
        path: ["../wit/content", "../wit/plugin"],
        world: "smartcms:plugin/function-library",
        exports: { default: async },
    });
}

/// A linked hook.
#[derive(Clone)]
pub struct RawHook {
    engine: Engine,
    pre: SaveHookPre<Guest>,
}

/// An instance of a hook, called again and again.
pub struct RawHookInUse {
    store: Store<Guest>,
    hook: SaveHook,
}

/// An instance of a library, called again and again.
pub struct RawFunctionsInUse {
    store: Store<Guest>,
    library: functions::FunctionLibrary,
}

impl RawHook {
    /// Compiles and links a component that exports `before-save`.
    pub fn new(wasm: &[u8]) -> anyhow::Result<Self> {
        let engine = Engine::new(&config())?;
        let pre = SaveHookPre::new(linked(&engine, &Component::new(&engine, wasm)?)?)?;
        Ok(Self { engine, pre })
    }

    /// One call on a fresh instance, with one field; how many bytes came back in it.
    pub async fn before_save(&self, text: &str) -> anyhow::Result<usize> {
        let mut store = Guest::store(&self.engine);
        let hook = self.pre.instantiate_async(&mut store).await?;
        called(&hook, &mut store, "a", text).await
    }

    /// An instance to be called again and again.
    pub async fn in_use(&self) -> anyhow::Result<RawHookInUse> {
        let mut store = Guest::store(&self.engine);
        let hook = self.pre.instantiate_async(&mut store).await?;
        Ok(RawHookInUse { store, hook })
    }

    /// Lets a hook run that never returns: how long after its deadline it and all that it held is gone. Somebody else sets
    /// the engine's clock forward when it is time.
    pub async fn stopped_after(&self, limit: Duration) -> anyhow::Result<Duration> {
        let mut store = Guest::store(&self.engine);
        store.set_epoch_deadline(1);
        let begun = Instant::now();
        let engine = self.engine.clone();
        let clock = std::thread::spawn(move || {
            std::thread::sleep(limit);
            engine.increment_epoch();
        });
        let hook = self.pre.instantiate_async(&mut store).await?;
        let called = called(&hook, &mut store, "b", "").await;
        drop(store);
        let elapsed = begun.elapsed();
        if called.is_ok() || clock.join().is_err() {
            bail!("the hook was not stopped");
        }
        Ok(elapsed.saturating_sub(limit))
    }
}

impl RawHookInUse {
    /// One call, with one field; how many bytes came back in it.
    pub async fn before_save(&mut self, text: &str) -> anyhow::Result<usize> {
        called(&self.hook, &mut self.store, "a", text).await
    }
}

impl RawFunctionsInUse {
    /// An instance of a library.
    pub async fn new(wasm: &[u8]) -> anyhow::Result<Self> {
        let engine = Engine::new(&config())?;
        let pre = FunctionLibraryPre::new(linked(&engine, &Component::new(&engine, wasm)?)?)?;
        let mut store = Guest::store(&engine);
        let library = pre.instantiate_async(&mut store).await?;
        Ok(Self { store, library })
    }

    /// Calls its function `echo`; how many bytes came back.
    pub async fn echo(&mut self, text: &str) -> anyhow::Result<usize> {
        let argument = Scalar::Text(text.to_owned());
        let functions = self.library.smartcms_plugin_functions();
        match functions.call_call(&mut self.store, "echo", &[argument]).await? {
            Ok(Scalar::Text(text)) => Ok(text.len()),
            other => bail!("the function gave {other:?}"),
        }
    }
}

/// Compiles a component and writes the machine code to a file, as `wasmtime compile` does.
pub fn compile_to(wasm: &[u8], file: &Path) -> anyhow::Result<()> {
    let engine = Engine::new(&config())?;
    let code = Component::new(&engine, wasm)?.serialize()?;
    std::fs::write(file, code).with_context(|| format!("could not write {}", file.display()))
}

/// Loads and links every compiled component of a folder.
#[expect(unsafe_code, reason = "loading machine code that this program has written")]
pub fn load_all(folder: &Path) -> anyhow::Result<Vec<InstancePre<Guest>>> {
    let engine = Engine::new(&config())?;
    let mut loaded = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        // SAFETY: the files are what `compile_to` wrote for the same engine, and nobody changes them.
        let component = unsafe { Component::deserialize_file(&engine, entry?.path())? };
        loaded.push(linked(&engine, &component)?);
    }
    Ok(loaded)
}

fn linked(engine: &Engine, component: &Component) -> anyhow::Result<InstancePre<Guest>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    Ok(linker.instantiate_pre(component)?)
}

async fn called(
    hook: &SaveHook,
    store: &mut Store<Guest>,
    slug: &str,
    text: &str,
) -> anyhow::Result<usize> {
    let field = Field { name: "body".to_owned(), value: hooks::Value::Text(text.to_owned()) };
    let draft = Draft {
        entry: None,
        collection: "posts".to_owned(),
        slug: slug.to_owned(),
        fields: vec![field],
        locale: "en".to_owned(),
    };
    match hook.smartcms_plugin_before_save().call_before_save(store, &draft).await? {
        Ok(fields) => match fields.into_iter().next().map(|it| it.value) {
            Some(hooks::Value::Text(text)) => Ok(text.len()),
            _ => Ok(0),
        },
        Err(problems) => bail!("the hook refused: {problems:?}"),
    }
}
