//! From a plugin's file to code that can run: out of the cache, or compiled and put there.

use wasmtime::Module;
use wasmtime::component::Component;

use super::parent::{CompileError, Compiler};
use crate::cache::{Cache, Loadable};
use crate::engine::PluginEngine;

/// Makes plugins ready to run.
#[derive(Debug)]
pub struct ComponentLoader {
    engine: PluginEngine,
    compiler: Compiler,
    cache: Option<Cache>,
}

impl ComponentLoader {
    /// A loader; without a cache every load compiles.
    pub fn new(engine: PluginEngine, compiler: Compiler, cache: Option<Cache>) -> Self {
        Self { engine, compiler, cache }
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

    /// Loads a component, compiled when it has to be.
    pub(crate) async fn component(&self, wasm: &[u8]) -> Result<Component, CompileError> {
        self.load(wasm).await
    }

    /// Loads a core module, compiled when it has to be.
    pub(crate) async fn module(&self, wasm: &[u8]) -> Result<Module, CompileError> {
        self.load(wasm).await
    }

    async fn load<T: Loadable>(&self, wasm: &[u8]) -> Result<T, CompileError> {
        let digest = blake3::hash(wasm);
        if let Some(found) = self.cache.as_ref().and_then(|it| it.load(&self.engine, &digest)) {
            return Ok(found);
        }
        let artefact = self.compiler.compile(&self.engine, wasm).await?;
        if let Some(found) = self.keep(&digest, &artefact) {
            return Ok(found);
        }
        load_compiled(&self.engine, &artefact)
    }

    /// Keeps what was compiled and loads it from there, which takes less memory. The cache is a help, not a need.
    fn keep<T: Loadable>(&self, digest: &blake3::Hash, artefact: &[u8]) -> Option<T> {
        let cache = self.cache.as_ref()?;
        if let Err(error) = cache.keep(&self.engine, digest, artefact) {
            tracing::warn!(%error, "a compiled plugin could not be kept, the next start compiles it again");
        }
        cache.load(&self.engine, digest)
    }
}

#[expect(unsafe_code, reason = "loading machine code that the compiler has just made")]
fn load_compiled<T: Loadable>(engine: &PluginEngine, artefact: &[u8]) -> Result<T, CompileError> {
    // SAFETY: the bytes came from our compiler, in this process or over a pipe from a child with the same settings.
    let loaded = unsafe { T::load_bytes(engine.wasmtime(), artefact) };
    loaded.map_err(|error| CompileError::Unavailable(format!("{error:#}")))
}
