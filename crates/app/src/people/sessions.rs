//! Seeing where somebody is signed in, and ending that.

use smartcms_domain::Timestamp;
use smartcms_domain::actors::UserId;
use uuid::Uuid;

use super::PeopleError;
use super::manage::{is_self, managed, require_role};
use super::session::Session;
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
    if ctx.app.people.sessions.remove_session_of(user, id).await? {
        Ok(())
    } else {
        Err(PeopleError::UnknownSession(id.to_string()))
    }
}

/// Ends every other session of the session's person. How many.
pub async fn revoke_other_sessions(app: &App, session: &Session) -> Result<u64, PeopleError> {
    let keep = Some(&session.hash);
    Ok(app.people.sessions.remove_sessions_of(session.user.id, keep).await?)
}

async fn require_access(ctx: &OpContext<'_>, user: UserId) -> Result<(), PeopleError> {
    if is_self(ctx, user) {
        return Ok(());
    }
    require_role(ctx, &managed(ctx, user).await?.role).await
}

fn shown(record: SessionRecord) -> ShownSession {
    ShownSession {
        id: record.id,
        created_at: record.created_at,
        seen_at: record.seen_at,
        expires_at: record.expires_at,
        address: record.address,
        user_agent: record.user_agent,
    }
}
