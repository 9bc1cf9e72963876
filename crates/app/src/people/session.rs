//! For how long it holds that somebody has proved who they are.

use std::time::Duration;

use smartcms_domain::Timestamp;
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::people::SecretText;
use uuid::Uuid;

use super::deeds::note_own;
use super::secrets::{has_passed, hash_of, later, new_secret};
use super::{Client, PeopleError};
use crate::App;
use crate::ports::{SessionRecord, StoreError, UserRecord};
use crate::roles::resolve_role;

/// How long after signing in things can be changed that decide who may sign in.
pub const FRESH_FOR: Duration = Duration::from_secs(15 * 60);

/// How exactly it is known when a session was last seen: a write for each request would be much for little.
const SEEN_WITHIN: Duration = Duration::from_secs(60);
/// What is kept of what a browser says of itself, in characters.
const USER_AGENT_LEN_MAX: usize = 300;
/// What the secret of a session is put through for the token of its forms.
const FORM_TOKEN_CONTEXT: &str = "smartcms 2026-11-28 the token of a session's forms";

/// Somebody has signed in. The secret is shown to their browser, and to nobody else.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// What opens the session.
    pub secret: SecretText,
    /// Who.
    pub user: UserRecord,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
}

/// A session in which a request comes.
#[derive(Debug, Clone)]
pub struct Session {
    /// Whose it is.
    pub user: UserRecord,
    /// What that one may do now.
    pub role: Role,
    /// What it is called; opens nothing.
    pub id: Uuid,
    /// When it began: when its person last proved who they are.
    pub created_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// What forms of this session carry, so that no other site can send them.
    pub form_token: SecretText,
    pub(super) hash: [u8; 32],
}

impl Session {
    /// Who acts in it.
    pub fn actor(&self) -> Actor {
        Actor::User { id: self.user.id, role: self.role.clone() }
    }

    /// Whether a form that came with this token is of this session. The time does not tell how much of it fits.
    pub fn owns_form(&self, token: &str) -> bool {
        blake3::hash(token.as_bytes()) == blake3::hash(self.form_token.reveal().as_bytes())
    }

    /// Whether its person proved who they are not long ago.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        !has_passed(self.created_at, FRESH_FOR, now)
    }

    /// Refuses what needs a session that was proved not long ago.
    pub(super) fn require_fresh(&self, app: &App) -> Result<(), PeopleError> {
        if self.is_fresh(app.clock.now()) { Ok(()) } else { Err(PeopleError::ProveAgain) }
    }
}

/// The session that a secret opens, with its person as they are now; `None` where it opens none, or no longer.
pub async fn session(app: &App, secret: &str) -> Result<Option<Session>, StoreError> {
    let Some(hash) = hash_of(secret) else { return Ok(None) };
    let people = &app.people;
    let Some((found, user)) = people.sessions.find_session(&hash).await? else { return Ok(None) };
    let now = app.clock.now();
    let idle = has_passed(found.seen_at, people.settings.session_idle, now);
    if idle || found.expires_at <= now {
        people.sessions.remove_session(&hash).await?;
        return Ok(None);
    }
    if has_passed(found.seen_at, SEEN_WITHIN, now) {
        people.sessions.touch_session(&hash, now).await?;
    }
    // The role as it is now: what was changed of it holds at this request.
    let Some(role) = resolve_role(app, &user.role).await? else { return Ok(None) };
    Ok(Some(Session {
        user,
        role,
        id: found.id,
        created_at: found.created_at,
        expires_at: found.expires_at,
        form_token: form_token(secret),
        hash,
    }))
}

/// Ends the session: its secret opens nothing from now on.
pub async fn sign_out(app: &App, session: &Session, client: &Client) -> Result<(), StoreError> {
    if app.people.sessions.remove_session(&session.hash).await? {
        note_own(app, &session.user, client, "session.ended").await;
    }
    Ok(())
}

/// Takes sessions and tickets away whose time is over. How many went.
pub async fn forget_ended(app: &App, limit: u32) -> Result<u64, StoreError> {
    let (people, now) = (&app.people, app.clock.now());
    let idle = i64::try_from(people.settings.session_idle.as_millis()).unwrap_or(i64::MAX);
    let seen = Timestamp::from_millis(now.as_millis().saturating_sub(idle));
    let seen_before = seen.unwrap_or(Timestamp::EPOCH);
    let sessions = people.sessions.forget_sessions(now, seen_before, limit).await?;
    Ok(sessions + people.tickets.forget_tickets(now, limit).await?)
}

/// Begins a session of somebody who has proved who they are, with a secret that was never used before.
pub(super) async fn begin(
    app: &App,
    user: UserRecord,
    client: &Client,
) -> Result<SignedIn, PeopleError> {
    let (people, now, secret) = (&app.people, app.clock.now(), new_secret(app));
    let expires_at = later(now, people.settings.session_lifetime);
    let said = client.user_agent.chars().filter(|it| !it.is_control());
    let record = SessionRecord {
        hash: hash_of(secret.reveal()).unwrap_or_default(),
        id: app.randomness.id(now),
        user: user.id,
        generation: user.generation,
        created_at: now,
        seen_at: now,
        expires_at,
        address: client.address.map(|it| it.to_string()),
        user_agent: said.take(USER_AGENT_LEN_MAX).collect(),
    };
    // Somebody may have disabled the person while the password was checked.
    if !people.sessions.add_session(record).await? {
        return Err(PeopleError::Refused);
    }
    people.users.note_sign_in(user.id, now).await?;
    note_own(app, &user, client, "session.started").await;
    Ok(SignedIn { secret, user, expires_at })
}

fn form_token(secret: &str) -> SecretText {
    let key = blake3::derive_key(FORM_TOKEN_CONTEXT, secret.as_bytes());
    SecretText::new(blake3::Hash::from_bytes(key).to_hex().as_str())
}
