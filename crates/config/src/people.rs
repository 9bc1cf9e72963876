//! Settings of signing in: people, mail, and the identity provider.

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

/// How mail is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// On which way.
    pub transport: MailTransport,
    /// From which address; empty for one at the site's own host.
    pub from: String,
    /// Where it is written as files, in the data folder.
    pub folder: String,
    /// The server.
    pub smtp_host: String,
    /// Its port.
    pub smtp_port: u16,
    /// How the connection is protected.
    pub smtp_tls: MailTls,
    /// Who we are there, and our password.
    pub smtp_credentials: Option<(String, String)>,
}

/// The way of mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTransport {
    /// None.
    Off,
    /// Into the log.
    Log,
    /// Into a folder.
    File,
    /// To a server.
    Smtp,
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// From the first byte.
    Always,
    /// By `STARTTLS`.
    StartTls,
    /// Not at all.
    None,
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

// Passwords are in neither: settings are printed when something is wrong with them.
impl std::fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailSettings").field("transport", &self.transport).finish_non_exhaustive()
    }
}

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

    pub(crate) fn mail(&self) -> Result<MailSettings, ConfigError> {
        let text = |key: &str| self.sources.get(key).text.trim().to_owned();
        let transport = self.one_of(
            "mail.transport",
            &[
                ("off", MailTransport::Off),
                ("log", MailTransport::Log),
                ("file", MailTransport::File),
                ("smtp", MailTransport::Smtp),
            ],
        )?;
        let smtp_host = text("mail.smtp_host");
        if transport == MailTransport::Smtp && smtp_host.is_empty() {
            let key = "mail.smtp_host";
            return Err(bad(
                key,
                self.sources.get(key),
                "with `mail.transport` smtp it names a server",
            ));
        }
        let user = text("mail.smtp_user");
        let password = self.sources.get("mail.smtp_password").text;
        Ok(MailSettings {
            transport,
            from: text("mail.from"),
            folder: text("mail.folder"),
            smtp_host,
            smtp_port: self.number("mail.smtp_port", 1, u16::MAX)?,
            smtp_tls: self.one_of(
                "mail.smtp_tls",
                &[
                    ("starttls", MailTls::StartTls),
                    ("tls", MailTls::Always),
                    ("none", MailTls::None),
                ],
            )?,
            smtp_credentials: (!user.is_empty()).then_some((user, password)),
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

    fn one_of<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Result<T, ConfigError> {
        let sourced = self.sources.get(key);
        let chosen = choices.iter().find(|(name, _)| *name == sourced.text.trim());
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let wrong = || bad(key, sourced.clone(), &format!("it is one of {}", names.join(", ")));
        chosen.map(|(_, choice)| *choice).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use smartcms_app::people::PeopleSettings;

    use super::MailTransport;
    use crate::{Settings, Sources};

    fn settings(variables: &[(&str, &str)]) -> Result<Settings, String> {
        let variables = variables.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned()));
        let nowhere = std::path::Path::new("/nonexistent-site");
        let sources = Sources::read(nowhere, variables).map_err(|it| it.to_string())?;
        Settings::from_sources(&sources).map_err(|it| it.to_string())
    }

    #[test]
    fn without_a_word_there_is_no_mail_and_no_provider() {
        let settings = settings(&[]).unwrap();
        assert_eq!(settings.people, PeopleSettings::default());
        assert_eq!(settings.mail.transport, MailTransport::Off);
        assert!(settings.oidc.is_none());
    }

    #[test]
    fn what_lacks_its_other_half_is_refused() {
        let refused = |variables: &[(&str, &str)]| settings(variables).err().unwrap();
        assert!(refused(&[("SMARTCMS_MAIL_TRANSPORT", "smtp")]).contains("mail.smtp_host"));
        assert!(refused(&[("SMARTCMS_MAIL_TRANSPORT", "pigeon")]).contains("off, log, file, smtp"));
        let issuer = [("SMARTCMS_OIDC_ISSUER", "https://id.example.com")];
        assert!(refused(&issuer).contains("oidc.client_id"));
        assert!(refused(&[("SMARTCMS_PEOPLE_HASHES_MAX", "0")]).contains("people.hashes_max"));
    }

    #[test]
    fn no_secret_is_printed_with_the_settings() {
        let settings = settings(&[
            ("SMARTCMS_MAIL_SMTP_USER", "site"),
            ("SMARTCMS_MAIL_SMTP_PASSWORD", "hidden-one"),
            ("SMARTCMS_OIDC_ISSUER", "https://id.example.com"),
            ("SMARTCMS_OIDC_CLIENT_ID", "site"),
            ("SMARTCMS_OIDC_CLIENT_SECRET", "hidden-two"),
        ]);
        assert!(!format!("{:?}", settings.unwrap()).contains("hidden"));
    }
}
