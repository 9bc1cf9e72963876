//! `/admin/transfer`: moving content in and out.

mod begin;
mod job;
mod list;

use axum::Router;
use smartcms_app::ports::TransferJob;
use smartcms_pages::admin::JobRow;

use super::form::form_post;
use super::names::Names;
use crate::routing::get;
use crate::state::AppState;

const URL: &str = "/admin/transfer";

/// The routes of these pages.
pub(super) fn router() -> Router<AppState> {
    let router = Router::new()
        .route("/admin/transfer", get(list::show).merge(form_post(begin::import)))
        .route("/admin/transfer/export", form_post(begin::export));
    // Nothing is ever moved there: each of these is an address at which nothing is.
    if cfg!(target_family = "wasm") {
        return router;
    }
    router
        .route("/admin/transfer/{id}", get(job::show).merge(form_post(job::act)))
        .route("/admin/transfer/{id}/file", get(job::file))
}

fn row_of(job: &TransferJob, names: &Names) -> JobRow {
    JobRow {
        url: format!("{URL}/{}", job.id),
        name: job.name.clone(),
        format: job.import.as_ref().map(|it| it.format.name()).unwrap_or_default(),
        dry_run: job.import.as_ref().is_some_and(|it| it.dry_run),
        state: job.state.name(),
        by: names.get(&job.by),
        at: job.begun_at.as_millis(),
    }
}
