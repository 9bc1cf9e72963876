//! Who sent a request.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use smartcms_app::entries::ContentError;
use smartcms_app::tokens::{AuthenticateError, authenticate};
use smartcms_app::{App, OpContext};
use smartcms_domain::actors::Actor;

use crate::problem::HttpProblem;

/// The actor of a request: the bearer of a token, or a reader without credentials.
#[derive(Clone)]
pub(crate) struct Caller(pub(crate) Actor);

impl Caller {
    /// What operations take.
    pub(crate) fn context<'a>(&'a self, app: &'a App) -> OpContext<'a> {
        OpContext::new(app, &self.0)
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
        let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
        let Some(value) = values.next() else { return Ok(Self(Actor::Anonymous)) };
        let text = value.to_str().ok().filter(|_| values.next().is_none());
        let secret = text.and_then(bearer_secret).ok_or_else(HttpProblem::wrong_scheme)?;
        match authenticate(&App::from_ref(state), secret).await {
            Ok(actor) => Ok(Self(actor)),
            Err(AuthenticateError::NotValid) => Err(HttpProblem::token_not_valid()),
            Err(AuthenticateError::Store(error)) => {
                Err(HttpProblem::from(ContentError::Store(error)))
            }
        }
    }
}

/// The secret after `Bearer`, whose letters may be of either case.
fn bearer_secret(text: &str) -> Option<&str> {
    let (scheme, secret) = text.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}
