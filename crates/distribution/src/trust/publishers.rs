//! `publishers.toml`: whose plugins an operator takes.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::files::{self, TrustFileError};
use super::keys::PublicKey;

/// The name of the file, beside `smartcms.toml`.
pub const PUBLISHERS_NAME: &str = "publishers.toml";

const REMARK: &str =
    "# Publishers whose plugins this site takes. Written by `smartcms plugin trust`.\n\n";

/// A publisher with one of its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// What the operator calls it.
    pub name: String,
    /// The key.
    pub key: PublicKey,
}

/// The trusted publishers. One can have several keys: an old and a new one while it changes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Publishers(Vec<Publisher>);

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Rows {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    publisher: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    key: String,
}

impl Publishers {
    /// Reads those of a site.
    pub fn read(site: &Path) -> Result<Self, TrustFileError> {
        let path = site.join(PUBLISHERS_NAME);
        let rows: Rows = files::read(&path)?;
        let checked =
            |row: Row| PublicKey::parse(&row.key).map(|key| Publisher { name: row.name, key });
        let publishers = rows.publisher.into_iter().map(checked).collect::<Result<_, _>>();
        publishers.map(Self).map_err(|error| TrustFileError::unreadable(path, error.to_string()))
    }

    /// Writes them.
    pub fn write(&self, site: &Path) -> Result<(), TrustFileError> {
        let row = |it: &Publisher| Row { name: it.name.clone(), key: it.key.to_string() };
        let publisher = self.0.iter().map(row).collect();
        files::write(&site.join(PUBLISHERS_NAME), REMARK, &Rows { publisher })
    }

    /// Each publisher with each of its keys, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Publisher> {
        self.0.iter()
    }

    /// Every key.
    pub fn keys(&self) -> Vec<PublicKey> {
        self.0.iter().map(|it| it.key.clone()).collect()
    }

    /// Whose key this is.
    pub fn of(&self, key: &PublicKey) -> Option<&str> {
        self.0.iter().find(|it| it.key == *key).map(|it| it.name.as_str())
    }

    /// Trusts a publisher with a key; `false` when it did already. A key is of one publisher: it leaves another.
    pub fn add(&mut self, name: &str, key: PublicKey) -> bool {
        if self.of(&key) == Some(name) {
            return false;
        }
        self.0.retain(|it| it.key != key);
        self.0.push(Publisher { name: name.to_owned(), key });
        self.0.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.key.cmp(&b.key)));
        true
    }

    /// Trusts a publisher no longer, or one of its keys; how many keys that were.
    pub fn remove(&mut self, name: &str, key: Option<&PublicKey>) -> usize {
        let before = self.0.len();
        self.0.retain(|it| it.name != name || key.is_some_and(|key| it.key != *key));
        before - self.0.len()
    }
}
