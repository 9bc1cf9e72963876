//! What people look like, to those who manage them.

use serde::Serialize;
use smartcms_app::ports::UserRecord;

/// A person. Nothing of what they prove themselves with is in it.
#[derive(Serialize)]
pub(super) struct UserBody<'a> {
    id: String,
    email: &'a str,
    name: &'a str,
    role: &'a str,
    /// Whether they may sign in.
    enabled: bool,
    created_at: String,
    signed_in_at: Option<String>,
    /// Whether they have a second factor.
    has_totp: bool,
    passkeys: u32,
}

impl<'a> From<&'a UserRecord> for UserBody<'a> {
    fn from(user: &'a UserRecord) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email.as_str(),
            name: user.name.as_str(),
            role: user.role.as_str(),
            enabled: user.state == smartcms_domain::people::UserState::Active,
            created_at: user.created_at.to_string(),
            signed_in_at: user.signed_in_at.map(|it| it.to_string()),
            has_totp: user.has_totp,
            passkeys: user.passkeys,
        }
    }
}
