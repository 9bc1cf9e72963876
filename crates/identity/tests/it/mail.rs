//! Mail waits for nobody, and nobody waits for mail.

use std::sync::Arc;

use async_trait::async_trait;
use smartcms_app::ports::{Mail, MailError, Mailer};
use smartcms_domain::people::EmailAddress;
use smartcms_identity::QueuedMailer;
use tokio::sync::{Notify, mpsc};
use uuid::Uuid;

/// A server that takes nothing until it is told to.
struct Slow {
    may: Arc<Notify>,
    sent: mpsc::UnboundedSender<String>,
}

#[async_trait]
impl Mailer for Slow {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        self.may.notified().await;
        self.sent.send(mail.subject).unwrap();
        Ok(())
    }

    fn reaches_people(&self) -> bool {
        true
    }
}

pub(crate) fn mail(subject: &str) -> Mail {
    let to = EmailAddress::parse("ada@example.com").unwrap();
    Mail { id: Uuid::nil(), to, subject: subject.to_owned(), text: String::new() }
}

#[tokio::test]
async fn a_message_is_taken_over_before_it_is_sent() {
    let may = Arc::new(Notify::new());
    let (sent, mut arrived) = mpsc::unbounded_channel();
    let queue = QueuedMailer::start(Arc::new(Slow { may: Arc::clone(&may), sent }));
    assert!(queue.reaches_people());
    queue.send(mail("one")).await.unwrap();
    queue.send(mail("two")).await.unwrap();
    assert!(arrived.try_recv().is_err(), "nothing is sent yet");
    for expected in ["one", "two"] {
        may.notify_one();
        assert_eq!(arrived.recv().await.as_deref(), Some(expected));
    }
}

#[tokio::test]
async fn more_than_can_wait_is_refused() {
    let (sent, _arrived) = mpsc::unbounded_channel();
    let queue = QueuedMailer::start(Arc::new(Slow { may: Arc::new(Notify::new()), sent }));
    let mut refused = 0;
    for _ in 0..1_100 {
        refused += u32::from(queue.send(mail("flood")).await.is_err());
    }
    assert!((99..=100).contains(&refused), "{refused}");
}
