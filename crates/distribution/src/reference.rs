//! The names of artefacts in registries: `registry.example.com/ada/visits:0.1.0`.

use std::fmt;

use crate::digest::Sha256Digest;

/// The longest reference that is read, in bytes.
const REFERENCE_LEN_MAX: usize = 512;
/// The longest tag, as the specification says.
const TAG_LEN_MAX: usize = 128;

/// A repository of a registry, with a tag, a digest, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Where it is.
    pub registry: RegistryHost,
    /// The repository: `ada/visits`.
    pub repository: String,
    /// What moves.
    pub tag: Option<String>,
    /// What does not.
    pub digest: Option<Sha256Digest>,
}

/// The host of a registry, and its port where that is not the usual one. Lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegistryHost(String); // Invariant: a host with an optional port, checked by `parse`.

/// The text names no artefact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a reference like registry.example.com/ada/visits:0.1.0: {reason}")]
pub struct ReferenceError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Reference {
    /// Reads a reference, with or without `oci://` before it. The registry is always named: no host is assumed.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let wrong = |reason| ReferenceError { text: text.chars().take(200).collect(), reason };
        let bare = text.strip_prefix("oci://").unwrap_or(text);
        if bare.len() > REFERENCE_LEN_MAX {
            return Err(wrong("it is longer than 512 bytes"));
        }
        let (host, rest) = bare
            .split_once('/')
            .ok_or_else(|| wrong("it names no repository after the registry"))?;
        let registry = RegistryHost::parse(host).ok_or_else(|| {
            wrong("it does not begin with the host of a registry, like registry.example.com or localhost:5000")
        })?;
        let (rest, digest) = match rest.split_once('@') {
            Some((rest, digest)) => {
                let digest = Sha256Digest::parse(digest);
                let digest =
                    digest.ok_or_else(|| wrong("its digest is not sha256: and 64 digits"))?;
                (rest, Some(digest))
            }
            None => (rest, None),
        };
        let (repository, tag) = match rest.split_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (rest, None),
        };
        if !repository.split('/').all(is_part) {
            return Err(wrong("a repository is made of a-z, 0-9 and inner . _ - between slashes"));
        }
        if tag.is_some_and(|it| !is_tag(it)) {
            return Err(wrong("a tag is made of letters, digits, _ . and -, 128 at most"));
        }
        Ok(Self {
            registry,
            repository: repository.to_owned(),
            tag: tag.map(str::to_owned),
            digest,
        })
    }

    /// What to ask the registry for: the digest before the tag, `latest` where neither is given.
    pub fn wanted(&self) -> &str {
        match (&self.digest, &self.tag) {
            (Some(digest), _) => digest.as_str(),
            (None, Some(tag)) => tag,
            (None, None) => "latest",
        }
    }

    /// The same repository at this digest.
    pub fn at(&self, digest: Sha256Digest) -> Self {
        Self { digest: Some(digest), ..self.clone() }
    }

    /// The last part of the repository's name.
    pub fn last_part(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or_default()
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

impl RegistryHost {
    /// Reads `host`, `host:port` or `[address]:port`. A name without a dot is no host, but for `localhost`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let (host, port) = split_port(&text)?;
        if port.is_some_and(|it| it.is_empty() || it.parse::<u16>().is_err()) {
            return None;
        }
        let is_name = |name: &str| {
            let label = |it: &str| {
                !it.is_empty()
                    && it.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                    && !it.starts_with('-')
                    && !it.ends_with('-')
            };
            name.split('.').all(label)
                && (name.contains('.') || name == "localhost" || port.is_some())
        };
        let is_host = match host.strip_prefix('[') {
            Some(rest) => {
                rest.strip_suffix(']').is_some_and(|it| it.parse::<std::net::Ipv6Addr>().is_ok())
            }
            None => is_name(host),
        };
        is_host.then_some(Self(text))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name or address alone, without brackets.
    pub fn name(&self) -> &str {
        let host = split_port(&self.0).map_or("", |it| it.0);
        host.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(host)
    }

    /// The port, where one is written.
    pub fn port(&self) -> Option<u16> {
        split_port(&self.0)?.1?.parse().ok()
    }

    /// Whether it is this machine by name: `localhost`, or an address of the loopback network.
    pub fn is_loopback(&self) -> bool {
        let name = self.name();
        let address = name.parse::<std::net::IpAddr>();
        name == "localhost" || address.is_ok_and(|it| it.is_loopback())
    }
}

impl fmt::Display for RegistryHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Host and port of a text; `None` for one that is not closed.
fn split_port(text: &str) -> Option<(&str, Option<&str>)> {
    if text.starts_with('[') {
        let end = text.find(']')?;
        let (host, rest) = text.split_at_checked(end + 1)?;
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, Some(port))),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    Some(match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    })
}

fn is_part(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let fits = text.chars().all(|c| plain(c) || matches!(c, '.' | '_' | '-'));
    fits && text.starts_with(plain) && text.ends_with(plain) && !text.contains("..")
}

fn is_tag(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.starts_with(word)
        && text.len() <= TAG_LEN_MAX
        && text.chars().all(|c| word(c) || matches!(c, '.' | '-'))
}

#[cfg(test)]
mod tests {
    use super::{Reference, RegistryHost};

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_reference_is_read_back_from_its_text() {
        for text in [
            "registry.example.com/ada/visits:0.1.0",
            "localhost:5000/visits:latest",
            "localhost/visits",
            "127.0.0.1:5000/a/b/c:v1",
            "[::1]:5000/visits:1",
            &format!("registry.example.com/visits@{DIGEST}"),
            &format!("registry.example.com/visits:1@{DIGEST}"),
        ] {
            assert_eq!(Reference::parse(text).unwrap().to_string(), *text);
            let with_scheme = format!("oci://{text}");
            assert_eq!(Reference::parse(&with_scheme).unwrap().to_string(), *text);
        }
    }

    #[test]
    fn what_is_not_a_reference_says_why() {
        for (text, words) in [
            ("visits", "no repository"),
            ("ada/visits:1", "host of a registry"),
            ("./visits.wasm", "host of a registry"),
            ("../dist/visits.wasm", "host of a registry"),
            ("registry.example.com:99999/visits:1", "host of a registry"),
            ("user@registry.example.com/visits:1", "host of a registry"),
            ("[::1/visits:1", "host of a registry"),
            ("registry.example.com/Ada/visits", "a-z"),
            ("registry.example.com/../visits", "a-z"),
            ("registry.example.com//visits", "a-z"),
            ("registry.example.com/visits:a/b", "letters, digits"),
            ("registry.example.com/visits:", "letters, digits"),
            ("registry.example.com/visits?x:1", "a-z"),
            ("registry.example.com/visits@sha256:12", "64 digits"),
            ("registry.example.com/visits@sha512:12", "64 digits"),
        ] {
            let error = Reference::parse(text).unwrap_err();
            assert!(error.reason.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn only_the_loopback_network_is_this_machine() {
        let loopback = |text| RegistryHost::parse(text).unwrap().is_loopback();
        assert!(loopback("localhost:5000") && loopback("127.0.0.1:80") && loopback("[::1]:5000"));
        assert!(!loopback("localhost.example.com") && !loopback("10.0.0.1:5000"));
    }
}
