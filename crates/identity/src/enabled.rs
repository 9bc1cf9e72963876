//! What needs sockets, or code that is not Rust: not there in WebAssembly.

#[cfg(not(target_family = "wasm"))]
mod mail;
#[cfg(not(target_family = "wasm"))]
mod passkeys;
#[cfg(not(target_family = "wasm"))]
mod providers;

#[cfg(not(target_family = "wasm"))]
pub use self::{
    mail::{
        MailSettings, MailSetupError, MailTransport, MailWay, QueuedMailer, SmtpSettings, SmtpTls,
    },
    passkeys::WebauthnPasskeys,
    providers::{OidcProvider, OidcSettings, OidcSetupError},
};
