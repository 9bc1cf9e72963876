//! Mail that is kept to be looked at.

use std::sync::Mutex;

use async_trait::async_trait;
use smartcms_app::ports::{Mail, MailError, Mailer};

/// Keeps what would be sent.
#[derive(Debug, Default)]
pub struct Mailbox {
    mails: Mutex<Vec<Mail>>,
}

impl Mailbox {
    /// What was sent so far, the oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        self.mails.lock().unwrap().push(mail);
        Ok(())
    }

    fn reaches_people(&self) -> bool {
        true
    }
}
