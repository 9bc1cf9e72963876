//! Making a token.

use std::fmt::Write;

use smartcms_domain::Timestamp;
use smartcms_domain::actors::{Actor, Held, Role, RoleName, SCOPES_MAX, Scope, UserId};

use super::TOKEN_PREFIX;
use super::error::TokenError;
use crate::OpContext;
use crate::audit::Deed;
use crate::ports::{TokenAdded, TokenRecord};
use crate::roles::{RoleError, resolve_role};

/// The longest name of a token, in bytes.
pub const TOKEN_NAME_LEN_MAX: usize = 64;

/// A new token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateToken {
    /// What its owner calls it; unique.
    pub name: String,
    /// What its bearer may do at most.
    pub role: RoleName,
    /// What of that it is for; `None` for all.
    pub scopes: Option<Vec<Scope>>,
    /// From when it is refused.
    pub expires_at: Option<Timestamp>,
}

impl CreateToken {
    /// A token for all that a role allows, without an end.
    pub fn new(name: impl Into<String>, role: impl Into<RoleName>) -> Self {
        Self { name: name.into(), role: role.into(), scopes: None, expires_at: None }
    }
}

/// Makes a token and answers its secret, which cannot be read again.
///
/// People make tokens that may do at most what they may themselves, now and at every later time. Tokens are made by the
/// bearers of tokens only where these manage the site.
pub async fn create_token(ctx: &OpContext<'_>, command: CreateToken) -> Result<String, TokenError> {
    let made_by = maker(ctx)?;
    check(ctx, &command)?;
    let found = resolve_role(ctx.app, &command.role).await?;
    let role: Role = found.ok_or_else(|| TokenError::UnknownRole(command.role.to_string()))?;
    RoleError::refuse_beyond(ctx, &Held::within(&role, command.scopes.as_deref()))?;
    let secret = secret_text(&ctx.app.randomness.secret());
    let audit = Deed::done("token.created").to("token", &command.name).detail(described(&command));
    let record = TokenRecord {
        name: command.name.clone(),
        role: command.role,
        scopes: command.scopes,
        made_by,
        hash: *blake3::hash(secret.as_bytes()).as_bytes(),
        created_at: ctx.app.clock.now(),
        expires_at: command.expires_at,
    };
    match ctx.app.tokens.add(record, audit.record(ctx)).await? {
        TokenAdded::Done => Ok(secret),
        TokenAdded::NameTaken => Err(TokenError::NameTaken(command.name)),
        TokenAdded::TooMany => Err(TokenError::TooMany),
    }
}

/// The person whose token it will be.
fn maker(ctx: &OpContext<'_>) -> Result<Option<UserId>, TokenError> {
    match ctx.actor {
        Actor::User { id, .. } => Ok(Some(*id)),
        Actor::Operator => Ok(None),
        Actor::Token { bounds, .. } if ctx.actor.may_manage_site() => {
            Ok(bounds.maker.as_ref().map(|it| it.id))
        }
        _ => Err(TokenError::Denied(ctx.actor.to_string())),
    }
}

fn check(ctx: &OpContext<'_>, command: &CreateToken) -> Result<(), TokenError> {
    let named = (1..=TOKEN_NAME_LEN_MAX).contains(&command.name.len());
    if !named || command.name.chars().any(char::is_control) {
        return Err(TokenError::BadName(command.name.clone()));
    }
    let scopes = command.scopes.as_ref().map_or(1, Vec::len);
    if !(1..=SCOPES_MAX).contains(&scopes) {
        return Err(TokenError::BadScopes(scopes));
    }
    match command.expires_at {
        Some(end) if end <= ctx.app.clock.now() => Err(TokenError::Over(end)),
        _ => Ok(()),
    }
}

/// What the audit log says of a token.
fn described(command: &CreateToken) -> String {
    let mut text = format!("role {}", command.role);
    if let Some(scopes) = &command.scopes {
        let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
        let _ = write!(text, ", for {}", scopes.join(" ")); // Writing to a string cannot fail.
    }
    if let Some(end) = command.expires_at {
        let _ = write!(text, ", until {end}");
    }
    text
}

fn secret_text(bytes: &[u8; 32]) -> String {
    let mut text = TOKEN_PREFIX.to_owned();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}"); // Writing to a string cannot fail.
    }
    text
}
