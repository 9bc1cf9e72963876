//! Mail that every build can send: over HTTP, or into the log. What needs sockets or folders is in `enabled`.

mod answer;
mod http;
mod logged;
mod sender;
mod waiting;

use std::time::Duration;

use smartcms_app::ports::MailError;
use smartcms_domain::with_causes;

pub use self::http::{HttpMail, HttpMailSettings, HttpMailSetupError};
pub use self::logged::LoggedMail;
pub use self::sender::Sender;
pub use self::waiting::WaitingMail;

/// How many messages wait at most.
pub(crate) const QUEUE_LEN_MAX: usize = 1_000;
/// When what was not sent is tried again.
pub(crate) const AGAIN_AFTER: [Duration; 4] = [
    Duration::from_secs(2),
    Duration::from_secs(20),
    Duration::from_secs(120),
    Duration::from_secs(600),
];

#[derive(Debug, thiserror::Error)]
#[error("{QUEUE_LEN_MAX} messages wait already")]
struct Full;

/// There is no more room for a message.
pub(crate) fn full() -> MailError {
    MailError::NotNow(Box::new(Full))
}

/// Tells that a message was not sent; whether it is worth another try.
pub(crate) fn is_for_later(error: &MailError) -> bool {
    match error {
        MailError::NotNow(_) => {
            tracing::warn!(error = with_causes(error), "a mail was not sent");
            true
        }
        MailError::Refused(_) => {
            tracing::error!(
                error = with_causes(error),
                "a mail was given up at once; look at the settings below `mail`"
            );
            false
        }
    }
}

/// Tells that a message was tried often enough.
pub(crate) fn gave_up() {
    tracing::error!("a mail was given up; look at the settings below `mail`");
}
