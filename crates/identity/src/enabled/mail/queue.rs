//! Messages that are sent after the request that asked for them was answered.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use smartcms_app::ports::{Mail, MailError, Mailer};
use tokio::sync::mpsc;

/// How many messages wait at most.
const QUEUE_LEN_MAX: usize = 1_000;
/// When what was not sent is tried again.
const AGAIN_AFTER: [Duration; 4] = [
    Duration::from_secs(2),
    Duration::from_secs(20),
    Duration::from_secs(120),
    Duration::from_secs(600),
];

/// Takes messages over and sends them one after the other. They wait in memory: a server that stops loses those that are
/// not sent yet, and whoever waits for one asks again.
pub struct QueuedMailer {
    queue: mpsc::Sender<Mail>,
    reaches_people: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("{QUEUE_LEN_MAX} messages wait already")]
struct Full;

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
        self.queue.try_send(mail).map_err(|_| MailError(Box::new(Full)))
    }

    fn reaches_people(&self) -> bool {
        self.reaches_people
    }
}

async fn send_all(way: Arc<dyn Mailer>, mut waiting: mpsc::Receiver<Mail>) {
    while let Some(mail) = waiting.recv().await {
        let first = way.send(mail.clone()).await;
        if let Err(error) = first {
            tracing::warn!(error = &error as &dyn Error, "a mail was not sent, and is tried again");
            // What comes after it does not wait for it.
            tokio::spawn(send_again(Arc::clone(&way), mail));
        }
    }
}

async fn send_again(way: Arc<dyn Mailer>, mail: Mail) {
    for pause in AGAIN_AFTER {
        tokio::time::sleep(pause).await;
        match way.send(mail.clone()).await {
            Ok(()) => return,
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "a mail was not sent again");
            }
        }
    }
    tracing::error!("a mail was given up; look at the settings below `mail`");
}
