//! Who sent a request.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use smartcms_app::audit::USER_AGENT_LEN_MAX;
use smartcms_app::entries::ContentError;
use smartcms_app::ports::AuditClient;
use smartcms_app::tokens::{AuthenticateError, authenticate};
use smartcms_app::{App, OpContext};
use smartcms_domain::actors::Actor;

use crate::api_edge::ClientAddress;
use crate::problem::HttpProblem;

/// The actor of a request: the bearer of a token, or a reader without credentials. And from where it came.
#[derive(Clone)]
pub(crate) struct Caller(pub(crate) Actor, pub(crate) AuditClient);

impl Caller {
    /// Somebody who brought nothing that is valid.
    pub(crate) fn unknown(parts: &Parts) -> Self {
        Self(Actor::Anonymous, audit_client(&parts.headers, &parts.extensions))
    }

    /// What operations take.
    pub(crate) fn context<'a>(&'a self, app: &'a App) -> OpContext<'a> {
        OpContext::new(app, &self.0).from_client(&self.1)
    }

    /// Refuses those without credentials before anything else is looked at: their next step is to bring some.
    pub(crate) fn require_credentials(&self) -> Result<(), HttpProblem> {
        if self.0 == Actor::Anonymous {
            return Err(HttpProblem::credentials_missing(
                "only the bearer of a token may do this".to_owned(),
            ));
        }
        Ok(())
    }

    /// What the caller hears of an error.
    pub(crate) fn explain(&self, error: ContentError) -> HttpProblem {
        match error {
            ContentError::Denied(denied) if self.0 == Actor::Anonymous => {
                HttpProblem::credentials_missing(denied.to_string())
            }
            other => HttpProblem::from(other),
        }
    }
}

impl<S> FromRequestParts<S> for Caller
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = HttpProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpProblem> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let client = audit_client(&parts.headers, &parts.extensions);
        let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
        let Some(value) = values.next() else { return Ok(Self(Actor::Anonymous, client)) };
        let text = value.to_str().ok().filter(|_| values.next().is_none());
        let secret = text.and_then(bearer_secret).ok_or_else(HttpProblem::wrong_scheme)?;
        match authenticate(&App::from_ref(state), secret).await {
            Ok(actor) => Ok(Self(actor, client)),
            Err(AuthenticateError::NotValid) => Err(HttpProblem::token_not_valid()),
            Err(AuthenticateError::Store(error)) => {
                Err(HttpProblem::from(ContentError::Store(error)))
            }
        }
    }
}

/// Where a request comes from, as far as the listener and the client say.
pub(crate) fn audit_client(headers: &HeaderMap, extensions: &Extensions) -> AuditClient {
    let address = extensions.get::<ClientAddress>().map(|it| it.0.to_string());
    let said = headers.get(header::USER_AGENT).and_then(|it| it.to_str().ok());
    let user_agent = said.map(|it| it.chars().take(USER_AGENT_LEN_MAX).collect());
    AuditClient { address, user_agent }
}

/// The secret after `Bearer`, whose letters may be of either case.
pub(crate) fn bearer_secret(text: &str) -> Option<&str> {
    let (scheme, secret) = text.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}
