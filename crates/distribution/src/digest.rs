//! The digests of registries: SHA-256 and no other.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// A SHA-256, written as `sha256:` and 64 hexadecimal digits in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256Digest(String); // Invariant: checked by `parse`.

/// Adds bytes up to a digest.
#[derive(Default)]
pub(crate) struct Hasher(Sha256);

impl Sha256Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(bytes);
        hasher.finish()
    }

    /// Reads a digest; `None` for another algorithm or form.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("sha256:")?;
        let lower = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        (digits.len() == 64 && digits.chars().all(lower)).then(|| Self(text.to_owned()))
    }

    /// `sha256:…`
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag under which registries without the referrers API list what refers to this digest.
    pub(crate) fn fallback_tag(&self) -> String {
        self.0.replace(':', "-")
    }
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Hasher {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> Sha256Digest {
        let digits: String = self.0.finalize().iter().map(|it| format!("{it:02x}")).collect();
        Sha256Digest(format!("sha256:{digits}"))
    }
}
