//! What a plugin keeps, in one value.

use std::collections::BTreeMap;

/// How many keys a plugin may have, as natively.
const KEYS_MAX: usize = 10_000;
/// How much it may keep, keys, values and what stands between them together, in bytes: as much as a value may have.
const BYTES_MAX: usize = 1024 * 1024;

/// Values by bucket and key.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Kept(BTreeMap<(String, String), Vec<u8>>);

impl Kept {
    pub(crate) fn get(&self, bucket: &str, key: &str) -> Option<&Vec<u8>> {
        self.0.get(&(bucket.to_owned(), key.to_owned()))
    }

    pub(crate) fn set(&mut self, bucket: &str, key: String, value: Vec<u8>) {
        self.0.insert((bucket.to_owned(), key), value);
    }

    pub(crate) fn delete(&mut self, bucket: &str, key: String) {
        self.0.remove(&(bucket.to_owned(), key));
    }

    /// The keys of a bucket, in their order.
    pub(crate) fn keys(&self, bucket: &str) -> impl Iterator<Item = &String> {
        self.0.keys().filter(move |(it, _)| it == bucket).map(|(_, key)| key)
    }

    /// All of it: bucket, key and value after one another, each behind its length in four bytes, the lowest first. An error
    /// says which limit would be passed.
    pub(crate) fn written(&self) -> Result<Vec<u8>, String> {
        if self.0.len() > KEYS_MAX {
            return Err(format!(
                "a plugin that is composed into a site keeps at most {KEYS_MAX} keys"
            ));
        }
        let mut bytes = Vec::new();
        for ((bucket, key), value) in &self.0 {
            for part in [bucket.as_bytes(), key.as_bytes(), value] {
                // A longer part does not fit anyway.
                bytes.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
                bytes.extend(part);
            }
        }
        if bytes.len() > BYTES_MAX {
            return Err(format!(
                "a plugin that is composed into a site keeps at most {BYTES_MAX} bytes, these would be {}",
                bytes.len()
            ));
        }
        Ok(bytes)
    }

    /// What [`Kept::written`] wrote; `None` for anything else.
    pub(crate) fn read(mut bytes: &[u8]) -> Option<Self> {
        let is_empty = bytes.is_empty();
        let mut part = || {
            let (len, rest) = bytes.split_first_chunk()?;
            let (part, rest) = rest.split_at_checked(u32::from_le_bytes(*len).try_into().ok()?)?;
            bytes = rest;
            Some((part.to_vec(), rest.is_empty()))
        };
        let mut kept = BTreeMap::new();
        let mut is_over = is_empty;
        while !is_over {
            let (bucket, key) = (part()?.0, part()?.0);
            let (value, is_last) = part()?;
            kept.insert((String::from_utf8(bucket).ok()?, String::from_utf8(key).ok()?), value);
            is_over = is_last;
        }
        Some(Self(kept))
    }
}
