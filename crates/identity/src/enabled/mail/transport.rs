//! Ways of a message that need sockets or a folder.

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use smartcms_app::ports::{Mail, MailError, Mailer};

use crate::mail::Sender;

/// How long one conversation with a server may take.
const SMTP_TIMEOUT: Duration = Duration::from_secs(20);

/// How mail is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// From whom.
    pub sender: Sender,
    /// On which way.
    pub way: MailWay,
}

/// The way of a message.
#[derive(Clone, PartialEq, Eq)]
pub enum MailWay {
    /// To a server.
    Smtp(SmtpSettings),
    /// Into a folder, one file each: for development.
    Folder(PathBuf),
}

/// A mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: SmtpTls,
    /// Who we are there, and our password.
    pub credentials: Option<(String, String)>,
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// From the first byte.
    Always,
    /// By `STARTTLS`; a server that does not offer it gets nothing.
    StartTls,
    /// Not at all: for a server on this machine.
    None,
}

/// Mail cannot be sent as it is set.
#[derive(Debug, thiserror::Error)]
pub enum MailSetupError {
    /// The address of the sender is none.
    #[error("`{0}` cannot be the sender of mail")]
    From(String),
    /// The server cannot be used.
    #[error("the mail server `{host}` cannot be used")]
    Server {
        /// Which.
        host: String,
        /// Why.
        #[source]
        source: lettre::transport::smtp::Error,
    },
    /// A password would go over the network for all to read.
    #[error("a mail server without TLS gets no password; set `mail.smtp_tls` to starttls or tls")]
    PasswordInTheClear,
}

/// Sends messages at once.
pub struct MailTransport {
    from: Mailbox,
    way: Way,
}

enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl SmtpSettings {
    fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailSetupError> {
        type Smtp = AsyncSmtpTransport<Tokio1Executor>;
        let refused = |source| MailSetupError::Server { host: self.host.clone(), source };
        let builder = match self.tls {
            SmtpTls::Always => Smtp::relay(&self.host).map_err(refused)?,
            SmtpTls::StartTls => Smtp::starttls_relay(&self.host).map_err(refused)?,
            SmtpTls::None => Smtp::builder_dangerous(&self.host),
        };
        let mut builder = builder.port(self.port).timeout(Some(SMTP_TIMEOUT));
        if let Some((name, password)) = self.credentials.clone() {
            if self.tls == SmtpTls::None {
                return Err(MailSetupError::PasswordInTheClear);
            }
            builder = builder.credentials(Credentials::new(name, password));
        }
        Ok(builder.build())
    }
}

impl MailTransport {
    /// Checks the settings. Nothing is connected to yet.
    pub fn new(settings: MailSettings) -> Result<Self, MailSetupError> {
        let MailSettings { sender, way } = settings;
        let address = sender.address.parse::<Address>();
        let address = address.map_err(|_| MailSetupError::From(sender.address))?;
        let way = match way {
            MailWay::Smtp(smtp) => Way::Smtp(smtp.transport()?),
            MailWay::Folder(folder) => Way::Folder(folder),
        };
        Ok(Self { from: Mailbox::new(Some(sender.name), address), way })
    }

    fn message(&self, mail: &Mail) -> Result<Message, MailError> {
        let to: Address = mail.to.as_str().parse().map_err(failed)?;
        let builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject.clone())
            .message_id(None)
            .header(ContentType::TEXT_PLAIN);
        builder.body(mail.text.clone()).map_err(failed)
    }
}

#[async_trait]
impl Mailer for MailTransport {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let message = self.message(&mail)?;
        match &self.way {
            Way::Smtp(smtp) => smtp.send(message).await.map(drop).map_err(failed),
            Way::Folder(folder) => write(folder, &message).await.map_err(failed),
        }
    }

    fn reaches_people(&self) -> bool {
        matches!(self.way, Way::Smtp(_))
    }
}

/// One file for each message, the newest last by name. Only the owner of the process reads them: they hold links.
async fn write(folder: &Path, message: &Message) -> std::io::Result<()> {
    let (folder, bytes) = (folder.to_owned(), message.formatted());
    let work = move || {
        std::fs::create_dir_all(&folder)?;
        let last = std::fs::read_dir(&folder)?.filter_map(Result::ok).filter_map(|it| {
            let name = it.file_name();
            name.to_str()?.strip_suffix(".eml")?.parse::<u64>().ok()
        });
        let mut number = last.max().unwrap_or_default() + 1;
        loop {
            let path = folder.join(format!("{number:06}.eml"));
            match owned(&path) {
                Ok(mut file) => return std::io::Write::write_all(&mut file, &bytes),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        }
    };
    tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)?
}

fn owned(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> MailError {
    MailError::NotNow(Box::new(error))
}
