//! The door: who asks is found out once, counted, and let in.

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use smartcms_domain::actors::Actor;

use super::rate::{Client, ClientAddress};
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::state::AppState;

/// Lets a request in, or says when to come again. One with a token that is not valid counts for its address: guessing
/// tokens is no way around the limit.
pub(crate) async fn admit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(ClientAddress(address)) = request.extensions().get().copied() else {
        return next.run(request).await;
    };
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, &state).await;
    let client = match &caller {
        Ok(Caller(Actor::Token { name, .. })) => Client::Token(name.clone()),
        Ok(Caller(Actor::User { id, .. })) => Client::Token(format!("\u{1f}user {id}")),
        _ => Client::Address(address),
    };
    let standing = state.api.rates.count(client);
    let wait_seconds = standing.and_then(|it| Some((it.wait_seconds?, it.detail())));
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
    response
}
