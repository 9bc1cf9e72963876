//! The plugin's own settings, as the operator gave them. No grant is needed: a plugin reads its own and no others.
//!
//! In tests outside WebAssembly the settings are those of [`testing::set_setting`](crate::testing::set_setting).

use std::fmt;
use std::str::FromStr;

#[cfg(target_arch = "wasm32")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit/deps/config", world: "wasi:config/imports" });
}

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    /// Its name.
    pub name: String,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the setting `{}` cannot be used: {}", self.name, self.reason)
    }
}

impl std::error::Error for SettingError {}

/// A setting as it was written: text as it is, anything else as JSON. None when it was not given.
pub fn get(name: &str) -> Result<Option<String>, SettingError> {
    read(name).map_err(|reason| SettingError { name: name.to_owned(), reason })
}

/// A setting as a number, a boolean or any other type that can be read from text; the default when it was not given.
///
/// ```
/// let longest: usize = smartcms_plugin::settings::get_or("longest", 80)?;
/// # assert_eq!(longest, 80);
/// # Ok::<(), smartcms_plugin::settings::SettingError>(())
/// ```
pub fn get_or<T>(name: &str, default: T) -> Result<T, SettingError>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    let Some(text) = get(name)? else { return Ok(default) };
    text.parse().map_err(|error: T::Err| SettingError {
        name: name.to_owned(),
        reason: format!("{text:?}: {error}"),
    })
}

/// Every setting by name.
pub fn all() -> Result<Vec<(String, String)>, SettingError> {
    read_all().map_err(|reason| SettingError { name: "*".to_owned(), reason })
}

#[cfg(target_arch = "wasm32")]
fn read(name: &str) -> Result<Option<String>, String> {
    bindings::wasi::config::store::get(name).map_err(reason)
}

#[cfg(target_arch = "wasm32")]
fn read_all() -> Result<Vec<(String, String)>, String> {
    bindings::wasi::config::store::get_all().map_err(reason)
}

#[cfg(target_arch = "wasm32")]
fn reason(error: bindings::wasi::config::store::Error) -> String {
    match error {
        bindings::wasi::config::store::Error::Upstream(text)
        | bindings::wasi::config::store::Error::Io(text) => text,
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn read(name: &str) -> Result<Option<String>, String> {
    Ok(crate::testing::settings().into_iter().find(|it| it.0 == name).map(|it| it.1))
}

#[cfg(not(target_arch = "wasm32"))]
fn read_all() -> Result<Vec<(String, String)>, String> {
    Ok(crate::testing::settings())
}

#[cfg(test)]
mod tests {
    use super::{get, get_or};
    use crate::testing::set_setting;

    #[test]
    fn a_setting_is_read_as_the_type_that_is_wanted() {
        set_setting("longest", "120");
        set_setting("site", "home");
        assert_eq!(get_or("longest", 80), Ok(120));
        assert_eq!(get_or("absent", 80), Ok(80));
        assert_eq!(get("site"), Ok(Some("home".to_owned())));
        let error = get_or("site", 80).unwrap_err().to_string();
        assert!(error.contains("`site`") && error.contains("home"), "{error}");
    }
}
