//! What tokens look like.

use serde::Serialize;
use smartcms_app::ports::TokenRecord;

/// A token; its secret only when it was just made.
#[derive(Serialize)]
pub(super) struct TokenBody<'a> {
    name: &'a str,
    role: &'a str,
    /// What of its role it is for; null for all.
    scopes: Option<Vec<String>>,
    /// The person who made it; null for the operator.
    made_by: Option<String>,
    created_at: String,
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
}

impl<'a> TokenBody<'a> {
    pub(super) fn new(record: &'a TokenRecord, secret: Option<&'a str>) -> Self {
        let scopes = record.scopes.as_ref();
        Self {
            name: &record.name,
            role: record.role.as_str(),
            scopes: scopes.map(|all| all.iter().map(ToString::to_string).collect()),
            made_by: record.made_by.map(|it| it.to_string()),
            created_at: record.created_at.to_string(),
            expires_at: record.expires_at.map(|it| it.to_string()),
            token: secret,
        }
    }
}
