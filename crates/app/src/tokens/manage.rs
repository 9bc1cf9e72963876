//! Listing tokens and taking them away.

use super::create::TokenError;
use crate::App;
use crate::ports::TokenRecord;

/// Every token by name. The secrets are not known.
pub async fn list_tokens(app: &App) -> Result<Vec<TokenRecord>, TokenError> {
    Ok(app.tokens.list().await?)
}

/// Takes a token away: the next request with it is refused.
pub async fn revoke_token(app: &App, name: &str) -> Result<(), TokenError> {
    if app.tokens.remove(name).await? { Ok(()) } else { Err(TokenError::Unknown(name.to_owned())) }
}
