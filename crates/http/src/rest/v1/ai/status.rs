//! `GET /api/v1/ai/status`: what the caller can have.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use serde_json::{Value, json};
use smartcms_app::App;
use smartcms_app::assist::{AssistStatus, BudgetStatus, TaskStatus, assist_status};

use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};

pub(super) async fn read(
    State(app): State<App>,
    uri: Uri,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let status = assist_status(&caller.context(&app)).await?;
    let mut response = reply::json(StatusCode::OK, JSON, &document(&status));
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The status as JSON.
pub(crate) fn document(status: &AssistStatus) -> Value {
    let budget = status.budget.map(|(person, site)| {
        json!({ "person": budget(person), "site": budget(site),
            "renewed_at": status.renewed_at.to_string() })
    });
    let (detail, hint) = split(status.refusal.as_ref());
    json!({
        "allowed": status.refusal.is_none(),
        "detail": detail,
        "hint": hint,
        "models": { "text": status.text_models, "images": status.image_models },
        "tasks": status.tasks.iter().map(task).collect::<Vec<_>>(),
        "budget": budget,
    })
}

fn task(status: &TaskStatus) -> Value {
    let (detail, hint) = split(status.lacking.as_ref());
    json!({ "task": status.task.name(), "available": status.lacking.is_none(),
        "detail": detail, "hint": hint })
}

fn budget(budget: BudgetStatus) -> Value {
    json!({ "limit": budget.limit, "used": budget.used, "left": budget.left() })
}

fn split(said: Option<&(String, Option<String>)>) -> (Option<&str>, Option<&str>) {
    match said {
        Some((detail, hint)) => (Some(detail), hint.as_deref()),
        None => (None, None),
    }
}
