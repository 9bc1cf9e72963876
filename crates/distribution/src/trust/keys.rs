//! Keys of publishers in the form of minisign: Ed25519, one line of base64 for the public one.

use std::fmt;
use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minisign::{KeyPair, PublicKeyBox, SecretKey, SecretKeyBox, SignatureBox};

/// A publisher's public key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey(String); // Invariant: base64 that minisign reads, checked by `parse`.

/// A publisher's secret key, ready to sign.
pub struct SigningKey {
    secret: SecretKey,
    public: PublicKey,
}

/// The two files of a new key.
pub struct KeyFiles {
    /// What its publisher keeps.
    pub secret: String,
    /// What is handed out.
    pub public: String,
    /// The key in one line.
    pub key: PublicKey,
}

/// Why a key cannot be used. No message holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is no public key.
    #[error(
        "`{0}` is not a public key of minisign: one line that begins with RW, or its .pub file"
    )]
    Public(String),
    /// It is no secret key.
    #[error("this is not a secret key of minisign")]
    Secret,
    /// It is protected, and the password is missing or wrong.
    #[error("the secret key could not be opened: {0}")]
    Locked(String),
    /// Making it or signing failed.
    #[error("minisign failed: {0}")]
    Failed(String),
}

impl PublicKey {
    /// Reads the line of a key, or the text of its file.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let line = text
            .lines()
            .map(str::trim)
            .find(|it| !it.is_empty() && !it.starts_with("untrusted comment:"));
        let line = line.unwrap_or_default();
        let wrong = || KeyError::Public(line.chars().take(80).collect());
        let key = minisign::PublicKey::from_base64(line).map_err(|_| wrong())?;
        Ok(Self(key.to_base64()))
    }

    /// The key in one line.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What verifies `signature` over `bytes`, the comment in it too.
    pub(super) fn verifies(&self, signature: &SignatureBox, bytes: &[u8]) -> bool {
        let Ok(key) = minisign::PublicKey::from_base64(&self.0) else { return false };
        minisign::verify(&key, signature, Cursor::new(bytes), true, false, false).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl SigningKey {
    /// Reads the text of a secret key's file. A protected one needs its password, which `ask` gives.
    pub fn read(text: &str, ask: impl FnOnce() -> Option<String>) -> Result<Self, KeyError> {
        let encoded = text.lines().map(str::trim).nth(1).unwrap_or_default();
        let bytes = STANDARD.decode(encoded).map_err(|_| KeyError::Secret)?;
        let bare = SecretKey::from_bytes(&bytes).map_err(|_| KeyError::Secret)?;
        let boxed = SecretKeyBox::from_string(text).map_err(|_| KeyError::Secret)?;
        let secret = if bare.is_encrypted() {
            let password = ask().ok_or_else(|| KeyError::Locked("it has a password".to_owned()))?;
            let opened = boxed.into_secret_key(Some(password));
            opened.map_err(|error| KeyError::Locked(error.to_string()))?
        } else {
            boxed.into_unencrypted_secret_key().map_err(|_| KeyError::Secret)?
        };
        let public = minisign::PublicKey::from_secret_key(&secret).map_err(failed)?;
        Ok(Self { secret, public: PublicKey(public.to_base64()) })
    }

    /// The key that verifies what this one signs.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs bytes. The comment is signed too.
    pub(crate) fn sign(&self, bytes: &[u8], comment: &str) -> Result<String, KeyError> {
        let signed = minisign::sign(
            None,
            &self.secret,
            Cursor::new(bytes),
            Some(comment),
            Some("signature of a manifest by a publisher of plugins"),
        );
        Ok(signed.map_err(failed)?.into_string())
    }
}

impl KeyFiles {
    /// Makes a key; with a password it is of no use to who finds the file.
    pub fn generate(password: Option<String>) -> Result<Self, KeyError> {
        let pair = match password {
            Some(password) => KeyPair::generate_encrypted_keypair(Some(password)),
            None => KeyPair::generate_unencrypted_keypair(),
        };
        let pair = pair.map_err(failed)?;
        Ok(Self {
            secret: pair.sk.to_box(None).map_err(failed)?.into_string(),
            public: PublicKeyBox::into_string(pair.pk.to_box().map_err(failed)?),
            key: PublicKey(pair.pk.to_base64()),
        })
    }
}

fn failed(error: minisign::PError) -> KeyError {
    KeyError::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{KeyError, KeyFiles, PublicKey, SigningKey};
    use crate::trust::Signature;

    #[test]
    fn a_key_signs_and_its_public_half_verifies() {
        let files = KeyFiles::generate(None).unwrap();
        let key = SigningKey::read(&files.secret, || None).unwrap();
        assert_eq!(key.public(), &files.key);
        assert_eq!(PublicKey::parse(&files.public), Ok(files.key.clone()));
        let text = key.sign(b"manifest", "visits 1.0.0").unwrap();
        let signature = Signature { text, key: None };
        let other = KeyFiles::generate(None).unwrap().key;
        let known = [other.clone(), files.key.clone()];
        assert_eq!(signature.signer(b"manifest", &known), Some(files.key.clone()));
        assert_eq!(signature.signer(b"Manifest", &known), None, "another manifest");
        assert_eq!(
            signature.signer(b"manifest", std::slice::from_ref(&other)),
            None,
            "another key"
        );
        let changed = signature.text.replace("visits 1.0.0", "visits 9.0.0");
        let changed = Signature { text: changed, key: None };
        assert_eq!(changed.signer(b"manifest", &known), None, "the comment is signed too");
        let claimed = Signature { key: Some(other), ..signature };
        assert_eq!(claimed.signer(b"manifest", &[]), None, "a claim proves nothing");
    }

    #[test]
    fn a_protected_key_needs_its_password() {
        let files = KeyFiles::generate(Some("a password".to_owned())).unwrap();
        let read = |password: Option<&str>| {
            SigningKey::read(&files.secret, || password.map(str::to_owned)).map(|it| it.public)
        };
        assert_eq!(read(Some("a password")), Ok(files.key.clone()));
        assert!(matches!(read(Some("another")), Err(KeyError::Locked(_))));
        assert!(matches!(read(None), Err(KeyError::Locked(_))));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in
            ["", "RW", "untrusted comment: x\nRWQ", "a long line of something else entirely"]
        {
            assert!(PublicKey::parse(text).is_err(), "{text}");
            assert!(matches!(SigningKey::read(text, || None), Err(KeyError::Secret)), "{text}");
        }
    }
}
