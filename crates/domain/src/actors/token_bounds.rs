//! What keeps a token below its role.

use std::sync::Arc;

use super::role::Role;
use super::scope::Scope;
use super::user::UserId;

/// What a token may do less than its role. None of it for tokens that the operator made without scopes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenBounds {
    /// The person who made it: it never does what that one may not do now.
    pub maker: Option<TokenMaker>,
    /// What of its role it is for; `None` for all.
    pub scopes: Option<Arc<[Scope]>>,
}

/// Who made a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenMaker {
    /// Who.
    pub id: UserId,
    /// The role of that person now.
    pub role: Role,
}
