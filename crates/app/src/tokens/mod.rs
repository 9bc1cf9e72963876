//! API tokens: made once, shown once, stored as a hash.

mod authenticate;
mod configured;
mod create;
mod error;
mod manage;

pub use authenticate::{AuthenticateError, authenticate};
pub use configured::{CONFIGURED_TOKEN_NAME, is_strong, keep_configured_token};
pub use create::{CreateToken, TOKEN_NAME_LEN_MAX, create_token};
pub use error::TokenError;
pub use manage::{get_token, list_tokens, revoke_token};

/// What every token begins with, so that people and scanners know one when they see it.
pub const TOKEN_PREFIX: &str = "smc_";
