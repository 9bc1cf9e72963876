//! Mail to people.

use std::error::Error;

use async_trait::async_trait;
use smartcms_domain::people::EmailAddress;
use uuid::Uuid;

/// Sends mail.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Takes a message over. It is sent after this answers: how long that takes tells nobody whether somebody has an
    /// account. What cannot be sent is tried again for a while and then logged.
    async fn send(&self, mail: Mail) -> Result<(), MailError>;

    /// Whether mail reaches people, and is not just written down here.
    fn reaches_people(&self) -> bool;
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Names the message: what is sent again has the same name, so that it arrives once.
    pub id: Uuid,
    /// To whom.
    pub to: EmailAddress,
    /// What it is called.
    pub subject: String,
    /// What it says, as plain text.
    pub text: String,
}

/// A message was not taken over.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Not now; later the same message may be.
    #[error("could not take over a message")]
    NotNow(#[source] Box<dyn Error + Send + Sync>),
    /// And it would not be, however often it was tried.
    #[error("a message was refused")]
    Refused(#[source] Box<dyn Error + Send + Sync>),
}

/// For sites without mail: what is to be sent is dropped.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMailer;

#[async_trait]
impl Mailer for NoMailer {
    async fn send(&self, _: Mail) -> Result<(), MailError> {
        Ok(())
    }

    fn reaches_people(&self) -> bool {
        false
    }
}
