//! `GET /admin/transfer`: what was moved, and forms to move more.

use axum::extract::State;
use smartcms_app::ports::TransferState;
use smartcms_app::transfers::{list_transfers, may_export};
use smartcms_pages::admin::TransferPage;

use super::super::answer::{self, Answer};
use super::super::names::Names;
use super::super::person::Person;
use super::super::plugins::words_of_bytes;
use super::super::visit::Visit;
use super::row_of;
use crate::state::AppState;

/// Shows imports and exports.
pub(super) async fn show(State(state): State<AppState>, visit: Visit, person: Person) -> Answer {
    let ctx = person.context(&state.app);
    let jobs = list_transfers(&ctx).await?;
    let names = Names::of(&state, &visit, jobs.iter().map(|it| it.by.as_str())).await;
    let page = TransferPage {
        frame: visit.frame(&state, visit.say("nav.transfer", &[])),
        size_max: state.app.transfers.upload_bytes_max().map(words_of_bytes).unwrap_or_default(),
        may_export: may_export(&ctx),
        is_busy: jobs.iter().any(|it| it.state == TransferState::Running),
        jobs: jobs.iter().map(|it| row_of(it, &names)).collect(),
    };
    answer::page(&state, &page)
}
