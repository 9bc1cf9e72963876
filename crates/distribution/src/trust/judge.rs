//! Whether an artefact may become a plugin: a pure rule over what is pinned, who is trusted, and what came.

use semver::Version;

use super::keys::PublicKey;
use super::lock::LockedPlugin;
use super::publishers::Publishers;

/// What came.
#[derive(Debug, Clone)]
pub struct Arrived<'a> {
    /// Its version, as it says.
    pub version: &'a str,
    /// Whoever signed it; their signatures hold.
    pub signers: &'a [PublicKey],
    /// Whether there are signatures that do not hold.
    pub has_broken: bool,
    /// How it was given.
    pub given: Given,
}

/// How an artefact was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// Under a name that can lead elsewhere tomorrow.
    ByName,
    /// As these very bytes: by digest, or as a file.
    Exactly,
}

/// What the operator agreed to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Consent {
    /// A key that is not trusted yet, or another one than before.
    pub new_key: bool,
    /// No signature.
    pub unsigned: bool,
    /// An older version than the one that is pinned.
    pub downgrade: bool,
}

/// Why it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The key of before, or of a trusted publisher, signed it: this one is pinned.
    Signed(PublicKey),
    /// A key that was agreed to signed it: it is pinned and becomes trusted for this plugin.
    NewKey(PublicKey),
    /// Nobody vouches for it but the operator.
    Unsigned,
}

/// Why it may not, with what was known and what came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    /// A signature is there and does not hold.
    #[error(
        "its signature does not hold: the manifest was changed after it was signed, or the signature is of something else"
    )]
    Broken,
    /// A key that nobody trusts signed it.
    #[error("it is signed with the key {came}, which is not trusted")]
    UnknownKey {
        /// The key.
        came: PublicKey,
    },
    /// Another key than before signed it.
    #[error("it is signed with the key {came}; the version that is pinned was signed with {known}")]
    OtherKey {
        /// The key of before.
        known: PublicKey,
        /// The key of now.
        came: PublicKey,
    },
    /// It was signed before and is not now.
    #[error("it is not signed; the version that is pinned was signed with {known}")]
    SignatureGone {
        /// The key of before.
        known: PublicKey,
    },
    /// Nobody signed it.
    #[error("it is not signed, and a tag can lead to something else tomorrow")]
    Unsigned,
    /// It is older than what is pinned.
    #[error(
        "it is version {came}, and {known} is pinned: an older version may have holes that were closed since"
    )]
    Downgrade {
        /// The version that is pinned.
        known: String,
        /// The version of what came.
        came: String,
    },
}

/// Judges what came against what is pinned of the plugin.
pub fn judge(
    known: Option<&LockedPlugin>,
    arrived: &Arrived<'_>,
    trusted: &Publishers,
    consent: Consent,
) -> Result<Verdict, Distrust> {
    let verdict = signature(known, arrived, trusted, consent)?;
    if let Some(known) = known
        && !consent.downgrade
        && is_older(arrived.version, &known.version)
    {
        let (known, came) = (known.version.clone(), arrived.version.to_owned());
        return Err(Distrust::Downgrade { known, came });
    }
    Ok(verdict)
}

fn signature(
    known: Option<&LockedPlugin>,
    arrived: &Arrived<'_>,
    trusted: &Publishers,
    consent: Consent,
) -> Result<Verdict, Distrust> {
    let known = known.and_then(|it| it.key.as_ref());
    let follows = |key: &&PublicKey| match known {
        // The operator says by the publisher's name that both keys are of one publisher.
        Some(known) => {
            *key == known || trusted.of(key).is_some_and(|it| trusted.of(known) == Some(it))
        }
        None => trusted.of(key).is_some(),
    };
    if let Some(key) = arrived.signers.iter().find(follows) {
        return Ok(Verdict::Signed(key.clone()));
    }
    if arrived.signers.is_empty() && arrived.has_broken {
        return Err(Distrust::Broken);
    }
    let came = arrived.signers.first();
    match (known, came) {
        (_, Some(came)) if consent.new_key => Ok(Verdict::NewKey(came.clone())),
        (Some(known), Some(came)) => {
            Err(Distrust::OtherKey { known: known.clone(), came: came.clone() })
        }
        (None, Some(_)) if arrived.given == Given::Exactly => Ok(Verdict::Unsigned),
        (None, Some(came)) => Err(Distrust::UnknownKey { came: came.clone() }),
        (_, None) if consent.unsigned => Ok(Verdict::Unsigned),
        (Some(known), None) => Err(Distrust::SignatureGone { known: known.clone() }),
        (None, None) if arrived.given == Given::Exactly => Ok(Verdict::Unsigned),
        (None, None) => Err(Distrust::Unsigned),
    }
}

/// Whether a version comes before another; texts that are no versions are not compared.
pub fn is_older(came: &str, known: &str) -> bool {
    match (Version::parse(came), Version::parse(known)) {
        (Ok(came), Ok(known)) => came.cmp_precedence(&known).is_lt(),
        _ => false,
    }
}

impl Distrust {
    /// What the operator can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Broken => "ask the publisher; nothing overrides this",
            Self::UnknownKey { .. } => {
                "compare the key with what its publisher says elsewhere, then `smartcms plugin trust add PUBLISHER KEY`, or --accept-new-key for this plugin alone"
            }
            Self::OtherKey { .. } => {
                "ask the publisher; --accept-new-key takes the new key in the place of the old one"
            }
            Self::SignatureGone { .. } => {
                "ask the publisher; --allow-unsigned goes on without a signature"
            }
            Self::Unsigned => {
                "name it by its digest, as in NAME@sha256:…, which `smartcms plugin inspect` shows, or pass --allow-unsigned"
            }
            Self::Downgrade { .. } => "--allow-downgrade takes it all the same",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Sha256Digest;
    use crate::reference::Reference;
    use crate::trust::keys::KeyFiles;

    fn key() -> PublicKey {
        KeyFiles::generate(None).unwrap().key
    }

    fn locked(version: &str, key: Option<&PublicKey>) -> LockedPlugin {
        LockedPlugin {
            id: "visits".to_owned(),
            version: version.to_owned(),
            reference: Reference::parse("localhost:5000/visits:1").unwrap(),
            manifest: Sha256Digest::of(b"m"),
            component: Sha256Digest::of(b"c"),
            key: key.cloned(),
            replaced: None,
        }
    }

    fn arrived(signers: &[PublicKey]) -> Arrived<'_> {
        Arrived { version: "1.1.0", signers, has_broken: false, given: Given::ByName }
    }

    fn trusting(name: &str, keys: &[&PublicKey]) -> Publishers {
        let mut publishers = Publishers::default();
        keys.iter().for_each(|it| assert!(publishers.add(name, (*it).clone())));
        publishers
    }

    const NONE: Consent = Consent { new_key: false, unsigned: false, downgrade: false };

    #[test]
    fn a_first_version_needs_a_trusted_key_or_exact_bytes_or_consent() {
        let (ada, eve) = (key(), key());
        let trusted = trusting("ada", &[&ada]);
        let judge = |arrived: &Arrived<'_>, consent| judge(None, arrived, &trusted, consent);
        let by_ada = [ada.clone()];
        assert_eq!(judge(&arrived(&by_ada), NONE), Ok(Verdict::Signed(ada.clone())));
        let by_eve = [eve.clone()];
        let unknown = Distrust::UnknownKey { came: eve.clone() };
        assert_eq!(judge(&arrived(&by_eve), NONE), Err(unknown));
        let accepted = judge(&arrived(&by_eve), Consent { new_key: true, ..NONE });
        assert_eq!(accepted, Ok(Verdict::NewKey(eve.clone())));
        assert_eq!(judge(&arrived(&[]), NONE), Err(Distrust::Unsigned));
        let unsigned = Consent { unsigned: true, ..NONE };
        assert_eq!(judge(&arrived(&[]), unsigned), Ok(Verdict::Unsigned));
        let exactly = Arrived { given: Given::Exactly, ..arrived(&[]) };
        assert_eq!(judge(&exactly, NONE), Ok(Verdict::Unsigned));
        let both = [eve, ada.clone()];
        assert_eq!(judge(&arrived(&both), NONE), Ok(Verdict::Signed(ada)), "one trusted is enough");
    }

    #[test]
    fn another_key_than_before_needs_consent_even_for_exact_bytes() {
        let (old, new) = (key(), key());
        let known = locked("1.0.0", Some(&old));
        let trusted = trusting("someone", &[&new]);
        let signers = [new.clone()];
        let exactly = Arrived { given: Given::Exactly, ..arrived(&signers) };
        let other = Distrust::OtherKey { known: old.clone(), came: new.clone() };
        assert_eq!(judge(Some(&known), &exactly, &trusted, NONE), Err(other));
        let gone = Distrust::SignatureGone { known: old.clone() };
        let unsigned = Arrived { given: Given::Exactly, ..arrived(&[]) };
        assert_eq!(judge(Some(&known), &unsigned, &trusted, NONE), Err(gone));
        let consent = Consent { unsigned: true, ..NONE };
        assert!(judge(Some(&known), &arrived(&signers), &trusted, consent).is_err());
        let consent = Consent { new_key: true, ..NONE };
        let accepted = judge(Some(&known), &arrived(&signers), &trusted, consent);
        assert_eq!(accepted, Ok(Verdict::NewKey(new.clone())));
        let rotated = trusting("ada", &[&old, &new]);
        let accepted = judge(Some(&known), &arrived(&signers), &rotated, NONE);
        assert_eq!(accepted, Ok(Verdict::Signed(new)), "a publisher may have two keys");
    }

    #[test]
    fn a_broken_signature_is_refused_whatever_was_agreed_to() {
        let broken = Arrived { has_broken: true, given: Given::Exactly, ..arrived(&[]) };
        let all = Consent { new_key: true, unsigned: true, downgrade: true };
        assert_eq!(judge(None, &broken, &Publishers::default(), all), Err(Distrust::Broken));
        let ada = key();
        let signers = [ada.clone()];
        let both = Arrived { has_broken: true, ..arrived(&signers) };
        let trusted = trusting("ada", &[&ada]);
        assert!(judge(None, &both, &trusted, NONE).is_ok(), "junk beside a good one hides nothing");
    }

    #[test]
    fn an_older_version_needs_consent_and_no_signature_replaces_it() {
        let ada = key();
        let (trusted, signers) = (trusting("ada", &[&ada]), [ada.clone()]);
        let check = |known: &str, came: &str, consent| {
            let arrived = Arrived { version: came, ..arrived(&signers) };
            judge(Some(&locked(known, Some(&ada))), &arrived, &trusted, consent).is_ok()
        };
        assert!(check("1.0.0", "1.0.0", NONE) && check("1.0.0", "1.0.1", NONE));
        assert!(!check("1.10.0", "1.9.0", NONE) && !check("1.0.0", "1.0.0-rc.1", NONE));
        assert!(check("1.10.0", "1.9.0", Consent { downgrade: true, ..NONE }));
    }
}
