//! Making a token.

use std::fmt::Write;

use smartcms_domain::Timestamp;
use smartcms_domain::actors::Role;

use super::TOKEN_PREFIX;
use crate::ports::{StoreError, TokenRecord};
use crate::{App, Fault, FaultKind};

/// The longest name of a token, in bytes.
pub const TOKEN_NAME_LEN_MAX: usize = 64;

/// A new token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateToken {
    /// What its owner calls it; unique.
    pub name: String,
    /// What its bearer may do.
    pub role: Role,
    /// From when it is refused.
    pub expires_at: Option<Timestamp>,
}

/// Why a token was not made, or not taken away.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The name cannot be used.
    #[error("`{0}` is not a name for a token: 1 to {TOKEN_NAME_LEN_MAX} printable characters")]
    BadName(String),
    /// Another token has the name.
    #[error("there is a token `{0}` already")]
    NameTaken(String),
    /// No token has the name.
    #[error("there is no token `{0}`")]
    Unknown(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fault for TokenError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::BadName(_) => FaultKind::Invalid,
            Self::NameTaken(_) => FaultKind::Conflict,
            Self::Unknown(_) => FaultKind::NotFound,
            Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::BadName(_) => "token.bad-name",
            Self::NameTaken(_) => "token.name-taken",
            Self::Unknown(_) => "token.unknown",
            Self::Store(_) => "store.unavailable",
        }
    }

    fn hint(&self) -> Option<String> {
        let taken = matches!(self, Self::NameTaken(_));
        taken.then(|| {
            "choose another name, or take that one away with `smartcms token revoke`".to_owned()
        })
    }
}

/// Makes a token and answers its secret, which cannot be read again. The caller is the operator: tokens are
/// made at the command line only.
pub async fn create_token(app: &App, command: CreateToken) -> Result<String, TokenError> {
    let named = (1..=TOKEN_NAME_LEN_MAX).contains(&command.name.len());
    if !named || command.name.chars().any(char::is_control) {
        return Err(TokenError::BadName(command.name));
    }
    let secret = secret_text(&app.randomness.secret());
    let record = TokenRecord {
        name: command.name.clone(),
        role: command.role,
        hash: *blake3::hash(secret.as_bytes()).as_bytes(),
        created_at: app.clock.now(),
        expires_at: command.expires_at,
    };
    if app.tokens.add(record).await? {
        Ok(secret)
    } else {
        Err(TokenError::NameTaken(command.name))
    }
}

fn secret_text(bytes: &[u8; 32]) -> String {
    let mut text = TOKEN_PREFIX.to_owned();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}"); // Writing to a string cannot fail.
    }
    text
}
