//! Messages that wait for whoever sends them: for a build that runs while it answers requests and no longer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use smartcms_app::ports::{Mail, MailError, Mailer};

use super::{AGAIN_AFTER, QUEUE_LEN_MAX, full, gave_up, is_for_later};

/// How many messages are sent after one request.
const SENT_AT_ONCE_MAX: usize = 8;

/// Takes messages over, and sends them when it is told to. They wait in memory, and are lost with it: a message has a link
/// whose secret is stored nowhere else than as a hash, and whoever waits for one asks again.
pub struct WaitingMail {
    way: Arc<dyn Mailer>,
    waiting: Mutex<Vec<Waiting>>,
}

struct Waiting {
    mail: Mail,
    /// How often it was tried.
    tries: usize,
    /// Not before this time, in seconds since 1970.
    next_at: u64,
}

impl WaitingMail {
    /// Sends on this way.
    #[must_use]
    pub fn new(way: Arc<dyn Mailer>) -> Self {
        Self { way, waiting: Mutex::new(Vec::new()) }
    }

    /// Whether anything waits, due or not.
    #[must_use]
    pub fn has_any(&self) -> bool {
        !self.waiting().is_empty()
    }

    /// Sends what is due at this time, in seconds since 1970. What cannot be sent waits for a call after its next pause.
    pub async fn send_due(&self, now: u64) {
        for mut due in self.take_due(now) {
            let Err(error) = self.way.send(due.mail.clone()).await else { continue };
            if !is_for_later(&error) {
                continue;
            }
            let Some(pause) = AGAIN_AFTER.get(due.tries) else {
                gave_up();
                continue;
            };
            due.tries += 1;
            due.next_at = now.saturating_add(pause.as_secs());
            self.waiting().push(due);
        }
    }

    /// Out of those that wait: whoever asks meanwhile sends others.
    fn take_due(&self, now: u64) -> Vec<Waiting> {
        let mut waiting = self.waiting();
        let (due, later): (Vec<_>, Vec<_>) = waiting.drain(..).partition(|it| it.next_at <= now);
        let mut due = due.into_iter();
        let taken = due.by_ref().take(SENT_AT_ONCE_MAX).collect();
        waiting.extend(due.chain(later));
        taken
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mailer for WaitingMail {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let mut waiting = self.waiting();
        if waiting.len() >= QUEUE_LEN_MAX {
            return Err(full());
        }
        waiting.push(Waiting { mail, tries: 0, next_at: 0 });
        Ok(())
    }

    fn reaches_people(&self) -> bool {
        self.way.reaches_people()
    }
}
