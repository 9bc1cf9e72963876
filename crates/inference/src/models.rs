//! The models of a process: where their files are, and those that are loaded.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rten::ThreadPool;
use smartcms_app::ports::{NeuralError, NeuralModel, NeuralModels};
use smartcms_domain::plugins::is_model_name;
use tokio::sync::OnceCell;

use crate::onnx::OnnxModel;
use crate::places::Places;

/// What computations may use.
#[derive(Debug, Clone, Copy)]
pub struct InferenceLimits {
    /// The largest file of a model.
    pub model_bytes_max: u64,
    /// The most models that are known.
    pub models_max: usize,
    /// Computations at once, those included that nobody waits for any more.
    pub computations_max: usize,
    /// How long one computation may take.
    pub computation_time_max: Duration,
    /// Threads that compute together.
    pub threads: usize,
}

impl Default for InferenceLimits {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            model_bytes_max: 512 * 1024 * 1024,
            models_max: 100,
            computations_max: threads.max(2),
            computation_time_max: Duration::from_secs(30),
            threads,
        }
    }
}

/// Where a model is.
#[derive(Debug, Clone)]
pub enum ModelSource {
    /// In the executable.
    Embedded(&'static [u8]),
    /// In a file.
    File(PathBuf),
}

/// ONNX models by name, loaded when they are first asked for.
pub struct OnnxModels {
    known: BTreeMap<String, Known>,
    limits: InferenceLimits,
    places: Places,
    threads: Mutex<Option<Arc<ThreadPool>>>,
}

struct Known {
    source: ModelSource,
    loaded: OnceCell<Arc<OnnxModel>>,
}

impl OnnxModels {
    /// None yet.
    #[must_use]
    pub fn new(limits: InferenceLimits) -> Self {
        let places = Places::new(limits.computations_max, limits.computation_time_max);
        Self { known: BTreeMap::new(), limits, places, threads: Mutex::new(None) }
    }

    /// With one more model. A name that is there already gets the new source.
    pub fn with(mut self, name: &str, source: ModelSource) -> Result<Self, NeuralError> {
        let unfit =
            |reason: &str| NeuralError::Unfit { name: name.to_owned(), reason: reason.to_owned() };
        if !is_model_name(name) {
            return Err(unfit("a name is of a-z, 0-9, `.`, `_` and `-`"));
        }
        if self.known.len() >= self.limits.models_max {
            return Err(unfit("there are too many models"));
        }
        self.known.insert(name.to_owned(), Known { source, loaded: OnceCell::new() });
        Ok(self)
    }

    /// With every `NAME.onnx` in a folder; a folder that is not there has none. Files whose names are no names of
    /// models are left out.
    pub fn with_folder(mut self, folder: &Path) -> Result<Self, NeuralError> {
        let Ok(files) = std::fs::read_dir(folder) else { return Ok(self) };
        for path in files.filter_map(|it| Some(it.ok()?.path())) {
            let stem = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default().to_owned();
            let is_model = path.extension().is_some_and(|it| it == "onnx") && path.is_file();
            if is_model && is_model_name(&stem) {
                self = self.with(&stem, ModelSource::File(path))?;
            }
        }
        Ok(self)
    }

    /// The threads of the engine; made when they are first needed.
    fn threads(&self) -> Arc<ThreadPool> {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let made = || Arc::new(ThreadPool::with_num_threads(self.limits.threads));
        Arc::clone(threads.get_or_insert_with(made))
    }

    async fn load(&self, name: &str, source: &ModelSource) -> Result<Arc<OnnxModel>, NeuralError> {
        let (name, source, threads) = (name.to_owned(), source.clone(), self.threads());
        let (bytes_max, places) = (self.limits.model_bytes_max, self.places.clone());
        let load = move |_: &Arc<ThreadPool>| {
            let file = read(&name, &source, bytes_max)?;
            OnnxModel::load(&name, file, threads, places).map(Arc::new)
        };
        self.places.run(load).await
    }
}

#[async_trait]
impl NeuralModels for OnnxModels {
    fn names(&self) -> Vec<String> {
        self.known.keys().cloned().collect()
    }

    async fn open(&self, name: &str) -> Result<Arc<dyn NeuralModel>, NeuralError> {
        let known = self.known.get(name).ok_or_else(|| NeuralError::Unknown(name.to_owned()))?;
        let loaded = known.loaded.get_or_try_init(|| self.load(name, &known.source)).await?;
        Ok(Arc::clone(loaded) as Arc<dyn NeuralModel>)
    }
}

fn read(name: &str, source: &ModelSource, bytes_max: u64) -> Result<Vec<u8>, NeuralError> {
    use std::io::Read as _;
    let path = match source {
        ModelSource::Embedded(bytes) => return Ok(bytes.to_vec()),
        ModelSource::File(path) => path,
    };
    let unfit = |error: std::io::Error| NeuralError::Unfit {
        name: name.to_owned(),
        reason: format!("could not read {}: {error}", path.display()),
    };
    let file = std::fs::File::open(path).map_err(unfit)?;
    let mut bytes = Vec::new();
    file.take(bytes_max + 1).read_to_end(&mut bytes).map_err(unfit)?;
    if bytes.len() as u64 > bytes_max {
        return Err(NeuralError::TooLarge { name: name.to_owned(), bytes_max });
    }
    Ok(bytes)
}
