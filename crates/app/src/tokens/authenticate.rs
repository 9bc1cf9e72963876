//! From a token to an actor.

use smartcms_domain::actors::Actor;

use super::TOKEN_PREFIX;
use crate::App;
use crate::ports::StoreError;

/// The longest secret that is looked up, in bytes.
const SECRET_LEN_MAX: usize = 200;

/// Why a token was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// There is no such token, or it has expired. Which of the two is not told.
    #[error("the token is not valid, or no longer")]
    NotValid,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who bears this token. The secret is looked up by its hash, so the time says nothing about stored secrets.
pub async fn authenticate(app: &App, secret: &str) -> Result<Actor, AuthenticateError> {
    if !secret.starts_with(TOKEN_PREFIX) || secret.len() > SECRET_LEN_MAX {
        return Err(AuthenticateError::NotValid);
    }
    let hash = blake3::hash(secret.as_bytes());
    let token = app.tokens.find(hash.as_bytes()).await?.ok_or(AuthenticateError::NotValid)?;
    if token.expires_at.is_some_and(|at| at <= app.clock.now()) {
        return Err(AuthenticateError::NotValid);
    }
    Ok(Actor::Token { name: token.name, role: token.role })
}
