//! Seeing where somebody is signed in, and ending that.

use smartcms_domain::Timestamp;
use smartcms_domain::actors::UserId;
use uuid::Uuid;

use super::deeds::note_own;
use super::manage::{is_self, managed, require_role};
use super::session::Session;
use super::{Client, PeopleError};
use crate::audit::{Deed, record};
use crate::ports::SessionRecord;
use crate::{App, OpContext};

/// A session as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownSession {
    /// What it is called; opens nothing.
    pub id: Uuid,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last seen, within a minute.
    pub seen_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// Where it began.
    pub address: Option<String>,
    /// What browser it began in, as that said.
    pub user_agent: String,
}

/// The sessions of a person, the one seen last first: their own, or for one who manages people.
pub async fn list_sessions(
    ctx: &OpContext<'_>,
    user: UserId,
) -> Result<Vec<ShownSession>, PeopleError> {
    require_access(ctx, user).await?;
    let sessions = ctx.app.people.sessions.sessions_of(user).await?;
    Ok(sessions.into_iter().map(shown).collect())
}

/// Ends a session: their own, or for one who manages people.
pub async fn revoke_session(
    ctx: &OpContext<'_>,
    user: UserId,
    id: Uuid,
) -> Result<(), PeopleError> {
    require_access(ctx, user).await?;
    if !ctx.app.people.sessions.remove_session_of(user, id).await? {
        return Err(PeopleError::UnknownSession(id.to_string()));
    }
    record(ctx, Deed::done("session.revoked").to("user", user)).await;
    Ok(())
}

/// Ends every session of a person: their own, or for one who manages people. How many.
pub async fn revoke_sessions(ctx: &OpContext<'_>, user: UserId) -> Result<u64, PeopleError> {
    require_access(ctx, user).await?;
    let ended = ctx.app.people.sessions.remove_sessions_of(user, None).await?;
    let said = format!("{ended} of them");
    record(ctx, Deed::done("session.revoked").to("user", user).detail(said)).await;
    Ok(ended)
}

/// Ends every other session of the session's person. How many.
pub async fn revoke_other_sessions(
    app: &App,
    session: &Session,
    client: &Client,
) -> Result<u64, PeopleError> {
    let keep = Some(&session.hash);
    let ended = app.people.sessions.remove_sessions_of(session.user.id, keep).await?;
    note_own(app, &session.user, client, "session.revoked").await;
    Ok(ended)
}

async fn require_access(ctx: &OpContext<'_>, user: UserId) -> Result<(), PeopleError> {
    if is_self(ctx, user) {
        return Ok(());
    }
    require_role(ctx, &managed(ctx, user).await?.role).await
}

fn shown(session: SessionRecord) -> ShownSession {
    ShownSession {
        id: session.id,
        created_at: session.created_at,
        seen_at: session.seen_at,
        expires_at: session.expires_at,
        address: session.address,
        user_agent: session.user_agent,
    }
}
