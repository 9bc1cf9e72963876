//! Where settings come from, and which source wins.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::ConfigError;
use crate::table::{SETTINGS, Setting};
use smartcms_app::settings::{SettingOrigin, SettingView};
use smartcms_domain::nearest;

/// The name of the configuration file in the site folder.
pub const CONFIG_FILE_NAME: &str = "smartcms.toml";

/// The texts of all settings that were set, with where each was set.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    values: BTreeMap<&'static str, Sourced>,
}

/// A text and where it came from.
#[derive(Debug, Clone)]
pub(crate) struct Sourced {
    pub(crate) text: String,
    pub(crate) origin: String,
}

impl Sources {
    /// Reads the site's file, if there is one, and then the variables, which win.
    pub fn read(
        site: &Path,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut sources = Self::default();
        let path = site.join(CONFIG_FILE_NAME);
        match std::fs::read_to_string(&path) {
            Ok(text) => sources.add_file(&path, &text)?,
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(ConfigError::Read { path, source }),
        }
        sources.add_variables(variables)?;
        Ok(sources)
    }

    /// Reads variables alone: for hosts without files.
    pub fn of_variables(
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut sources = Self::default();
        sources.add_variables(variables)?;
        Ok(sources)
    }

    fn add_file(&mut self, path: &Path, text: &str) -> Result<(), ConfigError> {
        let syntax =
            |source| ConfigError::Syntax { path: path.to_owned(), source: Box::new(source) };
        let root: toml::Table = toml::from_str(text).map_err(syntax)?;
        let origin = path.display().to_string();
        for (table, value) in root {
            match value {
                toml::Value::Table(settings) => {
                    for (name, value) in settings {
                        self.set(&format!("{table}.{name}"), text_of(&value), &origin)?;
                    }
                }
                other => self.set(&table, text_of(&other), &origin)?,
            }
        }
        Ok(())
    }

    fn add_variables(
        &mut self,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<(), ConfigError> {
        for (name, text) in variables {
            // The log filter is read where logging starts; it is not a setting of the site.
            if !name.starts_with("SMARTCMS_") || name == "SMARTCMS_LOG" {
                continue;
            }
            let names: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
            let Some(setting) = SETTINGS.iter().find(|it| it.variable() == name) else {
                let nearest = nearest(&name, names.iter().map(String::as_str)).map(str::to_owned);
                return Err(ConfigError::UnknownKey {
                    origin: "the environment".to_owned(),
                    key: name,
                    nearest,
                });
            };
            let origin = origin_of(&name);
            self.values.insert(setting.key, Sourced { text, origin });
        }
        Ok(())
    }

    fn set(&mut self, key: &str, text: String, origin: &str) -> Result<(), ConfigError> {
        let Some(setting) = SETTINGS.iter().find(|it| it.key == key) else {
            let nearest = nearest(key, SETTINGS.iter().map(|it| it.key)).map(str::to_owned);
            return Err(ConfigError::UnknownKey {
                origin: origin.to_owned(),
                key: key.to_owned(),
                nearest,
            });
        };
        self.values.insert(setting.key, Sourced { text, origin: origin.to_owned() });
        Ok(())
    }

    /// Every setting for people to see; secrets are not told.
    pub(crate) fn shown(&self) -> Vec<SettingView> {
        SETTINGS.iter().map(|it| self.view(it)).collect()
    }

    fn view(&self, setting: &Setting) -> SettingView {
        let variable = setting.variable();
        let set = self.values.get(setting.key);
        let origin = match set {
            None => SettingOrigin::Default,
            Some(it) if it.origin == origin_of(&variable) => SettingOrigin::Environment,
            Some(it) => SettingOrigin::File(it.origin.clone()),
        };
        let value = set.map_or(setting.default, |it| it.text.as_str());
        let is_told = value.is_empty() || !setting.is_secret();
        SettingView {
            key: setting.key,
            variable,
            meaning: setting.meaning,
            value: is_told.then(|| value.to_owned()),
            default: setting.default,
            origin,
        }
    }

    /// The text of a setting: as it was set, or its default.
    pub(crate) fn get(&self, key: &str) -> Sourced {
        let default = || SETTINGS.iter().find(|it| it.key == key).map_or("", |it| it.default);
        let unset = || Sourced { text: default().to_owned(), origin: "the default".to_owned() };
        self.values.get(key).cloned().unwrap_or_else(unset)
    }
}

fn origin_of(variable: &str) -> String {
    format!("the environment variable {variable}")
}

fn text_of(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use smartcms_app::settings::SettingOrigin;

    use super::Sources;

    #[track_caller]
    fn check_error(file: &str, expected: &str) {
        let error = Sources::default().add_file(Path::new("smartcms.toml"), file).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn an_unknown_key_names_the_nearest_one() {
        check_error(
            "[site]\ntitel = \"x\"\n",
            "smartcms.toml: there is no setting `site.titel`; did you mean `site.title`?",
        );
        check_error("[xyzzy]\nfoo = 1\n", "smartcms.toml: there is no setting `xyzzy.foo`");
    }

    #[test]
    fn an_unknown_variable_names_the_nearest_one() {
        let variables = [("SMARTCMS_SITE_TITEL".to_owned(), "x".to_owned())];
        let error = Sources::default().add_variables(variables).unwrap_err();
        assert!(error.to_string().ends_with("did you mean `SMARTCMS_SITE_TITLE`?"), "{error}");
    }

    #[test]
    fn what_is_shown_says_where_it_comes_from_and_tells_no_secret() {
        let mut sources = Sources::default();
        let file = "[site]\ntitle = \"A\"\n[mail]\nsmtp_password = \"hunter2\"\n";
        sources.add_file(Path::new("smartcms.toml"), file).unwrap();
        let variables = [
            ("SMARTCMS_SITE_LANGUAGE".to_owned(), "de".to_owned()),
            ("SMARTCMS_OIDC_CLIENT_SECRET".to_owned(), "hunter3".to_owned()),
        ];
        sources.add_variables(variables).unwrap();
        let shown = sources.shown();
        let found = |key: &str| shown.iter().find(|it| it.key == key).unwrap();
        assert_eq!(found("site.title").value.as_deref(), Some("A"));
        assert_eq!(found("site.title").origin, SettingOrigin::File("smartcms.toml".to_owned()));
        assert_eq!(found("site.language").origin, SettingOrigin::Environment);
        assert_eq!(found("server.listen").origin, SettingOrigin::Default);
        assert_eq!(found("mail.smtp_password").value, None);
        assert_eq!(found("oidc.client_secret").value, None);
        assert!(!format!("{shown:?}").contains("hunter"));
    }

    #[test]
    fn a_variable_wins_over_the_file() {
        let mut sources = Sources::default();
        sources.add_file(Path::new("f"), "[site]\ntitle = \"file\"\n").unwrap();
        let variables = [("SMARTCMS_SITE_TITLE".to_owned(), "variable".to_owned())];
        sources.add_variables(variables).unwrap();
        assert_eq!(sources.get("site.title").text, "variable");
        assert_eq!(sources.get("site.language").text, "en");
    }
}
