//! Settings with their types.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use smartcms_app::SiteSettings;
use smartcms_app::people::PeopleSettings;
use smartcms_app::retention::RetentionSettings;
use smartcms_app::settings::SettingView;
use smartcms_domain::people::SecretText;
use smartcms_domain::plugins::HostGrant;

use crate::ai::AiSettings;
use crate::error::ConfigError;
use crate::image_model::ImageModel;
use crate::mail::MailSettings;
use crate::model_choice::ModelChoice;
use crate::people::{HashLimitSettings, OidcSettings};
use crate::reader::Reader;
use crate::shared_keys::SharedKeysSettings;
use crate::sources::Sources;

/// Everything that can be configured.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the site says of itself.
    pub site: SiteSettings,
    /// How long content is kept that is not needed any more.
    pub retention: RetentionSettings,
    /// How it is served.
    pub server: ServerSettings,
    /// Who signs in, and for how long that holds.
    pub people: PeopleSettings,
    /// A token that may do everything, of the operator's own making.
    pub owner_token: Option<SecretText>,
    /// Where keys for sites elsewhere are offered.
    pub shared_keys: Option<SharedKeysSettings>,
    /// How many passwords are checked at once.
    pub hashes: HashLimitSettings,
    /// How mail is sent.
    pub mail: MailSettings,
    /// By which identity provider people sign in.
    pub oidc: Option<OidcSettings>,
    /// Who may call the API, and how often.
    pub api: ApiSettings,
    /// Memory for rendered pages, in bytes.
    pub pages_bytes_max: u64,
    /// Hosts that the site itself may reach though their addresses are not public.
    pub outbound_allow: Vec<HostGrant>,
    /// How large files may be.
    pub media: MediaLimitSettings,
    /// Which models serve.
    pub models: ModelSettings,
    /// Which server's models serve.
    pub ai: AiSettings,
    /// Whether stories are kept for whoever asks.
    pub stories: bool,
    /// What plugins may use.
    pub plugins: PluginLimitSettings,
    /// Every setting for people to see.
    pub shown: Vec<SettingView>,
}

/// Which models serve the site; `None` where there is none.
#[derive(Debug, Clone, Default)]
pub struct ModelSettings {
    /// What writes text.
    pub text: Option<ModelChoice>,
    /// What measures meaning.
    pub embeddings: Option<ModelChoice>,
    /// What says what images show.
    pub images: Option<ImageModel>,
}

/// Who may call the API, and how often.
#[derive(Debug, Clone)]
pub struct ApiSettings {
    /// The origins whose pages may read answers; `*` for every one.
    pub cors_origins: Vec<String>,
    /// Requests a minute from one address without a token; 0 for no limit.
    pub address_requests_per_minute: u32,
    /// Requests a minute with one token; 0 for no limit.
    pub token_requests_per_minute: u32,
    /// Questions to the site a minute from one client; 0 for no limit.
    pub questions_per_minute: u32,
}

/// How large uploaded files may be.
#[derive(Debug, Clone, Copy)]
pub struct MediaLimitSettings {
    /// The largest file, in bytes.
    pub upload_bytes_max: u64,
    /// The largest image, in bytes.
    pub image_bytes_max: u64,
    /// The most pixels of an image.
    pub pixels_max: u64,
    /// How many images are decoded at once.
    pub decoders_max: usize,
}

/// How the site is served.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Connections served at once.
    pub connections_max: usize,
    /// How long a request's head may take.
    pub header_timeout: Duration,
    /// How long requests may take to finish when the server stops.
    pub drain_timeout: Duration,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

/// What one plugin may use.
#[derive(Debug, Clone, Copy)]
pub struct PluginLimitSettings {
    /// Memory of one call, in bytes.
    pub memory_bytes_max: u64,
    /// Time of a hook.
    pub hook_timeout: Duration,
    /// Time of a filter.
    pub filter_timeout: Duration,
    /// Time of a function.
    pub function_timeout: Duration,
    /// Time of the handling of an event.
    pub event_timeout: Duration,
    /// Time of a route, its body included.
    pub request_timeout: Duration,
    /// Time of one stretch of a task.
    pub task_timeout: Duration,
    /// Time of one answer of a model.
    pub model_timeout: Duration,
    /// Time of all calls for one request together.
    pub request_total_time: Duration,
    /// Host functions that all calls for one request call together.
    pub request_total_host_calls: u64,
    /// HTML that filters return for one request together, in bytes.
    pub request_total_bytes: u64,
    /// Calls at once.
    pub calls_max: usize,
    /// What one call may return, in bytes.
    pub output_bytes_max: u64,
}

impl Settings {
    /// Checks every setting.
    pub fn from_sources(sources: &Sources) -> Result<Self, ConfigError> {
        let read = Reader { sources };
        let listen: SocketAddr =
            read.parsed("server.listen", "it is an address and a port, like 127.0.0.1:8080")?;
        Ok(Self {
            site: read.site(listen)?,
            retention: read.retention()?,
            people: read.people()?,
            owner_token: read.strong_secret("people.owner_token")?,
            shared_keys: read.shared_keys()?,
            hashes: read.hashes()?,
            mail: read.mail()?,
            oidc: read.oidc()?,
            server: ServerSettings {
                listen,
                connections_max: read.number("server.connections_max", 1, 1_000_000)?,
                header_timeout: read.duration("server.header_timeout_ms")?,
                drain_timeout: read.duration("server.drain_timeout_ms")?,
                trusted_proxies: read.addresses("server.trusted_proxies")?,
            },
            api: ApiSettings {
                cors_origins: read.list("api.cors_origins"),
                address_requests_per_minute: read.number(
                    "api.address_requests_per_minute",
                    0,
                    1_000_000,
                )?,
                token_requests_per_minute: read.number(
                    "api.token_requests_per_minute",
                    0,
                    1_000_000,
                )?,
                questions_per_minute: read.number("ask.questions_per_minute", 0, 1_000_000)?,
            },
            pages_bytes_max: read.number("cache.pages_bytes_max", 0, u64::MAX)?,
            outbound_allow: read.hosts("outbound.allow")?,
            media: MediaLimitSettings {
                upload_bytes_max: read.number("media.upload_bytes_max", 1, 1 << 40)?,
                image_bytes_max: read.number("media.image_bytes_max", 1, 1 << 32)?,
                pixels_max: read.number("media.pixels_max", 1, 1_000_000_000)?,
                decoders_max: read.number("media.decoders_max", 1, 64)?,
            },
            models: ModelSettings {
                text: read.model("models.text")?,
                embeddings: read.model("models.embeddings")?,
                images: read.image_model()?,
            },
            ai: read.ai()?,
            stories: read.parsed("stories", "it is true or false")?,
            plugins: PluginLimitSettings {
                memory_bytes_max: read.number("plugins.memory_bytes_max", 1 << 16, 1 << 32)?,
                hook_timeout: read.duration("plugins.hook_timeout_ms")?,
                filter_timeout: read.duration("plugins.filter_timeout_ms")?,
                function_timeout: read.duration("plugins.function_timeout_ms")?,
                event_timeout: read.duration("plugins.event_timeout_ms")?,
                request_timeout: read.duration("plugins.request_timeout_ms")?,
                task_timeout: read.duration("plugins.task_timeout_ms")?,
                model_timeout: read.duration("plugins.model_timeout_ms")?,
                request_total_time: read.duration("plugins.request_total_time_ms")?,
                request_total_host_calls: read.number(
                    "plugins.request_total_host_calls",
                    1,
                    u64::MAX,
                )?,
                request_total_bytes: read.number("plugins.request_total_bytes", 1, u64::MAX)?,
                calls_max: read.number("plugins.calls_max", 1, 1_000)?,
                output_bytes_max: read.number("plugins.output_bytes_max", 1, 1 << 30)?,
            },
            shown: sources.shown(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use crate::Sources;

    fn settings(key: &str, text: &str) -> Result<Settings, String> {
        let variables = [(key.to_owned(), text.to_owned())];
        let nowhere = std::path::Path::new("/nonexistent-site");
        let sources = Sources::read(nowhere, variables).map_err(|it| it.to_string())?;
        Settings::from_sources(&sources).map_err(|it| it.to_string())
    }

    #[test]
    fn the_defaults_are_valid_and_listen_on_this_machine_only() {
        let settings = Settings::from_sources(&Sources::default()).unwrap();
        assert!(settings.server.listen.ip().is_loopback());
        assert_eq!(settings.site.base_url, "http://127.0.0.1:8080");
        assert_eq!(settings.retention, smartcms_app::retention::RetentionSettings::default());
    }

    #[test]
    fn exceptions_for_outgoing_requests_are_an_array_or_have_commas_between_them() {
        let hosts = |text: &str| {
            let settings = settings("SMARTCMS_OUTBOUND_ALLOW", text)?;
            let hosts = settings.outbound_allow.iter();
            Ok::<_, String>(hosts.map(|it| format!("{} {}", it.host, it.port)).collect::<Vec<_>>())
        };
        assert_eq!(hosts("").unwrap(), Vec::<String>::new());
        assert_eq!(hosts("[]").unwrap(), Vec::<String>::new());
        let both = ["127.0.0.1 9000", "hooks.internal 443"];
        assert_eq!(hosts("127.0.0.1:9000, hooks.internal:443").unwrap(), both);
        assert_eq!(hosts(r#"["127.0.0.1:9000", "hooks.internal:443"]"#).unwrap(), both);
        assert_eq!(hosts("[::1]:9000").unwrap(), ["::1 9000"]);
        for bad in ["127.0.0.1", "[1, 2]", "http://a.test:80", "a.test:0", ","] {
            let error = hosts(bad).unwrap_err();
            assert!(error.contains("`outbound.allow` cannot be"), "{bad}: {error}");
        }
    }

    #[test]
    fn a_bad_value_says_where_it_was_set_and_what_it_can_be() {
        assert_eq!(
            settings("SMARTCMS_PLUGINS_CALLS_MAX", "none").unwrap_err(),
            "the environment variable SMARTCMS_PLUGINS_CALLS_MAX: `plugins.calls_max` cannot be `none`: \
             it is a whole number from 1 to 1000"
        );
        assert!(settings("SMARTCMS_PLUGINS_CALLS_MAX", "0").is_err());
        assert!(settings("SMARTCMS_PLUGINS_CALLS_MAX", "1000").is_ok());
        let revisions = |text: &str| settings("SMARTCMS_CONTENT_REVISIONS_MAX", text);
        for good in ["0", "100"] {
            assert!(revisions(good).is_ok(), "{good}");
        }
        for bad in ["1", "99", "1000001"] {
            assert!(revisions(bad).is_err(), "{bad}");
        }
        assert!(settings("SMARTCMS_SITE_BASE_URL", "example.com").is_err());
        assert!(settings("SMARTCMS_SERVER_LISTEN", "localhost").is_err());
    }
}
