//! The document format of an entry: its fields as one JSON object.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// The largest document, in bytes of JSON.
pub const FIELDS_BYTES_MAX: usize = 2 * 1024 * 1024;

/// The values of an entry by field name, sorted by name.
///
/// This is the document that is stored and sent: a JSON object. A field without a value is absent.
///
/// Clones share the values until one of them is changed: the public state of an entry and its newest are mostly the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Arc<BTreeMap<String, Value>>);

impl Fields {
    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The value of a field that holds text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// Sets a field; null takes it away.
    pub fn set(&mut self, name: &str, value: Value) {
        let fields = Arc::make_mut(&mut self.0);
        if value.is_null() {
            fields.remove(name);
        } else {
            fields.insert(name.to_owned(), value);
        }
    }

    /// These fields with changes applied: a null takes a field away.
    #[must_use]
    pub fn with(mut self, changes: Fields) -> Self {
        for (name, value) in Arc::unwrap_or_clone(changes.0) {
            self.set(&name, value);
        }
        self
    }

    /// The names of the fields that have a value.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Every field that has a value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether no field has a value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, Value)> for Fields {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(fields: I) -> Self {
        Self(Arc::new(fields.into_iter().collect()))
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(|fields| Self(Arc::new(fields)))
    }
}
