//! Settings of signing in: people, and the identity provider.

use std::time::Duration;

use smartcms_app::people::PeopleSettings;
use smartcms_app::tokens::{TOKEN_PREFIX, is_strong};
use smartcms_domain::people::SecretText;

use crate::error::ConfigError;
use crate::reader::{Reader, bad};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How many passwords are checked at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashLimitSettings {
    /// At once.
    pub hashes_max: usize,
    /// Waiting.
    pub queue_max: usize,
}

/// An identity provider.
#[derive(Clone, PartialEq, Eq)]
pub struct OidcSettings {
    /// Its address.
    pub issuer: String,
    /// Who we are there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: String,
    /// What people know it as.
    pub name: String,
}

// The secret is not in it: settings are printed when something is wrong with them.
impl std::fmt::Debug for OidcSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OidcSettings").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Reader<'_> {
    pub(crate) fn people(&self) -> Result<PeopleSettings, ConfigError> {
        let times = |key: &str, unit: u64, max: u64| {
            Ok::<_, ConfigError>(Duration::from_secs(self.number(key, 1, max)? * unit))
        };
        Ok(PeopleSettings {
            session_idle: times("people.session_idle_hours", HOUR, 24 * 366)?,
            session_lifetime: times("people.session_days", DAY, 366)?,
            reset_lifetime: times("people.reset_minutes", MINUTE, 24 * 60)?,
            invitation_lifetime: times("people.invitation_days", DAY, 90)?,
            address_attempts: self.number("people.address_attempts", 1, 100_000)?,
            account_attempts: self.number("people.account_attempts", 1, 100_000)?,
        })
    }

    /// A secret of the operator's own making, where there is one.
    pub(crate) fn strong_secret(&self, key: &str) -> Result<Option<SecretText>, ConfigError> {
        let mut sourced = self.sources.get(key);
        if sourced.text.is_empty() {
            return Ok(None);
        }
        if !is_strong(&sourced.text) {
            // What it is set to may be most of a secret.
            sourced.text = "what it is set to".to_owned();
            let reason = format!("it is {TOKEN_PREFIX} and then 32 to 90 letters, digits, - and _");
            return Err(bad(key, sourced, &reason));
        }
        Ok(Some(SecretText::new(&sourced.text)))
    }

    pub(crate) fn hashes(&self) -> Result<HashLimitSettings, ConfigError> {
        Ok(HashLimitSettings {
            hashes_max: self.number("people.hashes_max", 1, 256)?,
            queue_max: self.number("people.hash_queue_max", 0, 10_000)?,
        })
    }

    pub(crate) fn oidc(&self) -> Result<Option<OidcSettings>, ConfigError> {
        let text = |key: &str| self.sources.get(key).text.trim().to_owned();
        let (issuer, client_id) = (text("oidc.issuer"), text("oidc.client_id"));
        if issuer.is_empty() {
            return Ok(None);
        }
        if client_id.is_empty() {
            let key = "oidc.client_id";
            return Err(bad(
                key,
                self.sources.get(key),
                "the identity provider gives one to each site",
            ));
        }
        let name = Some(text("oidc.name")).filter(|it| !it.is_empty());
        Ok(Some(OidcSettings {
            name: name.unwrap_or_else(|| issuer.clone()),
            client_secret: text("oidc.client_secret"),
            issuer,
            client_id,
        }))
    }
}

#[cfg(test)]
mod tests {
    use smartcms_app::people::PeopleSettings;

    use crate::{Settings, Sources};

    fn settings(variables: &[(&str, &str)]) -> Result<Settings, String> {
        let variables = variables.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned()));
        let nowhere = std::path::Path::new("/nonexistent-site");
        let sources = Sources::read(nowhere, variables).map_err(|it| it.to_string())?;
        Settings::from_sources(&sources).map_err(|it| it.to_string())
    }

    #[test]
    fn without_a_word_there_is_no_provider() {
        let settings = settings(&[]).unwrap();
        assert_eq!(settings.people, PeopleSettings::default());
        assert!(settings.oidc.is_none());
    }

    #[test]
    fn what_lacks_its_other_half_is_refused() {
        let refused = |variables: &[(&str, &str)]| settings(variables).err().unwrap();
        let issuer = [("SMARTCMS_OIDC_ISSUER", "https://id.example.com")];
        assert!(refused(&issuer).contains("oidc.client_id"));
        assert!(refused(&[("SMARTCMS_PEOPLE_HASHES_MAX", "0")]).contains("people.hashes_max"));
    }

    #[test]
    fn no_secret_is_printed_with_the_settings() {
        let settings = settings(&[
            ("SMARTCMS_OIDC_ISSUER", "https://id.example.com"),
            ("SMARTCMS_OIDC_CLIENT_ID", "site"),
            ("SMARTCMS_OIDC_CLIENT_SECRET", "hidden"),
        ]);
        assert!(!format!("{:?}", settings.unwrap()).contains("hidden"));
    }
}
