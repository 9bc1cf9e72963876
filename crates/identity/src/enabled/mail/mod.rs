//! Mail by SMTP or into a folder, and a queue with a task of its own.

mod queue;
mod transport;

pub use queue::QueuedMailer;
pub use transport::{MailSettings, MailSetupError, MailTransport, MailWay, SmtpSettings, SmtpTls};
