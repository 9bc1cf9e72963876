//! `GET /api/v1/audit`: who did what to what.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Serialize;
use smartcms_app::App;
use smartcms_app::audit::{audit_place, digest_text, list_audit};
use smartcms_app::ports::{AuditOutcome, AuditQuery, AuditRecord};
use smartcms_domain::{Problem, Timestamp};

use crate::caller::Caller;
use crate::cursor;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::rest::v1::list::Page;
use crate::routing::get;
use crate::state::AppState;

const PARAMETERS: [&str; 9] = [
    "actor",
    "operation",
    "target_kind",
    "target_id",
    "outcome",
    "since",
    "until",
    "limit",
    "cursor",
];

/// The route of the audit log.
pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/api/v1/audit", get(list))
}

#[derive(Serialize)]
struct RecordBody<'a> {
    id: String,
    at: String,
    actor: &'a str,
    operation: &'a str,
    outcome: &'static str,
    target: Option<TargetBody<'a>>,
    before: Option<String>,
    after: Option<String>,
    address: Option<&'a str>,
    user_agent: Option<&'a str>,
    detail: Option<&'a str>,
}

#[derive(Serialize)]
struct TargetBody<'a> {
    kind: &'a str,
    id: &'a str,
}

impl<'a> From<&'a AuditRecord> for RecordBody<'a> {
    fn from(record: &'a AuditRecord) -> Self {
        Self {
            id: record.id.to_string(),
            at: record.at.to_string(),
            actor: &record.actor,
            operation: &record.operation,
            outcome: record.outcome.name(),
            target: record.target.as_ref().map(|it| TargetBody { kind: &it.kind, id: &it.id }),
            before: record.before.map(digest_text),
            after: record.after.map(digest_text),
            address: record.client.address.as_deref(),
            user_agent: record.client.user_agent.as_deref(),
            detail: record.detail.as_deref(),
        }
    }
}

/// Lists records, the newest first.
async fn list(State(app): State<App>, uri: Uri, caller: Caller) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    let parameters = Parameters::parse(&uri, &PARAMETERS)?;
    let text = |name: &str| parameters.get(name).map(str::to_owned);
    let read = |text| audit_place(text).ok_or_else(cursor::malformed);
    let query = AuditQuery {
        actor: text("actor"),
        operation: text("operation"),
        target_kind: text("target_kind"),
        target_id: text("target_id"),
        outcome: parameters.get("outcome").map(outcome).transpose()?,
        since: time(&parameters, "since")?,
        until: time(&parameters, "until")?,
        before: parameters.get("cursor").map(read).transpose()?,
        limit: parameters.limit()?,
    };
    let page = list_audit(&caller.context(&app), query).await?;
    let body = Page {
        items: page.records.iter().map(RecordBody::from).collect(),
        next: page.next.map(|it| it.as_simple().to_string()),
        included: None,
        warnings: Vec::new(),
    };
    let mut response = reply::json(StatusCode::OK, JSON, &body);
    reply::set_caching(response.headers_mut(), false);
    Ok(response)
}

fn outcome(name: &str) -> Result<AuditOutcome, HttpProblem> {
    AuditOutcome::named(name).ok_or_else(|| {
        let known = AuditOutcome::ALL.map(AuditOutcome::name).join("`, `");
        refused("outcome", format!("`outcome` cannot be `{name}`; it is one of `{known}`"))
    })
}

fn time(parameters: &Parameters, name: &str) -> Result<Option<Timestamp>, HttpProblem> {
    let Some(text) = parameters.get(name) else { return Ok(None) };
    let read = Timestamp::parse(text);
    read.map(Some).map_err(|error| refused(name, format!("`{name}`: {error}")))
}

fn refused(field: &str, message: String) -> HttpProblem {
    let problem = Problem::field(field, "malformed", message.clone());
    HttpProblem::bad_request("request.query", message).with_problems(vec![problem])
}
