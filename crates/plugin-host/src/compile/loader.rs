//! From a plugin's file to code that can run: out of the cache, or compiled and put there.

use std::sync::OnceLock;

use wasmtime::Module;
use wasmtime::component::Component;

use super::parent::{CompileError, Compiler};
use crate::cache::{Cache, Loadable};
use crate::engine::PluginEngine;

/// Makes plugins ready to run.
#[derive(Debug)]
pub struct ComponentLoader {
    engine: PluginEngine,
    /// The engine for calls that end where they begin; none where there is no room for it.
    at_once: OnceLock<Option<PluginEngine>>,
    compiler: Compiler,
    cache: Option<Cache>,
}

impl ComponentLoader {
    /// A loader; without a cache every load compiles.
    pub fn new(engine: PluginEngine, compiler: Compiler, cache: Option<Cache>) -> Self {
        Self { engine, at_once: OnceLock::new(), compiler, cache }
    }

    /// The engine that everything is loaded in.
    pub fn engine(&self) -> &PluginEngine {
        &self.engine
    }

    /// Loads a component that was compiled before, by the digest of its file; nothing is compiled.
    pub(crate) fn cached(&self, digest: &blake3::Hash) -> Option<Component> {
        self.cache.as_ref()?.load(&self.engine, digest)
    }

    /// Compiles a component into the cache, so that whoever needs it next finds the work done.
    pub async fn prepare(&self, wasm: &[u8]) -> Result<(), CompileError> {
        self.component(wasm).await.map(drop)
    }

    /// The engine for calls that end where they begin, made when it is first asked for.
    pub(crate) fn at_once(&self) -> Option<&PluginEngine> {
        let made = || {
            let made = PluginEngine::at_once();
            made.inspect_err(|error| {
                tracing::warn!(%error, "functions in queries are called in the usual engine, which takes longer");
            })
            .ok()
        };
        self.at_once.get_or_init(made).as_ref()
    }

    /// Loads a component, compiled when it has to be.
    pub(crate) async fn component(&self, wasm: &[u8]) -> Result<Component, CompileError> {
        self.load(&self.engine, wasm).await
    }

    /// Loads a component in another engine than the usual one.
    pub(crate) async fn component_in(
        &self,
        engine: &PluginEngine,
        wasm: &[u8],
    ) -> Result<Component, CompileError> {
        self.load(engine, wasm).await
    }

    /// Loads a core module, compiled when it has to be.
    pub(crate) async fn module(&self, wasm: &[u8]) -> Result<Module, CompileError> {
        self.load(&self.engine, wasm).await
    }

    /// The same in another engine than the usual one.
    pub(crate) async fn module_in(
        &self,
        engine: &PluginEngine,
        wasm: &[u8],
    ) -> Result<Module, CompileError> {
        self.load(engine, wasm).await
    }

    async fn load<T: Loadable>(
        &self,
        engine: &PluginEngine,
        wasm: &[u8],
    ) -> Result<T, CompileError> {
        let digest = blake3::hash(wasm);
        if let Some(found) = self.cache.as_ref().and_then(|it| it.load(engine, &digest)) {
            return Ok(found);
        }
        let artefact = self.compiler.compile(engine, wasm).await?;
        if let Some(found) = self.keep(engine, &digest, &artefact) {
            return Ok(found);
        }
        load_compiled(engine, &artefact)
    }

    /// Keeps what was compiled and loads it from there, which takes less memory. The cache is a help, not a need.
    fn keep<T: Loadable>(
        &self,
        engine: &PluginEngine,
        digest: &blake3::Hash,
        artefact: &[u8],
    ) -> Option<T> {
        let cache = self.cache.as_ref()?;
        if let Err(error) = cache.keep(engine, digest, artefact) {
            tracing::warn!(%error, "a compiled plugin could not be kept, the next start compiles it again");
        }
        cache.load(engine, digest)
    }
}

#[expect(unsafe_code, reason = "loading machine code that the compiler has just made")]
fn load_compiled<T: Loadable>(engine: &PluginEngine, artefact: &[u8]) -> Result<T, CompileError> {
    // SAFETY: the bytes came from our compiler, in this process or over a pipe from a child with the same settings.
    let loaded = unsafe { T::load_bytes(engine.wasmtime(), artefact) };
    loaded.map_err(|error| CompileError::Unavailable(format!("{error:#}")))
}
