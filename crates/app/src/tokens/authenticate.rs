//! From a token to an actor.

use smartcms_domain::actors::{Actor, TokenBounds, TokenMaker, UserId};

use super::TOKEN_PREFIX;
use crate::App;
use crate::ports::StoreError;
use crate::roles::{person_role, resolve_role};

/// The longest secret that is looked up, in bytes.
const SECRET_LEN_MAX: usize = 200;

/// Why a token was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// There is no such token, or it has expired, or the person who made it may not sign in any more. Which it is is not
    /// told.
    #[error("the token is not valid, or no longer")]
    NotValid,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who bears this token, and what that one may do now. The secret is looked up by its hash, so the time says nothing about
/// stored secrets.
pub async fn authenticate(app: &App, secret: &str) -> Result<Actor, AuthenticateError> {
    if !secret.starts_with(TOKEN_PREFIX) || secret.len() > SECRET_LEN_MAX {
        return Err(AuthenticateError::NotValid);
    }
    let hash = blake3::hash(secret.as_bytes());
    let token = app.tokens.find(hash.as_bytes()).await?.ok_or(AuthenticateError::NotValid)?;
    if token.expires_at.is_some_and(|at| at <= app.clock.now()) {
        return Err(AuthenticateError::NotValid);
    }
    let role = resolve_role(app, &token.role).await?.ok_or(AuthenticateError::NotValid)?;
    let maker = match token.made_by {
        Some(id) => Some(maker(app, id).await?),
        None => None,
    };
    let bounds = TokenBounds { maker, scopes: token.scopes.map(Into::into) };
    Ok(Actor::Token { name: token.name, role, bounds })
}

/// The person behind a token, who has to be able to sign in still.
async fn maker(app: &App, id: UserId) -> Result<TokenMaker, AuthenticateError> {
    let role = person_role(app, id).await?.ok_or(AuthenticateError::NotValid)?;
    Ok(TokenMaker { id, role })
}
