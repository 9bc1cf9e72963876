//! What the audit log says of people.

use smartcms_domain::actors::{Actor, Role, UserId};
use smartcms_domain::people::UserState;

use super::Client;
use crate::audit::{Deed, USER_AGENT_LEN_MAX, record};
use crate::ports::{AuditClient, AuditOutcome, UserChange, UserRecord};
use crate::roles::resolve_role;
use crate::{App, OpContext};

/// Records what somebody did who has just proved who they are.
pub(super) async fn note_own(
    app: &App,
    user: &UserRecord,
    client: &Client,
    operation: &'static str,
) {
    // For the record alone: a role that cannot be read now is no reason to record nothing.
    let role = resolve_role(app, &user.role).await.ok().flatten().unwrap_or(Role::VIEWER);
    let (actor, client) = (Actor::User { id: user.id, role }, came_from(client));
    let ctx = OpContext::new(app, &actor).from_client(&client);
    record(&ctx, Deed::done(operation).to("user", user.id)).await;
}

/// Records that somebody did not get in; for an account that is not there too, so that the work is the same.
pub(super) async fn note_refused(app: &App, id: Option<UserId>, client: &Client) {
    let client = came_from(client);
    let ctx = OpContext::new(app, &Actor::Anonymous).from_client(&client);
    let deed = Deed::done("session.refused").ended(AuditOutcome::Failed);
    let deed = match id {
        Some(id) => deed.to("user", id),
        None => deed.detail("of no account here"),
    };
    record(&ctx, deed).await;
}

/// What a change of a person is called.
pub(super) fn operation_of(change: &UserChange) -> &'static str {
    match change {
        UserChange::Name(_) => "user.renamed",
        UserChange::Email(_) => "user.email_changed",
        UserChange::Role(_) => "user.role_changed",
        UserChange::State(UserState::Active) => "user.enabled",
        UserChange::State(UserState::Disabled) => "user.disabled",
        UserChange::Password(_) => "user.password_changed",
        UserChange::Totp { .. } => "user.totp_set",
        UserChange::RecoveryCodes(_) => "user.recovery_codes_made",
        UserChange::NoTotp => "user.totp_removed",
        UserChange::Rehashed { .. } => "user.password_rehashed",
    }
}

fn came_from(client: &Client) -> AuditClient {
    let said: String = client.user_agent.chars().take(USER_AGENT_LEN_MAX).collect();
    AuditClient {
        address: client.address.map(|it| it.to_string()),
        user_agent: Some(said).filter(|it| !it.is_empty()),
    }
}
