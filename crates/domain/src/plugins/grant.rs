//! One thing that an operator gave a plugin.
//!
//! The text form is `NAME` or `NAME=SCOPE`, as operators type it and as it is stored:
//! `kv`, `http=api.example.com:443`, `fs=./stories:/stories:ro`, `env=TZ`, `content:read=posts,pages:drafts`,
//! `content:write=posts.excerpt:own`, `nn=storyteller`, `html:trusted`, `actor:read`.

use std::fmt;
use std::str::FromStr;

use super::scope::{ReadScope, WriteScope};

/// A capability with its scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grant {
    /// The plugin's own keys.
    KeyValue,
    /// Requests to one host.
    Http(HostGrant),
    /// A folder.
    Folder(FolderGrant),
    /// One environment variable, by name.
    Environment(String),
    /// Reading content.
    ContentRead(Vec<ReadScope>),
    /// Writing content.
    ContentWrite(Vec<WriteScope>),
    /// Computing with one model, by name.
    Model(String),
    /// HTML of the plugin is shown as it is.
    TrustedHtml,
    /// Routes of the plugin learn who asks.
    ActorRead,
}

/// A host that a plugin may send requests to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostGrant {
    /// A name, `*.` and a name for every name below it, or an IP address (IPv6 without brackets). Lower case.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// A folder that a plugin may reach.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FolderGrant {
    /// Where it is on this machine.
    pub host_path: String,
    /// What the plugin calls it: an absolute path.
    pub guest_path: String,
    /// What may be done there.
    pub access: Access,
}

/// Whether a folder may be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Reading alone.
    ReadOnly,
    /// Reading and writing.
    ReadWrite,
}

/// The text is not a grant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{grant}` is not a grant: {reason}")]
pub struct GrantError {
    /// The text.
    pub grant: String,
    /// What is wrong, and how it should look.
    pub reason: String,
}

const FORMS: &str = "grants are kv, http=HOST:PORT, fs=FOLDER:/NAME:ro (or rw), env=NAME, \
content:read=COLLECTION[.FIELD+…][:drafts],…, content:write=COLLECTION[.FIELD+…][:own][:drafts-only],…, nn=MODEL, \
html:trusted and actor:read";

impl Grant {
    /// The capability's name, the text before `=`.
    pub fn capability(&self) -> &'static str {
        match self {
            Self::KeyValue => "kv",
            Self::Http(_) => "http",
            Self::Folder(_) => "fs",
            Self::Environment(_) => "env",
            Self::ContentRead(_) => "content:read",
            Self::ContentWrite(_) => "content:write",
            Self::Model(_) => "nn",
            Self::TrustedHtml => "html:trusted",
            Self::ActorRead => "actor:read",
        }
    }

    /// Whether only an owner gives it: it reaches the machine beside the site (folders, variables, hosts that are named by
    /// address, as those of the machine's own network are), or acts on pages as whoever looks at them.
    pub fn is_for_owners(&self) -> bool {
        match self {
            Self::Folder(_) | Self::Environment(_) | Self::TrustedHtml => true,
            Self::Http(HostGrant { host, .. }) => {
                let name = host.strip_prefix("*.").unwrap_or(host);
                name == "localhost"
                    || name.ends_with(".localhost")
                    || name.parse::<core::net::IpAddr>().is_ok()
            }
            Self::KeyValue
            | Self::ContentRead(_)
            | Self::ContentWrite(_)
            | Self::Model(_)
            | Self::ActorRead => false,
        }
    }

    /// What it allows, as in "this plugin can …", for people who decide about it.
    pub fn words(&self) -> String {
        match self {
            Self::KeyValue => "keep and read its own keys, and no others".to_owned(),
            Self::Http(HostGrant { host, port }) => {
                format!("send requests to {host} at port {port}")
            }
            Self::Folder(FolderGrant { host_path, access, .. }) => match access {
                Access::ReadOnly => format!("read the folder {host_path}"),
                Access::ReadWrite => format!("read and change the folder {host_path}"),
            },
            Self::Environment(name) => format!("read the variable {name}"),
            Self::ContentRead(scopes) => {
                scopes.iter().map(ReadScope::words).collect::<Vec<_>>().join("; ")
            }
            Self::ContentWrite(scopes) => {
                scopes.iter().map(WriteScope::words).collect::<Vec<_>>().join("; ")
            }
            Self::Model(name) => format!("compute with the model {name}"),
            Self::TrustedHtml => "put HTML on pages that is not sanitised, scripts too".to_owned(),
            Self::ActorRead => "learn who sends requests to it".to_owned(),
        }
    }
}

impl FromStr for Grant {
    type Err = GrantError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, scope) = match text.split_once('=') {
            Some((name, scope)) => (name, Some(scope)),
            None => (text, None),
        };
        let parsed = match (name, scope) {
            ("kv", None) => Ok(Self::KeyValue),
            ("html:trusted", None) => Ok(Self::TrustedHtml),
            ("actor:read", None) => Ok(Self::ActorRead),
            ("http", Some(scope)) => host(scope).map(Self::Http),
            ("fs", Some(scope)) => folder(scope).map(Self::Folder),
            ("env", Some(scope)) => variable(scope).map(Self::Environment),
            ("content:read", Some(scope)) => list(scope, ReadScope::parse).map(Self::ContentRead),
            ("content:write", Some(scope)) => {
                list(scope, WriteScope::parse).map(Self::ContentWrite)
            }
            ("nn", Some(scope)) => model(scope).map(Self::Model),
            _ => Err(FORMS.to_owned()),
        };
        parsed.map_err(|reason| GrantError { grant: text.to_owned(), reason })
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.capability())?;
        match self {
            Self::KeyValue | Self::TrustedHtml | Self::ActorRead => Ok(()),
            Self::Http(HostGrant { host, port }) if host.contains(':') => {
                write!(f, "=[{host}]:{port}")
            }
            Self::Http(HostGrant { host, port }) => write!(f, "={host}:{port}"),
            Self::Folder(FolderGrant { host_path, guest_path, access }) => {
                let access = if *access == Access::ReadOnly { "ro" } else { "rw" };
                write!(f, "={host_path}:{guest_path}:{access}")
            }
            Self::Environment(name) | Self::Model(name) => write!(f, "={name}"),
            Self::ContentRead(scopes) => write!(f, "={}", joined(scopes)),
            Self::ContentWrite(scopes) => write!(f, "={}", joined(scopes)),
        }
    }
}

fn host(scope: &str) -> Result<HostGrant, String> {
    let wrong =
        || "a host is NAME:PORT, ADDRESS:PORT or [IPv6]:PORT, like api.example.com:443".to_owned();
    let (host, port) = scope.rsplit_once(':').ok_or_else(wrong)?;
    let port: u16 = port.parse().ok().filter(|it| *it != 0).ok_or_else(wrong)?;
    let bracketed = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let host = match bracketed {
        Some(address) => address.parse::<core::net::Ipv6Addr>().map_err(|_| wrong())?.to_string(),
        None => {
            let name = host.strip_prefix("*.").unwrap_or(host);
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
            let well = !name.is_empty()
                && name.chars().all(plain)
                && !name.starts_with('.')
                && !name.contains("..");
            if well { host.to_ascii_lowercase() } else { return Err(wrong()) }
        }
    };
    Ok(HostGrant { host, port })
}

fn folder(scope: &str) -> Result<FolderGrant, String> {
    let wrong =
        || "a folder is FOLDER:/NAME:ro or FOLDER:/NAME:rw, like ./stories:/stories:ro".to_owned();
    let (rest, access) = scope.rsplit_once(':').ok_or_else(wrong)?;
    let access = match access {
        "ro" => Access::ReadOnly,
        "rw" => Access::ReadWrite,
        _ => return Err(wrong()),
    };
    let (host_path, guest_path) = rest.rsplit_once(':').ok_or_else(wrong)?;
    if host_path.is_empty() || !guest_path.starts_with('/') {
        return Err(wrong());
    }
    Ok(FolderGrant { host_path: host_path.to_owned(), guest_path: guest_path.to_owned(), access })
}

fn variable(scope: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let well = !scope.is_empty() && scope.chars().all(plain);
    if well { Ok(scope.to_owned()) } else { Err("a variable is one name, like env=TZ".to_owned()) }
}

fn model(scope: &str) -> Result<String, String> {
    if is_model_name(scope) {
        return Ok(scope.to_owned());
    }
    Err("a model is one name of a-z, 0-9, `.`, `_` and `-`, like nn=storyteller".to_owned())
}

/// Whether models can be called this: 1 to 64 of `a-z`, `0-9`, `.`, `_` and `-`, the first one a letter or a digit.
#[must_use]
pub fn is_model_name(name: &str) -> bool {
    let begins = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
    let plain = |it: char| begins(it) || matches!(it, '.' | '_' | '-');
    name.len() <= 64 && name.starts_with(begins) && name.chars().all(plain)
}

fn list<T>(scope: &str, one: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    scope.split(',').map(one).collect()
}

fn joined(scopes: &[impl ToString]) -> String {
    scopes.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::Grant;

    #[test]
    fn a_grant_is_read_back_from_its_text() {
        for text in [
            "kv",
            "http=api.example.com:443",
            "http=*.example.com:443",
            "http=127.0.0.1:9000",
            "http=[::1]:9000",
            "fs=./stories:/stories:ro",
            "env=TZ",
            "content:read=posts,pages:drafts",
            "content:read=posts.excerpt+title:own-drafts:as-itself",
            "content:write=posts",
            "content:write=posts.slug+title:own,comments:own:drafts-only:as-itself",
            "nn=all-minilm-l6_v2.int8",
            "html:trusted",
            "actor:read",
        ] {
            assert_eq!(text.parse::<Grant>().map(|it| it.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_reaches_the_machine_or_acts_as_readers_is_for_owners() {
        let is_for_owners = |text: &str| text.parse::<Grant>().unwrap().is_for_owners();
        for text in [
            "fs=./stories:/stories:ro",
            "env=TZ",
            "html:trusted",
            "http=127.0.0.1:80",
            "http=[::1]:80",
            "http=10.0.0.7:5432",
            "http=localhost:80",
        ] {
            assert!(is_for_owners(text), "{text}");
        }
        for text in ["kv", "actor:read", "http=api.example.com:443", "content:write=posts"] {
            assert!(!is_for_owners(text), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_grant_is_refused_with_its_form() {
        for text in [
            "",
            "all",
            "kv=x",
            "http",
            "http=",
            "http=host",
            "http=host:0",
            "http=ho st:80",
            "http=*:80",
            "http=a..b:80",
            "http=[nope]:80",
            "nn",
            "nn=",
            "nn=../secret",
            "nn=Story",
            "fs=/etc",
            "fs=a:b:ro",
            "fs=a:/b:rx",
            "fs=:/b:ro",
            "env=",
            "env=A B",
            "content:read=",
            "content:read=Posts",
            "content:write=posts:drafts",
        ] {
            let error = text.parse::<Grant>().unwrap_err();
            assert!(!error.reason.is_empty(), "{text}");
        }
    }
}
