//! Which server's models serve, and who answers where it does not.

use std::time::Duration;

use smartcms_app::ask::AskSettings;
use smartcms_app::assist::AssistSettings;
use smartcms_domain::actors::RoleName;

use crate::error::ConfigError;
use crate::model_choice::ModelChoice;
use crate::reader::{Reader, bad};

/// Where models come from, beside plugins.
#[derive(Debug, Clone, Default)]
pub struct AiSettings {
    /// A server; `None` where plugins serve.
    pub server: Option<AiServer>,
    /// Models of plugins that are asked where those before do not answer.
    pub fallback: Vec<ModelChoice>,
    /// Who gets writing help, and how much.
    pub help: AssistSettings,
    /// Whether readers may ask the site, and how much.
    pub readers: AskSettings,
}

/// A server with models.
#[derive(Clone, PartialEq, Eq)]
pub struct AiServer {
    /// What it speaks.
    pub kind: AiServerKind,
    /// Where it is, without a slash at the end.
    pub address: String,
    /// Its model that writes.
    pub model: String,
    /// Its model that measures meaning.
    pub embedding_model: Option<String>,
    /// What says who asks.
    pub key: Option<String>,
    /// How long one answer may take.
    pub timeout: Duration,
}

/// What servers speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AiServerKind {
    /// The interface of OpenAI, which many servers have.
    OpenAi,
    /// Ollama's own.
    Ollama,
}

impl AiServerKind {
    /// The word in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Ollama => "ollama",
        }
    }
}

// The key is not in it: settings are printed when something is wrong with them.
impl std::fmt::Debug for AiServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("AiServer");
        shown.field("kind", &self.kind).field("address", &self.address);
        shown.field("model", &self.model).finish_non_exhaustive()
    }
}

/// The largest budget of writing help, in tokens a day.
const HELP_TOKENS_MAX: u64 = 1_000_000_000_000;
/// Where Ollama listens when nobody says otherwise.
const OLLAMA_ADDRESS: &str = "http://127.0.0.1:11434";

impl Reader<'_> {
    pub(crate) fn ai(&self) -> Result<AiSettings, ConfigError> {
        let server = self.ai_server_kind()?.map(|kind| {
            let key = "ai.model";
            let model = Some(self.sources.get(key).text).filter(|it| !it.is_empty());
            let reason = "it is needed: what the server calls its model";
            let model = model.ok_or_else(|| bad(key, self.sources.get(key), reason))?;
            self.ai_server(kind, model)
        });
        let server = server.transpose()?;
        let tokens_a_day = self.number("ask.tokens_per_day", 0, HELP_TOKENS_MAX)?;
        let readers = AskSettings { tokens_a_day };
        Ok(AiSettings { server, fallback: self.fallback()?, help: self.help()?, readers })
    }

    /// What the server speaks that writes; `None` where there is none.
    pub(crate) fn ai_server_kind(&self) -> Result<Option<AiServerKind>, ConfigError> {
        let key = "ai.provider";
        let text = self.sources.get(key).text;
        let kinds = [AiServerKind::OpenAi, AiServerKind::Ollama];
        match kinds.into_iter().find(|it| it.name() == text) {
            None if !["", "storyteller"].contains(&text.as_str()) => {
                let reason = "it is storyteller, openai or ollama";
                Err(bad(key, self.sources.get(key), reason))
            }
            kind => Ok(kind),
        }
    }

    /// `editor=50000`: a role and its tokens a day.
    fn help(&self) -> Result<AssistSettings, ConfigError> {
        let key = "ai.help";
        let one = |text: String| {
            let (role, tokens) = text.split_once('=')?;
            let role = RoleName::parse(role.trim()).ok()?.as_str().to_owned();
            let tokens = tokens.trim().parse::<u64>().ok().filter(|it| *it <= HELP_TOKENS_MAX)?;
            Some((role, tokens))
        };
        let roles = self.list(key).into_iter().map(one).collect::<Option<_>>();
        let reason = "it is a list of roles with their tokens a day, like [\"editor=50000\"]";
        Ok(AssistSettings {
            roles: roles.ok_or_else(|| bad(key, self.sources.get(key), reason))?,
            site_tokens_a_day: self.number("ai.help_site_tokens", 0, HELP_TOKENS_MAX)?,
        })
    }

    /// The server at `ai.address`, and one of its models.
    pub(crate) fn ai_server(
        &self,
        kind: AiServerKind,
        model: String,
    ) -> Result<AiServer, ConfigError> {
        let given = |key: &str| Some(self.sources.get(key).text).filter(|it| !it.is_empty());
        let needed = |key: &str, reason: &str| {
            given(key).ok_or_else(|| bad(key, self.sources.get(key), reason))
        };
        let address = match kind {
            AiServerKind::Ollama => {
                given("ai.address").unwrap_or_else(|| OLLAMA_ADDRESS.to_owned())
            }
            AiServerKind::OpenAi => {
                needed("ai.address", "it is needed, like http://127.0.0.1:8080/v1")?
            }
        };
        let is_address = ["http://", "https://"].iter().any(|it| address.starts_with(it));
        if !is_address || address.contains(['@', '?', '#']) {
            let reason = "it begins with http:// or https://, and has no name, query or fragment";
            return Err(bad("ai.address", self.sources.get("ai.address"), reason));
        }
        Ok(AiServer {
            kind,
            address: address.trim_end_matches('/').to_owned(),
            model,
            embedding_model: given("ai.embedding_model"),
            key: given("ai.key"),
            timeout: self.duration("ai.timeout_ms")?,
        })
    }

    fn fallback(&self) -> Result<Vec<ModelChoice>, ConfigError> {
        let key = "ai.fallback";
        let choice = |text: String| {
            // The one that is always there needs no more than its name.
            let text = if text == "storyteller" { format!("{text}/{text}") } else { text };
            let reason = "it is a list of models, like [\"local/tiny\", \"storyteller\"]";
            text.parse().map_err(|_| bad(key, self.sources.get(key), reason))
        };
        self.list(key).into_iter().map(choice).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{AiServerKind, AiSettings};
    use crate::{Settings, Sources};

    fn read(lines: &str) -> Result<AiSettings, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("smartcms.toml"), format!("[ai]\n{lines}")).unwrap();
        let none: [(String, String); 0] = [];
        let sources = Sources::read(folder.path(), none).map_err(|error| error.to_string())?;
        Settings::from_sources(&sources).map(|it| it.ai).map_err(|error| error.to_string())
    }

    #[test]
    fn without_a_word_plugins_serve() {
        assert!(read("").is_ok_and(|it| it.server.is_none() && it.fallback.is_empty()));
        assert!(read("provider = \"storyteller\"").is_ok_and(|it| it.server.is_none()));
    }

    #[test]
    fn a_server_has_an_address_and_a_model_and_its_key_is_never_shown() {
        let lines = "provider = \"openai\"\naddress = \"https://ai.test/v1/\"\nmodel = \"m\"\nkey = \"sesame\"\n\
                     fallback = [\"storyteller\"]";
        let settings = read(lines).unwrap();
        assert!(!format!("{settings:?}").contains("sesame"));
        assert_eq!(settings.fallback[0].to_string(), "storyteller/storyteller");
        let server = settings.server.unwrap();
        assert_eq!(
            (server.kind, server.address.as_str()),
            (AiServerKind::OpenAi, "https://ai.test/v1")
        );
        let server = read("provider = \"ollama\"\nmodel = \"m\"").unwrap().server.unwrap();
        assert_eq!(server.address, "http://127.0.0.1:11434");
    }

    #[test]
    fn help_is_off_for_every_role_until_it_has_a_budget() {
        assert!(read("").is_ok_and(|it| it.help.roles.is_empty()));
        let help = read("help = [\"editor=50000\", \"owner = 9\"]\nhelp_site_tokens = 70000");
        let help = help.unwrap().help;
        assert_eq!(
            help.roles.into_iter().collect::<Vec<_>>(),
            [("editor".to_owned(), 50_000), ("owner".to_owned(), 9)]
        );
        assert_eq!(help.site_tokens_a_day, 70_000);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (lines, named) in [
            ("provider = \"oracle\"", "ai.provider"),
            ("provider = \"openai\"\nmodel = \"m\"", "ai.address"),
            (
                "provider = \"openai\"\naddress = \"http://me:secret@ai.test\"\nmodel = \"m\"",
                "ai.address",
            ),
            ("provider = \"ollama\"", "ai.model"),
            ("fallback = [\"nobody\"]", "ai.fallback"),
            ("help = [\"editor\"]", "ai.help"),
            ("help = [\"editor=many\"]", "ai.help"),
        ] {
            let error = read(lines).unwrap_err();
            assert!(error.contains(named), "{error}");
        }
    }
}
