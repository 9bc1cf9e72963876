//! Listing tokens and taking them away.

use smartcms_domain::actors::{Actor, Held, TokenBounds, UserId};

use super::error::TokenError;
use crate::OpContext;
use crate::audit::Deed;
use crate::ports::TokenRecord;
use crate::roles::{RoleError, resolve_role};

/// The tokens that the actor may see, by name: every one for who manages the site, one's own for others. The secrets are
/// not known.
pub async fn list_tokens(ctx: &OpContext<'_>) -> Result<Vec<TokenRecord>, TokenError> {
    let own = own(ctx.actor);
    if own.is_none() && !ctx.actor.may_manage_site() {
        return Err(TokenError::Denied(ctx.actor.to_string()));
    }
    let mut tokens = ctx.app.tokens.list().await?;
    tokens.retain(|it| ctx.actor.may_manage_site() || is_of(it, own));
    Ok(tokens)
}

/// One token that the actor may see.
pub async fn get_token(ctx: &OpContext<'_>, name: &str) -> Result<TokenRecord, TokenError> {
    let own = own(ctx.actor);
    if own.is_none() && !ctx.actor.may_manage_site() {
        return Err(TokenError::Denied(ctx.actor.to_string()));
    }
    let found = ctx.app.tokens.find_by_name(name).await?;
    let seen = found.filter(|it| ctx.actor.may_manage_site() || is_of(it, own));
    seen.ok_or_else(|| TokenError::Unknown(name.to_owned()))
}

/// Takes a token away: the next request with it is refused. One's own can be, and others' by who manages the site and may
/// all that the token may.
pub async fn revoke_token(ctx: &OpContext<'_>, name: &str) -> Result<(), TokenError> {
    let own = own(ctx.actor);
    if own.is_none() && !ctx.actor.may_manage_site() {
        return Err(TokenError::Denied(ctx.actor.to_string()));
    }
    let unknown = || TokenError::Unknown(name.to_owned());
    let token = ctx.app.tokens.find_by_name(name).await?.ok_or_else(unknown)?;
    if !is_of(&token, own) {
        // Who may not see a token does not learn that it is there.
        if !ctx.actor.may_manage_site() {
            return Err(unknown());
        }
        if let Some(role) = resolve_role(ctx.app, &token.role).await? {
            RoleError::refuse_beyond(ctx, &Held::within(&role, token.scopes.as_deref()))?;
        }
    }
    let audit = Deed::done("token.revoked").to("token", name).record(ctx);
    if ctx.app.tokens.remove(name, &token.hash, audit).await? { Ok(()) } else { Err(unknown()) }
}

/// Whose tokens are the actor's own: a person's, and those of the person who made the token that is used.
fn own(actor: &Actor) -> Option<UserId> {
    match actor {
        Actor::User { id, .. } => Some(*id),
        Actor::Token { bounds: TokenBounds { maker: Some(maker), scopes: None }, .. } => {
            Some(maker.id)
        }
        _ => None,
    }
}

fn is_of(token: &TokenRecord, own: Option<UserId>) -> bool {
    own.is_some() && token.made_by == own
}
