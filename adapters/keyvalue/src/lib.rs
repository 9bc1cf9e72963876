//! What both drafts of `wasi:keyvalue` have in common: a head is a value that begins with its version, under a key of its own.

/// What keys of heads begin with; no key of a value does.
const HEADS: &str = "head/";
/// What keys of locks begin with.
const LOCKS: &str = "lock/";
/// A version is a number of so many bytes, in front of the value.
const VERSION_LEN: usize = 8;

/// A head as it is stored.
pub struct Stored {
    /// Its version.
    pub version: u64,
    /// Its value.
    pub value: Vec<u8>,
}

/// Where a head is kept.
pub fn head_key(key: &str) -> String {
    format!("{HEADS}{key}")
}

/// Where a lock is kept.
pub fn lock_key(name: &str) -> String {
    format!("{LOCKS}{name}")
}

/// Whether a key is of a value, and not of a head or a lock.
pub fn is_value(key: &str) -> bool {
    !key.starts_with(HEADS) && !key.starts_with(LOCKS)
}

/// A head from what is stored; `None` for what is none.
pub fn decode(mut bytes: Vec<u8>) -> Option<Stored> {
    let version = u64::from_le_bytes(*bytes.first_chunk::<VERSION_LEN>()?);
    bytes.drain(..VERSION_LEN);
    Some(Stored { version, value: bytes })
}

/// What is stored of a head.
pub fn encode(version: u64, value: &[u8]) -> Vec<u8> {
    let mut bytes = version.to_le_bytes().to_vec();
    bytes.extend_from_slice(value);
    bytes
}

/// The version after one that is there, or the first.
pub fn next(now: Option<&Stored>) -> u64 {
    now.map_or(1, |it| it.version.wrapping_add(1))
}

/// Whether what somebody saw is what is there.
pub fn is_seen(now: Option<&Stored>, seen: Option<&str>) -> bool {
    now.map(|it| it.version.to_string()).as_deref() == seen
}

/// The bucket that the operator names by the variable `SMARTCMS_HOST_BUCKET`, or the host's usual one.
pub fn bucket_name(usual: &str) -> String {
    std::env::var("SMARTCMS_HOST_BUCKET").unwrap_or_else(|_| usual.to_owned())
}
