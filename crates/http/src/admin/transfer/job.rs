//! `/admin/transfer/{id}`: how far one import or export is, and what came of it.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use smartcms_app::ports::{TransferFile, TransferJob, TransferState};
use smartcms_app::transfers::{
    cancel_transfer, find_transfer, forget_transfer, open_file, resume_import,
};
use smartcms_pages::admin::{CountRow, JobPage, NoteBox};

use super::super::answer::{self, Answer};
use super::super::failure::AdminError;
use super::super::form::Form;
use super::super::names::Names;
use super::super::person::Person;
use super::super::plugins::{told, words_of_bytes};
use super::super::visit::Visit;
use super::{URL, row_of};
use crate::state::AppState;

/// Shows one.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
) -> Answer {
    let job = find_transfer(&person.context(&state.app), &id).await?;
    let names = Names::of(&state, &visit, std::iter::once(job.by.as_str())).await;
    answer::page(&state, &page(&state, &visit, job, &names))
}

fn page(state: &AppState, visit: &Visit, job: TransferJob, names: &Names) -> JobPage {
    let row = row_of(&job, names);
    let title = match job.import {
        Some(_) => job.name.clone(),
        None => visit.say("transfer.export", &[]),
    };
    let label = visit.say("nav.transfer", &[]);
    let percent = job.step.done.saturating_mul(100).checked_div(job.step.total);
    let count = |it: smartcms_app::ports::TransferCount| CountRow {
        name: it.name,
        added: it.added,
        present: it.present,
        mended: it.mended,
        failed: it.failed,
    };
    let note = |it: smartcms_app::ports::TransferNotes| NoteBox {
        meaning: it.meaning,
        count: it.count,
        first: it.first,
    };
    let has_file = job.file_bytes > 0 && job.state != TransferState::Running;
    JobPage {
        frame: visit.frame_below(state, title, &[(&label, URL)]),
        step: match job.step.name.as_str() {
            "reading" => "transfer.step.reading",
            "importing" => "transfer.step.importing",
            "packing" => "transfer.step.packing",
            _ => "",
        },
        step_name: job.step.name,
        percent: percent.map(|it| it.min(100)),
        done: job.step.done,
        ended_at: job.ended_at.map(smartcms_domain::Timestamp::as_millis),
        counts: job.counts.into_iter().map(count).collect(),
        notes: job.notes.into_iter().map(note).collect(),
        problem: job.problem.unwrap_or_default(),
        can_go_on: job.can_go_on,
        file_url: if has_file { format!("{}/file", row.url) } else { String::new() },
        file_size: words_of_bytes(job.file_bytes),
        row,
    }
}

/// Does what the button says.
pub(super) async fn act(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let ctx = person.context(&state.app);
    let here = format!("{URL}/{id}");
    let (outcome, to, said) = match form.action().0 {
        "cancel" => (cancel_transfer(&ctx, &id).await, here.as_str(), "transfer.cancelled"),
        "forget" => (forget_transfer(&ctx, &id).await, URL, "transfer.forgotten"),
        "resume" | "import" => {
            return match resume_import(&ctx, &id, false).await {
                Ok(()) => Ok(axum::response::IntoResponse::into_response(
                    axum::response::Redirect::to(&here),
                )),
                Err(error) => told(&state, &visit, &here, error),
            };
        }
        _ => return Err(AdminError::NotFound),
    };
    match outcome {
        Ok(()) => Ok(visit.done(&state, to, said)),
        Err(error) => told(&state, &visit, &here, error),
    }
}

/// `GET …/file`: the archive of an export, or the whole report of an import. It is sent as it is read.
pub(super) async fn file(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
) -> Answer {
    match open_file(&person.context(&state.app), &id).await {
        Ok(file) => Ok(sent(file)),
        Err(error) => told(&state, &visit, &format!("{URL}/{id}"), error),
    }
}

fn sent(file: TransferFile) -> Response {
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    let name: String = file.name.chars().map(|it| if plain(it) { it } else { '-' }).collect();
    let disposition = format!("attachment; filename=\"{name}\"");
    let mut response = Response::new(Body::new(file.body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.bytes_len));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(value) = HeaderValue::try_from(disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
