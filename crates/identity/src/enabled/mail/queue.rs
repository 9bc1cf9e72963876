//! Messages that are sent after the request that asked for them was answered.

use std::sync::Arc;

use async_trait::async_trait;
use smartcms_app::ports::{Mail, MailError, Mailer};
use tokio::sync::mpsc;

use crate::mail::{AGAIN_AFTER, QUEUE_LEN_MAX, full, gave_up, is_for_later};

/// Takes messages over and sends them one after the other. They wait in memory: a server that stops loses those that are
/// not sent yet, and whoever waits for one asks again.
pub struct QueuedMailer {
    queue: mpsc::Sender<Mail>,
    reaches_people: bool,
}

impl QueuedMailer {
    /// Sends on this way, from a task of the runtime it is called in.
    pub fn start(way: Arc<dyn Mailer>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE_LEN_MAX);
        let reaches_people = way.reaches_people();
        tokio::spawn(send_all(way, waiting));
        Self { queue, reaches_people }
    }
}

#[async_trait]
impl Mailer for QueuedMailer {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        self.queue.try_send(mail).map_err(|_| full())
    }

    fn reaches_people(&self) -> bool {
        self.reaches_people
    }
}

async fn send_all(way: Arc<dyn Mailer>, mut waiting: mpsc::Receiver<Mail>) {
    while let Some(mail) = waiting.recv().await {
        let first = way.send(mail.clone()).await;
        if first.is_err_and(|error| is_for_later(&error)) {
            // What comes after it does not wait for it.
            tokio::spawn(send_again(Arc::clone(&way), mail));
        }
    }
}

async fn send_again(way: Arc<dyn Mailer>, mail: Mail) {
    for pause in AGAIN_AFTER {
        tokio::time::sleep(pause).await;
        match way.send(mail.clone()).await {
            Err(error) if is_for_later(&error) => {}
            _ => return,
        }
    }
    gave_up();
}
