//! What a host offers: values under keys, and records that only who has seen them replaces.

/// The longest key, in bytes.
pub const KEY_LEN_MAX: usize = 256;

/// The largest value, in bytes: what every key-value store of the hosts takes.
pub const VALUE_LEN_MAX: usize = 1024 * 1024;

/// Values under keys. Keys are of `A-Z a-z 0-9 _ = / -` and have at most [`KEY_LEN_MAX`] bytes; values have at most
/// [`VALUE_LEN_MAX`].
///
/// A *head* is a value with a version, in a space of names of its own: it is replaced only by somebody who has seen the
/// version that is there.
pub trait Keys: Send + Sync {
    /// The value under a key.
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeysError>;

    /// Stores a value. It is durable when this answers, and never seen in part.
    fn set(&self, key: &str, value: &[u8]) -> Result<(), KeysError>;

    /// Takes a value away; there need not be one.
    fn delete(&self, key: &str) -> Result<(), KeysError>;

    /// Some of all keys of values, in the store's own order; `cursor` is what the answer before this one said.
    fn list(&self, cursor: Option<&str>) -> Result<KeyPage, KeysError>;

    /// A head, with its version.
    fn head(&self, key: &str) -> Result<Option<Head>, KeysError>;

    /// Whether a head still has this version. Cheaper than reading it.
    fn is_head(&self, key: &str, version: &str) -> Result<bool, KeysError>;

    /// Replaces the head whose version was seen, or makes it where none was seen; the new version, or `None` when somebody
    /// else was faster. Durable when this answers.
    fn swap_head(
        &self,
        key: &str,
        seen: Option<&str>,
        value: &[u8],
    ) -> Result<Option<String>, KeysError>;

    /// Asks to be the only one who writes, for at most so many milliseconds; `false` when somebody else is. It spares
    /// others work that would be in vain, and is no promise: two may hold it, and the head decides.
    fn try_lock(&self, name: &str, milliseconds: u32) -> Result<bool, KeysError>;

    /// Gives back what [`Keys::try_lock`] gave.
    fn unlock(&self, name: &str) -> Result<(), KeysError>;
}

/// A value with a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What tells it from those before and after it.
    pub version: String,
    /// The value.
    pub value: Vec<u8>,
}

/// Some keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyPage {
    /// In the store's own order.
    pub keys: Vec<String>,
    /// Where the next ones begin; `None` when these were the last.
    pub cursor: Option<String>,
}

/// The host could not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct KeysError {
    /// Whether the same may succeed a moment later.
    pub is_passing: bool,
    /// What the host says.
    pub reason: String,
}

impl KeysError {
    /// Something that will not be better in a moment.
    pub fn lasting(reason: impl Into<String>) -> Self {
        Self { is_passing: false, reason: reason.into() }
    }
}

/// Whether a text is a key.
pub fn is_key(text: &str) -> bool {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"_=/-".contains(&it);
    (1..=KEY_LEN_MAX).contains(&text.len()) && text.bytes().all(plain)
}
