//! What of the settings the portable build has: the build itself and whoever writes a manifest for it go by this.

use crate::mail::MailTransport;
use crate::settings::Settings;

/// Keys, and beginnings of keys that end with a dot, of settings that change nothing in the portable build.
const WITHOUT_EFFECT: &[&str] = &[
    // The host listens, and tells nobody who asks.
    "server.",
    "api.address_requests_per_minute",
    "people.address_attempts",
    // Not there, or off: what turns them on is refused by `missing_in_portable`.
    "keys.",
    "mail.folder",
    "mail.smtp_host",
    "mail.smtp_port",
    "mail.smtp_tls",
    "mail.smtp_user",
    "mail.smtp_password",
    "oidc.",
    "models.",
    "plugins.",
    "ai.fallback",
    // Images are not decoded.
    "media.decoders_max",
];

/// What a site is set to that the portable build does not have: a sentence for each, which begins with the setting.
#[must_use]
pub fn missing_in_portable(settings: &Settings) -> Vec<&'static str> {
    let models = &settings.models;
    let found = [
        (
            matches!(settings.mail.transport, MailTransport::Smtp | MailTransport::File),
            "`mail.transport` has to be http, log or off: there are no connections and folders for smtp and file, and http \
             sends through a service or a relay",
        ),
        (
            settings.shared_keys.is_some(),
            "`keys.listen` has to be empty: nothing but the site is offered there",
        ),
        (
            settings.oidc.is_some(),
            "`oidc.issuer` has to be empty: nobody signs in by an identity provider",
        ),
        (
            models.text.is_some() || models.embeddings.is_some(),
            "`models` has to be empty: there are no plugins that bring models",
        ),
        (models.images.is_some(), "`models.images` has to be empty: images are kept as they are"),
    ];
    found.into_iter().filter(|(is_set, _)| *is_set).map(|(_, reason)| reason).collect()
}

/// Whether a setting changes anything in the portable build.
#[must_use]
pub fn has_effect_in_portable(key: &str) -> bool {
    let named = |it: &&str| if it.ends_with('.') { key.starts_with(*it) } else { key == *it };
    !WITHOUT_EFFECT.iter().any(named)
}

#[cfg(test)]
mod tests {
    use super::{WITHOUT_EFFECT, has_effect_in_portable, missing_in_portable};
    use crate::{SETTINGS, Settings, Sources};

    fn settings(variables: &[(&str, &str)]) -> Settings {
        let owned = variables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Settings::from_sources(&Sources::of_variables(owned).unwrap()).unwrap()
    }

    #[test]
    fn a_site_that_says_nothing_misses_nothing() {
        assert!(missing_in_portable(&settings(&[])).is_empty());
    }

    #[test]
    fn everything_that_is_missing_is_named_by_its_setting() {
        let found = missing_in_portable(&settings(&[
            ("SMARTCMS_MAIL_TRANSPORT", "file"),
            ("SMARTCMS_MODELS_TEXT", "local/tiny"),
            ("SMARTCMS_MODELS_IMAGES", "local/tiny"),
        ]));
        let named: Vec<&str> = found.iter().filter_map(|it| it.split('`').nth(1)).collect();
        assert_eq!(named, ["mail.transport", "models", "models.images"]);
    }

    #[test]
    fn mail_goes_over_http_or_into_the_log() {
        let transport = |word: &str| {
            missing_in_portable(&settings(&[
                ("SMARTCMS_MAIL_TRANSPORT", word),
                ("SMARTCMS_MAIL_SMTP_HOST", "mail.example.com"),
                ("SMARTCMS_MAIL_HTTP_ADDRESS", "https://mail.example.com/emails"),
            ]))
        };
        for word in ["off", "log", "http"] {
            assert!(transport(word).is_empty(), "{word}");
        }
        for word in ["smtp", "file"] {
            assert!(transport(word).concat().contains("http"), "{word}");
        }
    }

    #[test]
    fn each_line_of_the_table_is_about_a_setting_that_there_is() {
        for line in WITHOUT_EFFECT {
            let is_meant =
                |key: &str| key == *line || (line.ends_with('.') && key.starts_with(line));
            assert!(SETTINGS.iter().any(|it| is_meant(it.key)), "{line}");
        }
        for key in ["site.title", "people.owner_token", "ai.model", "media.pixels_max", "stories"]
            .into_iter()
            .chain(["mail.transport", "mail.from", "mail.http_address", "mail.http_key"])
        {
            assert!(has_effect_in_portable(key), "{key}");
        }
        for key in ["server.listen", "mail.smtp_host", "ai.fallback", "media.decoders_max"] {
            assert!(!has_effect_in_portable(key), "{key}");
        }
    }
}
