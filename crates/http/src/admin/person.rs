//! Who has signed in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use smartcms_app::ports::AuditClient;
use smartcms_app::{App, OpContext};
use smartcms_domain::actors::Actor;

use super::visit::Visit;
use crate::caller::audit_client;

/// Somebody who has signed in. Every page takes it; a request without it is sent to the sign-in.
#[derive(Debug, Clone)]
pub struct Person {
    /// As whom operations are done.
    pub actor: Actor,
    /// What they are called.
    pub name: String,
    /// The lasting name of their role.
    pub role: String,
    /// What forms of the session bring back.
    pub form_token: String,
    /// From where they come, for the audit log.
    pub client: AuditClient,
}

impl Person {
    /// What operations take.
    pub(crate) fn context<'a>(&'a self, app: &'a App) -> OpContext<'a> {
        OpContext::new(app, &self.actor).from_client(&self.client)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Person {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        if let Some(person) = parts.extensions.get::<Self>() {
            let client = audit_client(&parts.headers, &parts.extensions);
            return Ok(Self { client, ..person.clone() });
        }
        let here = parts.extensions.get::<Visit>().map(|it| it.here.clone()).unwrap_or_default();
        // A form of a session that has ended is lost on the way; its page is where to go on.
        let next = if parts.method.is_safe() { here } else { String::new() };
        let to = format!("/admin/sign-in{}", super::answer::query(&[("next", &next)]));
        Err((StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response())
    }
}
