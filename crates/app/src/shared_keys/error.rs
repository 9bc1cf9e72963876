//! What goes wrong with shared keys.

use super::{SHARED_KEY_LEN_MAX, SHARED_KEYS_QUOTA, SHARED_VALUE_LEN_MAX};
use crate::ports::StoreError;
use crate::{Fault, FaultKind};

/// Why a key was not read or changed.
#[derive(Debug, thiserror::Error)]
pub enum SharedKeysError {
    /// The text is no key.
    #[error("{key:?} is not a key: 1 to {SHARED_KEY_LEN_MAX} of A-Z, a-z, 0-9, _, =, / and -")]
    NotAKey {
        /// Its beginning.
        key: String,
    },
    /// The value is too large.
    #[error("the value of {key} has {len} bytes; {SHARED_VALUE_LEN_MAX} is the limit")]
    TooLarge {
        /// Whose value.
        key: String,
        /// Its bytes.
        len: usize,
    },
    /// All values together would be too much.
    #[error("more than {} keys or {} bytes would be kept", SHARED_KEYS_QUOTA.keys_max, SHARED_KEYS_QUOTA.bytes_max)]
    Full,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fault for SharedKeysError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::NotAKey { .. } => FaultKind::Invalid,
            Self::TooLarge { .. } | Self::Full => FaultKind::Limit,
            Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::NotAKey { .. } => "keys.not-a-key",
            Self::TooLarge { .. } => "keys.too-large",
            Self::Full => "keys.full",
            Self::Store(_) => "store.unavailable",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::TooLarge { .. } => Some("keep it in pieces".to_owned()),
            Self::Full => Some("delete what the site elsewhere needs no more".to_owned()),
            Self::NotAKey { .. } | Self::Store(_) => None,
        }
    }
}
