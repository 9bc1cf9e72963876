//! `GET /admin/plugins/{id}/log`: what a plugin said.

use axum::extract::{Path, State};
use smartcms_app::plugins::plugin_log;
use smartcms_pages::admin::{LogRow, PluginLogPage};

use super::super::answer::{self, Answer};
use super::super::person::Person;
use super::super::visit::Visit;
use super::{Known, URL};
use crate::state::AppState;

/// How many lines one page shows.
const LINES: u32 = 200;

/// Shows the newest lines, the newest first.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
) -> Answer {
    let known = Known::find(&state, &person, &id).await?;
    let lines = plugin_log(&person.context(&state.app), &known.record.id, LINES).await?;
    let row = |it: smartcms_app::ports::LogLine| LogRow {
        at: it.at.as_millis(),
        level: it.level.name(),
        source: it.source,
        text: it.text,
    };
    let label = visit.say("nav.plugins", &[]);
    let page = PluginLogPage {
        frame: visit.frame_below(&state, known.record.name.clone(), &[(&label, URL)]),
        head: known.head(&visit, "/log"),
        lines: lines.into_iter().rev().map(row).collect(),
    };
    answer::page(&state, &page)
}
