//! The one token that comes from the configuration.

use smartcms_domain::actors::{Actor, Rank};
use smartcms_domain::people::SecretText;

use super::TOKEN_PREFIX;
use super::error::TokenError;
use crate::audit::Deed;
use crate::ports::{TokenAdded, TokenRecord};
use crate::{App, OpContext};

/// The name of the token that the configuration brings.
pub const CONFIGURED_TOKEN_NAME: &str = "people.owner_token";

/// Whether a text can be a token that somebody made up: long enough that it is not found by trying.
pub fn is_strong(secret: &str) -> bool {
    let plain = |it: u8| it.is_ascii_alphanumeric() || it == b'-' || it == b'_';
    let own = secret.strip_prefix(TOKEN_PREFIX);
    own.is_some_and(|it| (32..=90).contains(&it.len()) && it.bytes().all(plain))
}

/// Makes this token one that may do everything, under the name [`CONFIGURED_TOKEN_NAME`]; one that had the name ends. Without
/// a secret a token that an earlier configuration brought ends. What is so already is left.
pub async fn keep_configured_token(
    app: &App,
    secret: Option<&SecretText>,
) -> Result<(), TokenError> {
    let ctx = OpContext::new(app, &Actor::Operator);
    let wanted = secret.map(|it| *blake3::hash(it.reveal().as_bytes()).as_bytes());
    let found = app.tokens.find_by_name(CONFIGURED_TOKEN_NAME).await?;
    let is_anothers = found.as_ref().is_some_and(|it| it.made_by.is_some());
    if found.as_ref().map(|it| it.hash) == wanted || (wanted.is_none() && is_anothers) {
        return Ok(());
    }
    let deed = |operation| Deed::done(operation).to("token", CONFIGURED_TOKEN_NAME);
    if let Some(before) = found {
        let audit = deed("token.revoked").record(&ctx);
        app.tokens.remove(CONFIGURED_TOKEN_NAME, &before.hash, audit).await?;
    }
    let Some(hash) = wanted else { return Ok(()) };
    let record = TokenRecord {
        name: CONFIGURED_TOKEN_NAME.to_owned(),
        role: Rank::Owner.into(),
        scopes: None,
        made_by: None,
        hash,
        created_at: app.clock.now(),
        expires_at: None,
    };
    let audit = deed("token.created").detail("role owner, by the configuration").record(&ctx);
    match app.tokens.add(record, audit).await? {
        // Where another process was faster, the name is taken by the same token.
        TokenAdded::Done | TokenAdded::NameTaken => Ok(()),
        TokenAdded::TooMany => Err(TokenError::TooMany),
    }
}
