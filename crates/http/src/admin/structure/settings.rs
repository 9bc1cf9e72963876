//! `GET /admin/settings`: what the configuration says, and where it is said.

use axum::extract::State;
use smartcms_app::settings::{SettingOrigin, SettingView, list_settings};
use smartcms_pages::admin::{SettingGroup, SettingRow, SettingsPage};

use super::super::answer::{self, Answer};
use super::super::failure::AdminError;
use super::super::person::Person;
use super::super::visit::Visit;
use crate::state::AppState;

/// Shows every setting, by its table.
pub(in super::super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
) -> Answer {
    let ctx = person.context(&state.app);
    let settings = list_settings(&ctx).map_err(|_| AdminError::Denied)?;
    let mut groups: Vec<SettingGroup> = Vec::new();
    for setting in settings {
        let (table, _) = setting.key.split_once('.').unwrap_or((setting.key, ""));
        match groups.last_mut().filter(|it| it.name == table) {
            Some(group) => group.rows.push(row(setting)),
            None => groups.push(SettingGroup { name: table, rows: vec![row(setting)] }),
        }
    }
    let frame = visit.frame(&state, visit.say("settings.title", &[]));
    answer::page(&state, &SettingsPage { frame, groups })
}

fn row(setting: &SettingView) -> SettingRow {
    let file = match &setting.origin {
        SettingOrigin::File(path) => path.clone(),
        _ => String::new(),
    };
    SettingRow {
        key: setting.key,
        variable: setting.variable.clone(),
        meaning: setting.meaning,
        is_secret: setting.value.is_none(),
        value: setting.value.clone().unwrap_or_default(),
        origin: match setting.origin {
            SettingOrigin::Default => "default",
            SettingOrigin::File(_) => "file",
            SettingOrigin::Environment => "environment",
        },
        file,
    }
}
