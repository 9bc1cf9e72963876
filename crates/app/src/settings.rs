//! What the configuration of the site says, for those who set it up. It is changed where it was said: in the file of the
//! site, or in the environment.

use crate::{Fault, FaultKind, OpContext};

/// A setting and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingView {
    /// Its key: `site.title`.
    pub key: &'static str,
    /// The environment variable that sets it.
    pub variable: String,
    /// What it means.
    pub meaning: &'static str,
    /// What it is; `None` for a secret that is set, which is never told.
    pub value: Option<String>,
    /// What it would be if nothing were said.
    pub default: &'static str,
    /// Who says it.
    pub origin: SettingOrigin,
}

/// Who says what a setting is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingOrigin {
    /// Nobody: it is what it usually is.
    Default,
    /// The file of the site, at this path.
    File(String),
    /// The environment, by the variable of the setting.
    Environment,
}

/// The actor may not see the settings.
#[derive(Debug, thiserror::Error)]
#[error("{0} may not see the settings of the site")]
pub struct SettingsDenied(String);

impl Fault for SettingsDenied {
    fn kind(&self) -> FaultKind {
        FaultKind::Forbidden
    }

    fn code(&self) -> &'static str {
        "settings.denied"
    }

    fn hint(&self) -> Option<String> {
        Some("settings need the role administrator or owner".to_owned())
    }
}

/// Every setting, as the process was started with it.
pub fn list_settings<'a>(ctx: &OpContext<'a>) -> Result<&'a [SettingView], SettingsDenied> {
    if ctx.actor.may_manage_site() {
        return Ok(&ctx.app.settings);
    }
    Err(SettingsDenied(ctx.actor.to_string()))
}
