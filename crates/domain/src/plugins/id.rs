//! Identity of plugins.

use std::fmt;

/// The longest id of a plugin, in bytes.
pub const PLUGIN_ID_LEN_MAX: usize = 64;

/// The id of a plugin: `a-z`, `0-9` and inner hyphens, beginning with a letter. It is part of addresses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PluginId(String); // Invariant: checked by `parse`, or the one that `parse` refuses.

/// No plugin has it: it does not begin with a letter.
const SHARED_KEYS: &str = "+shared-keys";

/// The text is not the id of a plugin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a plugin id: 1 to {PLUGIN_ID_LEN_MAX} of a-z, 0-9 and inner hyphens, beginning with a letter"
)]
pub struct PluginIdError(String);

impl PluginId {
    /// Checks a text.
    pub fn parse(text: &str) -> Result<Self, PluginIdError> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let fits = text.len() <= PLUGIN_ID_LEN_MAX && text.chars().all(allowed);
        let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
        let wrong = || PluginIdError(text.to_owned());
        if fits && begins && !text.ends_with('-') {
            Ok(Self(text.to_owned()))
        } else {
            Err(wrong())
        }
    }

    /// Whose keys those are that sites elsewhere keep here: of no plugin, and out of reach for all of them.
    pub fn of_shared_keys() -> Self {
        Self(SHARED_KEYS.to_owned())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PluginId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::PluginId;

    #[test]
    fn an_id_is_safe_in_an_address_and_a_file_name() {
        assert!(PluginId::parse("reading-time").is_ok());
        for bad in
            ["", "-a", "a-", "A", "1a", "a/b", "a.b", "..", super::SHARED_KEYS, &"a".repeat(65)]
        {
            assert!(PluginId::parse(bad).is_err(), "{bad}");
        }
    }
}
