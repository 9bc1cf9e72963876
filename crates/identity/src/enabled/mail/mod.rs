//! Mail: by SMTP, into a folder, or into the log.

mod queue;
mod transport;

pub use queue::QueuedMailer;
pub use transport::{MailSettings, MailSetupError, MailTransport, MailWay, SmtpSettings, SmtpTls};
