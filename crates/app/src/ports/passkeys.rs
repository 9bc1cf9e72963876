//! Passkeys: what a browser is asked, and whether its answer proves anything.

use super::{PasskeyRecord, UserRecord};

/// Asks browsers for passkeys, and checks what they answer. What it asks and is answered is the JSON of WebAuthn.
pub trait Passkeys: Send + Sync {
    /// Whether this site can have passkeys: browsers bind them to a host with a name.
    fn is_available(&self) -> bool;

    /// What a browser is asked so that it makes a passkey for somebody who has these already.
    fn ask_new(
        &self,
        user: &UserRecord,
        known: &[PasskeyRecord],
    ) -> Result<PasskeyChallenge, PasskeyError>;

    /// The passkey that a browser made.
    fn check_new(&self, state: &str, answer: &str) -> Result<MadePasskey, PasskeyError>;

    /// What a browser is asked so that somebody who has not said who they are signs in.
    fn ask_any(&self) -> Result<PasskeyChallenge, PasskeyError>;

    /// The id of the passkey that a browser answered with. Nothing is proved by it.
    fn claimed(&self, answer: &str) -> Result<Vec<u8>, PasskeyError>;

    /// Whether the answer was made with this passkey; what the passkey became by that.
    fn check(&self, state: &str, answer: &str, credential: &str) -> Result<String, PasskeyError>;
}

/// A question to a browser.
#[derive(Clone, PartialEq, Eq)]
pub struct PasskeyChallenge {
    /// For the browser, as JSON.
    pub question: String,
    /// What the answer is checked with; never for the browser.
    pub state: String,
}

/// A new passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadePasskey {
    /// The credential id.
    pub id: Vec<u8>,
    /// The public key and what belongs to it.
    pub credential: String,
}

/// A passkey was not asked for, or not accepted.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// The site has no host with a name.
    #[error("this site can have no passkeys: its address has no host name")]
    Unavailable,
    /// The answer proves nothing.
    #[error("the answer of the browser does not fit")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// For sites without passkeys.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPasskeys;

impl Passkeys for NoPasskeys {
    fn is_available(&self) -> bool {
        false
    }

    fn ask_new(
        &self,
        _: &UserRecord,
        _: &[PasskeyRecord],
    ) -> Result<PasskeyChallenge, PasskeyError> {
        Err(PasskeyError::Unavailable)
    }

    fn check_new(&self, _: &str, _: &str) -> Result<MadePasskey, PasskeyError> {
        Err(PasskeyError::Unavailable)
    }

    fn ask_any(&self) -> Result<PasskeyChallenge, PasskeyError> {
        Err(PasskeyError::Unavailable)
    }

    fn claimed(&self, _: &str) -> Result<Vec<u8>, PasskeyError> {
        Err(PasskeyError::Unavailable)
    }

    fn check(&self, _: &str, _: &str, _: &str) -> Result<String, PasskeyError> {
        Err(PasskeyError::Unavailable)
    }
}
