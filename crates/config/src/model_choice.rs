//! Which model of which plugin.

use std::fmt;
use std::str::FromStr;

use smartcms_domain::plugins::PluginId;

/// A model of a plugin, as an operator writes it: `local/tiny`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelChoice {
    /// Who brings it.
    pub plugin: PluginId,
    /// Its name.
    pub model: String,
}

/// The text names no model of a plugin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no model: write a plugin and its model, like local/tiny")]
pub struct ModelChoiceError(String);

impl FromStr for ModelChoice {
    type Err = ModelChoiceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || ModelChoiceError(text.to_owned());
        // A model may have a `/` in its name, a plugin has none.
        let (plugin, model) = text.split_once('/').ok_or_else(wrong)?;
        let plugin = PluginId::parse(plugin).map_err(|_| wrong())?;
        let plain = |it: char| !it.is_whitespace() && !it.is_control();
        if model.is_empty() || !model.chars().all(plain) {
            return Err(wrong());
        }
        Ok(Self { plugin, model: model.to_owned() })
    }
}

impl fmt::Display for ModelChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.plugin, self.model)
    }
}

#[cfg(test)]
mod tests {
    use super::ModelChoice;

    #[test]
    fn a_model_is_named_behind_its_plugin() {
        let choice: ModelChoice = "local/org/tiny:1b".parse().unwrap();
        assert_eq!((choice.plugin.as_str(), choice.model.as_str()), ("local", "org/tiny:1b"));
        assert_eq!(choice.to_string(), "local/org/tiny:1b");
        for bad in ["tiny", "local/", "/tiny", "Local Model/tiny", "local/a b"] {
            assert!(bad.parse::<ModelChoice>().is_err(), "{bad}");
        }
    }
}
