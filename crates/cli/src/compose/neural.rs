//! The models that plugins compute with: those of the site's folder, and the one that is in the executable.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use smartcms_app::ports::NeuralModels;
use smartcms_inference::{InferenceLimits, ModelSource, OnnxModels};

/// The folder of a site where `NAME.onnx` is the model NAME.
pub(crate) const FOLDER: &str = "models";

/// The folder of a site in which its models are.
pub(super) fn folder(site: &Path) -> PathBuf {
    site.join(FOLDER)
}

/// The name of the model that is always there.
const STORYTELLER: &str = "storyteller";
static STORYTELLER_MODEL: &[u8] = include_bytes!("../../../../models/storyteller/storyteller.onnx");

/// The models of a site.
pub(crate) fn models(site: &Path) -> anyhow::Result<Arc<dyn NeuralModels>> {
    Ok(Arc::new(known()?.with_folder(&folder(site))?))
}

/// The models of one run: the one that is always there, and those that were named with their files.
pub(crate) fn named_models(files: Vec<(String, PathBuf)>) -> anyhow::Result<Arc<dyn NeuralModels>> {
    let mut models = known()?;
    for (name, path) in files {
        models = models.with(&name, ModelSource::File(path))?;
    }
    Ok(Arc::new(models))
}

fn known() -> anyhow::Result<OnnxModels> {
    let models = OnnxModels::new(InferenceLimits::default());
    Ok(models.with(STORYTELLER, ModelSource::Embedded(STORYTELLER_MODEL))?)
}
