//! The door: who asks is found out once, counted, and let in; who is turned away is remembered.

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use smartcms_app::audit::record;

use super::client_of;
use super::denials::{Asked, turned_away};
use super::rate::{Client, ClientAddress};
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::state::AppState;

/// Lets a request in, or says when to come again. One with a token that is not valid counts for its address: guessing
/// tokens is no way around the limit. Requests without an address are not limited.
pub(crate) async fn admit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let address = request.extensions().get().copied();
    let (mut parts, body) = request.into_parts();
    let asked = Asked::of(&parts);
    let caller = Caller::from_request_parts(&mut parts, &state).await;
    let client = match &caller {
        Ok(caller) => client_of(caller, address),
        Err(_) => address.map(|ClientAddress(it)| Client::Address(it)),
    };
    let standing = client.and_then(|it| state.api.rates.count(it));
    let wait_seconds = standing.and_then(|it| Some((it.wait_seconds?, it.detail())));
    let known = caller.as_ref().ok().cloned().unwrap_or_else(|| Caller::unknown(&parts));
    let mut response = match (wait_seconds, caller) {
        (Some((seconds, detail)), _) => HttpProblem::too_often(seconds, detail).into_response(),
        (None, Err(problem)) => problem.into_response(),
        (None, Ok(caller)) => {
            parts.extensions.insert(caller);
            next.run(Request::from_parts(parts, body)).await
        }
    };
    if let Some(standing) = standing {
        standing.tell(response.headers_mut());
    }
    if let Some(deed) = turned_away(&state, &asked, &response) {
        record(&known.context(&state.app), deed).await;
    }
    response
}
