//! Settings of mail.

use crate::error::ConfigError;
use crate::reader::{Reader, bad};

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
    /// Where it is posted.
    pub http_address: String,
    /// What says there who asks.
    pub http_key: Option<String>,
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
    /// To a service, over HTTP.
    Http,
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

// Neither the password nor the key is in it: settings are printed when something is wrong with them.
impl std::fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailSettings").field("transport", &self.transport).finish_non_exhaustive()
    }
}

/// What `mail.transport` can be.
const TRANSPORTS: [(&str, MailTransport); 5] = [
    ("off", MailTransport::Off),
    ("log", MailTransport::Log),
    ("file", MailTransport::File),
    ("smtp", MailTransport::Smtp),
    ("http", MailTransport::Http),
];
/// What `mail.smtp_tls` can be.
const TLS: [(&str, MailTls); 3] =
    [("starttls", MailTls::StartTls), ("tls", MailTls::Always), ("none", MailTls::None)];

impl Reader<'_> {
    pub(crate) fn mail(&self) -> Result<MailSettings, ConfigError> {
        let text = |key: &str| self.sources.get(key).text.trim().to_owned();
        let transport = self.one_of("mail.transport", &TRANSPORTS)?;
        let smtp_host = text("mail.smtp_host");
        if transport == MailTransport::Smtp && smtp_host.is_empty() {
            let key = "mail.smtp_host";
            let reason = "with `mail.transport` smtp it names a server";
            return Err(bad(key, self.sources.get(key), reason));
        }
        let http_address = text("mail.http_address");
        if transport == MailTransport::Http {
            self.check_http_address(&http_address)?;
        }
        let user = text("mail.smtp_user");
        let password = self.sources.get("mail.smtp_password").text;
        Ok(MailSettings {
            transport,
            from: text("mail.from"),
            folder: text("mail.folder"),
            smtp_host,
            smtp_port: self.number("mail.smtp_port", 1, u16::MAX)?,
            smtp_tls: self.one_of("mail.smtp_tls", &TLS)?,
            smtp_credentials: (!user.is_empty()).then_some((user, password)),
            http_address,
            http_key: Some(text("mail.http_key")).filter(|it| !it.is_empty()),
        })
    }

    /// A secret in the address would be shown with it, and stand in logs: the key has a setting of its own.
    fn check_http_address(&self, address: &str) -> Result<(), ConfigError> {
        let key = "mail.http_address";
        let is_address = ["http://", "https://"].iter().any(|it| address.starts_with(it));
        if is_address && !address.contains(['@', '?', '#']) {
            return Ok(());
        }
        let reason = "with `mail.transport` http it is where mail is posted, like https://mail.example.com/emails, \
                      without a name, query or fragment";
        let mut sourced = self.sources.get(key);
        if is_address {
            // What is refused in it may be a secret.
            sourced.text = "what it is set to".to_owned();
        }
        Err(bad(key, sourced, reason))
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
    use super::MailTransport;
    use crate::{Settings, Sources};

    fn settings(variables: &[(&str, &str)]) -> Result<Settings, String> {
        let variables = variables.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned()));
        let sources = Sources::of_variables(variables).map_err(|it| it.to_string())?;
        Settings::from_sources(&sources).map_err(|it| it.to_string())
    }

    #[test]
    fn without_a_word_there_is_no_mail() {
        assert_eq!(settings(&[]).unwrap().mail.transport, MailTransport::Off);
    }

    #[test]
    fn a_transport_that_lacks_its_other_half_is_refused() {
        let refused = |variables: &[(&str, &str)]| settings(variables).err().unwrap();
        assert!(refused(&[("SMARTCMS_MAIL_TRANSPORT", "smtp")]).contains("mail.smtp_host"));
        assert!(refused(&[("SMARTCMS_MAIL_TRANSPORT", "http")]).contains("mail.http_address"));
        let pigeon = refused(&[("SMARTCMS_MAIL_TRANSPORT", "pigeon")]);
        assert!(pigeon.contains("off, log, file, smtp, http"), "{pigeon}");
    }

    #[test]
    fn an_address_to_post_to_has_no_place_for_secrets() {
        let read = |address: &str| {
            let http = ("SMARTCMS_MAIL_TRANSPORT", "http");
            settings(&[http, ("SMARTCMS_MAIL_HTTP_ADDRESS", address)]).map(|it| it.mail)
        };
        for good in ["https://mail.example.com/emails", "http://127.0.0.1:8025"] {
            assert_eq!(read(good).unwrap().http_address, good);
        }
        for bad in [
            "mail.example.com",
            "smtp://mail.example.com",
            "https://me:hidden@mail.example.com",
            "https://mail.example.com/?key=hidden",
            "https://mail.example.com/#hidden",
        ] {
            let error = read(bad).unwrap_err();
            assert!(error.contains("`mail.http_address` cannot be"), "{error}");
            assert!(!error.contains("hidden"), "{error}");
        }
    }

    #[test]
    fn no_secret_is_printed_with_the_settings() {
        let settings = settings(&[
            ("SMARTCMS_MAIL_SMTP_USER", "site"),
            ("SMARTCMS_MAIL_SMTP_PASSWORD", "hidden-one"),
            ("SMARTCMS_MAIL_HTTP_KEY", "hidden-two"),
        ]);
        let settings = settings.unwrap();
        assert_eq!(settings.mail.http_key.as_deref(), Some("hidden-two"));
        assert!(!format!("{settings:?}").contains("hidden"));
    }
}
