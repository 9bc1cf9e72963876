//! Which model says what images show.

use smartcms_domain::plugins::is_model_name;

use crate::ai::{AiServer, AiServerKind};
use crate::error::ConfigError;
use crate::model_choice::ModelChoice;
use crate::reader::{Reader, bad};

/// What stands before the name of a model that tells kinds of images apart.
const CLASSIFY: &str = "classify";

/// A model that says what images show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageModel {
    /// A server's.
    Server(AiServer),
    /// One of the site's folder `models` that tells kinds of images apart, by its name.
    Classifier(String),
    /// A plugin's.
    Plugin(ModelChoice),
}

impl Reader<'_> {
    /// `openai/NAME`, `ollama/NAME`, `classify/NAME`, or a plugin and its model.
    pub(crate) fn image_model(&self) -> Result<Option<ImageModel>, ConfigError> {
        let key = "models.images";
        let sourced = self.sources.get(key);
        if sourced.text.is_empty() {
            return Ok(None);
        }
        let named = sourced.text.split_once('/').filter(|(_, name)| !name.trim().is_empty());
        let servers = [AiServerKind::OpenAi, AiServerKind::Ollama];
        let (first, name) = named.unwrap_or_default();
        if let Some(kind) = servers.into_iter().find(|it| it.name() == first) {
            // There is one address, and whoever is there speaks one of them.
            if self.ai_server_kind()?.is_some_and(|it| it != kind) {
                let reason = "the server at ai.address speaks what ai.provider says";
                return Err(bad(key, sourced, reason));
            }
            let server = self.ai_server(kind, name.trim().to_owned())?;
            return Ok(Some(ImageModel::Server(server)));
        }
        if first == CLASSIFY {
            if is_model_name(name) {
                return Ok(Some(ImageModel::Classifier(name.to_owned())));
            }
            return Err(bad(key, sourced, "a model's name is of a-z, 0-9, `.`, `_` and `-`"));
        }
        let reason = "it is openai/NAME, ollama/NAME, classify/NAME, or a plugin and its model";
        self.parsed(key, reason).map(|it| Some(ImageModel::Plugin(it)))
    }
}

#[cfg(test)]
mod tests {
    use super::ImageModel;
    use crate::{Settings, Sources};

    fn read(lines: &str) -> Result<Option<ImageModel>, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("smartcms.toml"), lines).unwrap();
        let none: [(String, String); 0] = [];
        let sources = Sources::read(folder.path(), none).map_err(|error| error.to_string())?;
        let read = Settings::from_sources(&sources).map_err(|error| error.to_string());
        read.map(|it| it.models.images)
    }

    #[test]
    fn a_model_is_a_servers_a_file_or_a_plugins() {
        assert_eq!(read(""), Ok(None));
        let server =
            "[models]\nimages = \"openai/org/eyes:2b\"\n[ai]\naddress = \"http://ai.test/v1\"\n";
        let Ok(Some(ImageModel::Server(server))) = read(server) else { panic!("no server") };
        assert_eq!((server.address.as_str(), &*server.model), ("http://ai.test/v1", "org/eyes:2b"));
        // Beside another model of the same server.
        let both =
            "[models]\nimages = \"ollama/eyes\"\n[ai]\nprovider = \"ollama\"\nmodel = \"m\"\n";
        assert!(matches!(read(both), Ok(Some(ImageModel::Server(it))) if it.model == "eyes"));
        let file = read("[models]\nimages = \"classify/shapes\"\n");
        assert_eq!(file, Ok(Some(ImageModel::Classifier("shapes".to_owned()))));
        let plugin = read("[models]\nimages = \"local/eyes\"\n");
        assert!(
            matches!(plugin, Ok(Some(ImageModel::Plugin(it))) if it.to_string() == "local/eyes")
        );
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (images, more, named) in [
            ("eyes", "", "models.images"),
            ("openai/", "", "models.images"),
            ("classify/../eyes", "", "models.images"),
            ("openai/eyes", "", "ai.address"),
            ("openai/eyes", "[ai]\nprovider = \"ollama\"\nmodel = \"m\"\n", "ai.provider"),
        ] {
            let error = read(&format!("[models]\nimages = \"{images}\"\n{more}")).unwrap_err();
            assert!(error.contains(named), "{images}: {error}");
        }
    }
}
