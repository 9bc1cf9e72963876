//! `plugins.lock`: which bytes the plugins of a site are, wherever it is set up.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::files::{self, TrustFileError};
use super::keys::PublicKey;
use crate::digest::Sha256Digest;
use crate::reference::Reference;

/// The name of the file, beside `smartcms.toml`.
pub const LOCK_NAME: &str = "plugins.lock";

const REMARK: &str = "# Written by smartcms; keep it with the site's files.\n\
    # `smartcms plugin add --locked` brings exactly these plugins.\n\n";

/// Every plugin that came from a registry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockFile {
    plugins: Vec<LockedPlugin>,
}

/// What is pinned of one plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedPlugin {
    /// Its id in this site.
    pub id: String,
    /// Its version, as it says.
    pub version: String,
    /// Where it came from.
    pub reference: Reference,
    /// The digest of its manifest.
    pub manifest: Sha256Digest,
    /// The digest of its component.
    pub component: Sha256Digest,
    /// The key that it was signed with, when that was trusted.
    pub key: Option<PublicKey>,
    /// The version that this one replaced, for the way back.
    pub replaced: Option<Box<LockedPlugin>>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Rows {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    plugin: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    version: String,
    reference: String,
    manifest: String,
    component: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaced: Option<Box<Row>>,
}

impl LockFile {
    /// Reads the lock of a site; a site without one has pinned nothing.
    pub fn read(site: &Path) -> Result<Self, TrustFileError> {
        let path = site.join(LOCK_NAME);
        let rows: Rows = files::read(&path)?;
        let plugins = rows.plugin.into_iter().map(Row::checked).collect::<Result<_, _>>();
        plugins
            .map(|plugins| Self { plugins })
            .map_err(|reason| TrustFileError::unreadable(path, reason))
    }

    /// Writes it.
    pub fn write(&self, site: &Path) -> Result<(), TrustFileError> {
        let plugin = self.plugins.iter().map(Row::from).collect();
        files::write(&site.join(LOCK_NAME), REMARK, &Rows { plugin })
    }

    /// Every plugin, by id.
    pub fn iter(&self) -> impl Iterator<Item = &LockedPlugin> {
        self.plugins.iter()
    }

    /// What is pinned of a plugin.
    pub fn find(&self, id: &str) -> Option<&LockedPlugin> {
        self.plugins.iter().find(|it| it.id == id)
    }

    /// Pins a plugin in the place of what was pinned of it.
    pub fn pin(&mut self, plugin: LockedPlugin) {
        self.forget(&plugin.id);
        self.plugins.push(plugin);
        self.plugins.sort_by(|a, b| a.id.cmp(&b.id));
    }

    /// Pins a plugin no longer; whether it was.
    pub fn forget(&mut self, id: &str) -> bool {
        let before = self.plugins.len();
        self.plugins.retain(|it| it.id != id);
        self.plugins.len() < before
    }
}

impl Row {
    fn checked(self) -> Result<LockedPlugin, String> {
        let digest = |text: &str| {
            Sha256Digest::parse(text).ok_or_else(|| format!("`{text}` is not a SHA-256 digest"))
        };
        Ok(LockedPlugin {
            reference: Reference::parse(&self.reference).map_err(|error| error.to_string())?,
            manifest: digest(&self.manifest)?,
            component: digest(&self.component)?,
            key: self
                .key
                .map(|it| PublicKey::parse(&it).map_err(|error| error.to_string()))
                .transpose()?,
            // One step back is kept, and no more.
            replaced: self
                .replaced
                .map(|it| Row { replaced: None, ..*it }.checked().map(Box::new))
                .transpose()?,
            id: self.id,
            version: self.version,
        })
    }
}

impl From<&LockedPlugin> for Row {
    fn from(plugin: &LockedPlugin) -> Self {
        Self {
            id: plugin.id.clone(),
            version: plugin.version.clone(),
            reference: plugin.reference.to_string(),
            manifest: plugin.manifest.to_string(),
            component: plugin.component.to_string(),
            key: plugin.key.as_ref().map(ToString::to_string),
            replaced: plugin.replaced.as_deref().map(|it| Box::new(Self::from(it))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LOCK_NAME, LockFile, LockedPlugin, Reference, Sha256Digest};

    fn locked(id: &str) -> LockedPlugin {
        LockedPlugin {
            id: id.to_owned(),
            version: "0.1.0".to_owned(),
            reference: Reference::parse("localhost:5000/ada/visits:0.1").unwrap(),
            manifest: Sha256Digest::of(b"manifest"),
            component: Sha256Digest::of(b"component"),
            key: None,
            replaced: None,
        }
    }

    #[test]
    fn a_lock_is_read_back_and_sorted() {
        let site = tempfile::tempdir().unwrap();
        let mut lock = LockFile::read(site.path()).unwrap();
        assert_eq!(lock, LockFile::default());
        lock.pin(locked("visits"));
        lock.pin(locked("toc"));
        let replaced = Some(Box::new(locked("visits")));
        lock.pin(LockedPlugin { version: "0.2.0".to_owned(), replaced, ..locked("visits") });
        lock.write(site.path()).unwrap();
        let read = LockFile::read(site.path()).unwrap();
        assert_eq!(read, lock);
        let ids: Vec<_> = read.iter().map(|it| (it.id.as_str(), it.version.as_str())).collect();
        assert_eq!(ids, [("toc", "0.1.0"), ("visits", "0.2.0")]);
    }

    #[test]
    fn a_lock_that_says_something_else_is_refused() {
        let site = tempfile::tempdir().unwrap();
        for text in ["plugin = 1", "[[plugin]]\nid = 'a'", "[[plugins]]\nid = 'a'"] {
            std::fs::write(site.path().join(LOCK_NAME), text).unwrap();
            let error = LockFile::read(site.path()).unwrap_err().to_string();
            assert!(error.contains(LOCK_NAME), "{error}");
        }
    }
}
