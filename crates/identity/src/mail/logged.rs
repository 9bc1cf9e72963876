//! Mail into the log: for development.

use async_trait::async_trait;
use smartcms_app::ports::{Mail, MailError, Mailer};

/// Writes messages into the log. Links in mails stand in the log then.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoggedMail;

#[async_trait]
impl Mailer for LoggedMail {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        tracing::info!(subject = mail.subject, text = mail.text, "a mail would be sent");
        Ok(())
    }

    fn reaches_people(&self) -> bool {
        false
    }
}
