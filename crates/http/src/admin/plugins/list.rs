//! `GET /admin/plugins`: every plugin and how it does.

use axum::extract::State;
use smartcms_app::plugins::{PluginAdminError, facts_of, list_plugins, plugin_health};
use smartcms_pages::admin::{PluginListPage, PluginRow};

use super::super::answer::{self, Answer};
use super::super::person::Person;
use super::super::visit::Visit;
use super::{numbers_of, state_of, url_of, words_of_bytes};
use crate::state::AppState;

/// Shows the plugins.
pub(super) async fn show(State(state): State<AppState>, visit: Visit, person: Person) -> Answer {
    let ctx = person.context(&state.app);
    let records = list_plugins(&ctx).await?;
    let mut health = plugin_health(&state.app).await.map_err(PluginAdminError::from)?;
    let mut rows = Vec::with_capacity(records.len());
    for record in records {
        let facts = facts_of(&ctx, &record).await?;
        let report = health.remove(&record.id).filter(|_| record.enabled);
        rows.push(PluginRow {
            name: record.name.clone(),
            id: record.id.to_string(),
            url: url_of(&record.id),
            version: record.version.clone(),
            state: state_of(&record, facts.as_deref(), report.as_ref()),
            did: report.as_ref().map(numbers_of),
        });
    }
    let size_max = state.app.plugin_files.bytes_max().map(words_of_bytes).unwrap_or_default();
    let frame = visit.frame(&state, visit.say("nav.plugins", &[]));
    answer::page(&state, &PluginListPage { frame, rows, size_max })
}
