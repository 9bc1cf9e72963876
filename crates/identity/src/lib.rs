//! What signing in stands on and is native: slow hashes of passwords, mail, passkeys, and identity providers.
//!
//! The rules and operations are in `app`; here are the adapters of the ports that they use.
#![deny(missing_docs)]

mod mail;
mod passkeys;
mod passwords;
mod providers;

pub use mail::{
    MailSettings, MailSetupError, MailTransport, MailWay, QueuedMailer, SmtpSettings, SmtpTls,
};
pub use passkeys::WebauthnPasskeys;
pub use passwords::{Argon2Hasher, HashSettings};
pub use providers::{OidcProvider, OidcSettings, OidcSetupError};
