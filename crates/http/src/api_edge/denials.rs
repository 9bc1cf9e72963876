//! Who was turned away, for the audit log.
//!
//! Each costs a write, and anybody can be turned away as often as they like: so many a minute are recorded, and how many
//! more there were is said with the next one.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, Method, StatusCode, Uri};
use axum::response::Response;
use smartcms_app::audit::Deed;
use smartcms_app::ports::AuditOutcome;
use smartcms_domain::Timestamp;

use crate::problem::ProblemCode;
use crate::state::AppState;

/// How many refusals are recorded in a minute.
pub const DENIALS_PER_MINUTE_MAX: u32 = 120;

const MINUTE_MS: i64 = 60_000;

/// How many refusals were recorded. Cheap to clone; clones count together.
#[derive(Clone, Default)]
pub(crate) struct Denials(Arc<Mutex<Counted>>);

#[derive(Default)]
struct Counted {
    minute: i64,
    recorded: u32,
    /// Those that were not, since the last one that was.
    left_out: u64,
}

/// What was asked for, as far as it is recorded.
pub(crate) struct Asked {
    method: Method,
    uri: Uri,
    route: Option<MatchedPath>,
}

impl Asked {
    pub(super) fn of(parts: &Parts) -> Self {
        Self::at(&parts.method, &parts.uri, &parts.extensions)
    }

    /// The same of a request that has its body still.
    pub(crate) fn of_request(request: &Request) -> Self {
        Self::at(request.method(), request.uri(), request.extensions())
    }

    fn at(method: &Method, uri: &Uri, extensions: &Extensions) -> Self {
        let route = extensions.get::<MatchedPath>().cloned();
        Self { method: method.clone(), uri: uri.clone(), route }
    }

    /// As the table of routes has it: `DELETE /api/v1/roles/{name}`.
    fn route(&self) -> String {
        let path = self.route.as_ref().map_or(self.uri.path(), MatchedPath::as_str);
        format!("{} {path}", self.method)
    }
}

/// What is recorded of a request that was turned away; `None` of others. Who brought nothing to show is not recorded: a
/// reader who asks for what is not public is told to sign in, and no more.
pub(super) fn turned_away(state: &AppState, asked: &Asked, response: &Response) -> Option<Deed> {
    let ProblemCode(code) = response.extensions().get()?;
    let deed = match response.status() {
        StatusCode::FORBIDDEN => Deed::done("api.denied").ended(AuditOutcome::Denied),
        StatusCode::UNAUTHORIZED if code == "auth.token-not-valid" => {
            Deed::done("api.token_refused").ended(AuditOutcome::Failed)
        }
        _ => return None,
    };
    counted(state, asked, deed, format!("{code} at {}", asked.uri.path()))
}

/// What is recorded of somebody who has signed in and was turned away in the admin.
pub(crate) fn turned_away_in_admin(state: &AppState, asked: &Asked) -> Option<Deed> {
    let deed = Deed::done("admin.denied").ended(AuditOutcome::Denied);
    counted(state, asked, deed, asked.uri.path().to_owned())
}

fn counted(state: &AppState, asked: &Asked, deed: Deed, mut detail: String) -> Option<Deed> {
    let left_out = state.api.denials.admit(state.app.clock.now())?;
    if left_out > 0 {
        detail.push_str(&format!("; {left_out} more before this one are not recorded"));
    }
    Some(deed.to("route", asked.route()).detail(detail))
}

impl Denials {
    /// Whether this one is recorded; how many were not since the last one.
    fn admit(&self, now: Timestamp) -> Option<u64> {
        let minute = now.as_millis().div_euclid(MINUTE_MS);
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.minute != minute {
            (counted.minute, counted.recorded) = (minute, 0);
        }
        if counted.recorded >= DENIALS_PER_MINUTE_MAX {
            counted.left_out += 1;
            return None;
        }
        counted.recorded += 1;
        Some(std::mem::take(&mut counted.left_out))
    }
}
