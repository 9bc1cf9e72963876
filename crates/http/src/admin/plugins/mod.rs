//! `/admin/plugins`: which plugins there are, what each may reach, and how it does.

mod act;
mod file;
mod fixed;
mod list;
mod log;
mod reach;
mod scope;
mod settings;
mod show;
mod upload;
mod words;
mod work;

use axum::Router;
use axum::response::Response;
use smartcms_app::plugins::{PluginAdminError, PluginStanding, facts_of, plugin_health, standing};
use smartcms_app::ports::{PluginFacts, PluginRecord, PluginReport};
use smartcms_app::{Fault, FaultKind};
use smartcms_domain::plugins::PluginId;
use smartcms_pages::admin::{FlashKind, PluginHead, PluginNumbers, PluginState, Tab};

use super::failure::AdminError;
use super::form::form_post;
use super::person::Person;
use super::visit::Visit;
use crate::routing::get;
use crate::state::AppState;

pub(super) use self::words::words_of_bytes;

const URL: &str = "/admin/plugins";
/// Where files are that wait: plugins can have any id, so they are not below the plugins.
const FILES_URL: &str = "/admin/plugin-files";
/// The pages of one plugin: what follows its address, and the keys of their names.
const PAGES: [(&str, &str); 4] = [
    ("", "plugin.tab.reach"),
    ("/settings", "plugin.tab.settings"),
    ("/work", "plugin.tab.work"),
    ("/log", "plugin.tab.log"),
];

/// The routes of the pages about plugins.
pub(super) fn router() -> Router<AppState> {
    let shown = Router::new()
        .route("/admin/plugins", get(list::show))
        .route("/admin/plugins/{id}", get(show::show))
        .route("/admin/plugins/{id}/settings", get(settings::show))
        .route("/admin/plugins/{id}/work", get(work::show).merge(form_post(work::act)))
        .route("/admin/plugins/{id}/log", get(log::show));
    if cfg!(target_family = "wasm") {
        return shown.merge(fixed::router());
    }
    shown
        .route("/admin/plugins", form_post(upload::new))
        .route("/admin/plugin-files/{digest}", get(file::show).merge(form_post(file::take)))
        .route("/admin/plugins/{id}", form_post(act::act))
        .route("/admin/plugins/{id}/upgrade", form_post(upload::upgrade))
        .route("/admin/plugins/{id}/settings", form_post(settings::save))
}

fn id_of(text: &str) -> Result<PluginId, AdminError> {
    PluginId::parse(text).map_err(|_| AdminError::NotFound)
}

fn url_of(id: &PluginId) -> String {
    format!("{URL}/{id}")
}

/// A plugin with what its pages show of it.
struct Known {
    record: PluginRecord,
    facts: Option<std::sync::Arc<PluginFacts>>,
    report: Option<PluginReport>,
}

impl Known {
    async fn find(state: &AppState, person: &Person, id: &str) -> Result<Self, AdminError> {
        let ctx = person.context(&state.app);
        let record = smartcms_app::plugins::find_plugin(&ctx, &id_of(id)?).await?;
        let mut health = plugin_health(&state.app).await.map_err(PluginAdminError::from)?;
        let report = health.remove(&record.id);
        let facts = facts_of(&ctx, &record).await?;
        Ok(Self { record, facts, report })
    }

    fn head(&self, visit: &Visit, page: &str) -> PluginHead {
        let url = url_of(&self.record.id);
        let tab = |(after, key): (&str, &str)| Tab {
            label: visit.say(key, &[]),
            url: format!("{url}{after}"),
            value: after.to_owned(),
            is_current: after == page,
        };
        PluginHead {
            id: self.record.id.to_string(),
            name: self.record.name.clone(),
            version: self.record.version.clone(),
            state: state_of(&self.record, self.facts.as_deref(), self.report.as_ref()),
            tabs: PAGES.into_iter().map(tab).collect(),
            url,
        }
    }
}

fn state_of(
    record: &PluginRecord,
    facts: Option<&PluginFacts>,
    report: Option<&PluginReport>,
) -> PluginState {
    let (name, reason) = match standing(record, facts, report) {
        PluginStanding::On => ("on", String::new()),
        PluginStanding::Off => ("off", String::new()),
        PluginStanding::Lacks(names) => ("lacks", names.join(", ")),
        PluginStanding::Paused(reason) => ("paused", reason),
        PluginStanding::Unusable(reason) => ("unusable", reason),
    };
    PluginState { name, reason }
}

fn numbers_of(report: &PluginReport) -> PluginNumbers {
    let it = &report.measures;
    let share =
        |percent| it.time_of_share(percent).map_or_else(|| "–".to_owned(), |it| format!("{it:?}"));
    PluginNumbers {
        calls: it.calls,
        half: share(50),
        most: share(99),
        memory: words_of_bytes(it.memory_peak_bytes),
        traps: it.traps,
        timeouts: it.timeouts,
        limits: it.limits,
        denials: it.denials,
        turned_away: it.turned_away,
    }
}

/// Sends somebody back with why an action was not done, where they can mend it; else it is a page of its own.
pub(super) fn told<E: Fault + Into<AdminError>>(
    state: &AppState,
    visit: &Visit,
    to: &str,
    error: E,
) -> Result<Response, AdminError> {
    match error.kind() {
        FaultKind::Conflict | FaultKind::Invalid | FaultKind::Limit | FaultKind::Plugin => {
            let text = match error.hint() {
                Some(hint) => format!("{error}. {hint}"),
                None => error.to_string(),
            };
            Ok(visit.news(state, to, FlashKind::Failed, text))
        }
        _ => Err(error.into()),
    }
}
