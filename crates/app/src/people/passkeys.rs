//! Signing in with a passkey: it proves who somebody is, and that they are there, so nothing else is asked for.
//!
//! In WebAssembly there is nothing that makes passkeys: a question is refused, and nobody has a ticket of one. What comes
//! behind that is left out there by attributes: of an async function that returns early the rest would be there all the same.

use std::time::Duration;

use smartcms_domain::actors::UserId;
use smartcms_domain::people::{SecretText, UserState};

use super::deeds::note_own;
use super::links::put_ticket;
use super::manage::{managed, require_role};
use super::secrets::hash_of;
use super::session::{Session, SignedIn, begin};
use super::{Client, PeopleError};
use crate::audit::{Deed, record};
use crate::ports::{PasskeyRecord, TicketKind};
use crate::{App, OpContext};

/// The longest name of a passkey, in characters.
pub const PASSKEY_NAME_LEN_MAX: usize = 60;
/// The longest answer of a browser, in bytes.
pub const PASSKEY_ANSWER_LEN_MAX: usize = 32 * 1024;

const CHALLENGE_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// A question to a browser.
#[derive(Debug, Clone)]
pub struct PasskeyQuestion {
    /// What goes on with it; comes back with the answer.
    pub ticket: SecretText,
    /// For `navigator.credentials`, as JSON.
    pub question: String,
}

/// A browser's answer for a new passkey.
#[derive(Debug, Clone)]
pub struct AddPasskey {
    /// What [`begin_passkey`] answered.
    pub ticket: String,
    /// What the browser answered, as JSON.
    pub answer: String,
    /// What the owner calls it.
    pub name: String,
    /// Who does it.
    pub client: Client,
}

/// A browser's answer for signing in.
#[derive(Debug, Clone)]
pub struct PasskeySignIn {
    /// What [`begin_passkey_sign_in`] answered.
    pub ticket: String,
    /// What the browser answered, as JSON.
    pub answer: String,
    /// Who tries it.
    pub client: Client,
}

/// Whether this site can have passkeys.
pub fn passkeys_available(app: &App) -> bool {
    app.people.passkeys.is_available()
}

/// Asks the browser of the session's person to make a passkey.
pub async fn begin_passkey(app: &App, session: &Session) -> Result<PasskeyQuestion, PeopleError> {
    session.require_fresh(app)?;
    #[cfg(target_family = "wasm")]
    return Err(crate::ports::PasskeyError::Unavailable.into());
    #[cfg(not(target_family = "wasm"))]
    {
        let (people, user) = (&app.people, &session.user);
        let known = people.users.passkeys_of(user.id).await?;
        let asked = people.passkeys.ask_new(user, &known)?;
        let (kind, id) = (TicketKind::PasskeyEnrolment, Some(user.id));
        let ticket = put_ticket(app, kind, id, asked.state, CHALLENGE_LIFETIME, 1).await?;
        Ok(PasskeyQuestion { ticket, question: asked.question })
    }
}

/// Takes over the passkey that the browser made.
pub async fn add_passkey(
    app: &App,
    session: &Session,
    command: AddPasskey,
) -> Result<PasskeyRecord, PeopleError> {
    session.require_fresh(app)?;
    let (people, now) = (&app.people, app.clock.now());
    let name = passkey_name(&command.name)?;
    #[cfg(target_family = "wasm")]
    return Err(PeopleError::LinkNotGood);
    #[cfg(not(target_family = "wasm"))]
    {
        let state =
            take(app, &command.ticket, TicketKind::PasskeyEnrolment, &command.answer).await?;
        if state.user != Some(session.user.id) {
            return Err(PeopleError::LinkNotGood);
        }
        let made = people.passkeys.check_new(&state.data, &command.answer)?;
        let passkey = PasskeyRecord {
            id: made.id,
            user: session.user.id,
            name,
            credential: made.credential,
            created_at: now,
            used_at: None,
        };
        if people.users.add_passkey(passkey.clone()).await? {
            note_own(app, &session.user, &command.client, "user.passkey_added").await;
            Ok(passkey)
        } else {
            Err(PeopleError::field(
                "passkey",
                "not-added",
                "the passkey is known already, or you have too many",
            ))
        }
    }
}

/// The passkeys of the session's person.
pub async fn list_passkeys(
    app: &App,
    session: &Session,
) -> Result<Vec<PasskeyRecord>, PeopleError> {
    Ok(app.people.users.passkeys_of(session.user.id).await?)
}

/// Calls a passkey of the session's person otherwise.
pub async fn rename_passkey(
    app: &App,
    session: &Session,
    id: &[u8],
    name: &str,
    client: &Client,
) -> Result<(), PeopleError> {
    let name = passkey_name(name)?;
    if !app.people.users.rename_passkey(session.user.id, id, name).await? {
        return Err(unknown());
    }
    note_own(app, &session.user, client, "user.passkey_renamed").await;
    Ok(())
}

/// Takes a passkey of the session's person away.
pub async fn remove_passkey(
    app: &App,
    session: &Session,
    id: &[u8],
    client: &Client,
) -> Result<(), PeopleError> {
    session.require_fresh(app)?;
    if !app.people.users.remove_passkey(session.user.id, id).await? {
        return Err(unknown());
    }
    note_own(app, &session.user, client, "user.passkey_removed").await;
    Ok(())
}

/// Takes all passkeys of a person away who has lost what holds them, and ends their sessions: for one who manages people.
/// How many there were.
pub async fn remove_passkeys_of(ctx: &OpContext<'_>, id: UserId) -> Result<usize, PeopleError> {
    require_role(ctx, &managed(ctx, id).await?.role).await?;
    let people = &ctx.app.people;
    let known = people.users.passkeys_of(id).await?;
    for passkey in &known {
        people.users.remove_passkey(id, &passkey.id).await?;
    }
    people.sessions.remove_sessions_of(id, None).await?;
    let said = format!("{} of them", known.len());
    record(ctx, Deed::done("user.passkeys_removed").to("user", id).detail(said)).await;
    Ok(known.len())
}

/// Asks whichever browser for a passkey. Nobody has said who they are: so nobody learns who has an account.
pub async fn begin_passkey_sign_in(
    app: &App,
    client: &Client,
) -> Result<PasskeyQuestion, PeopleError> {
    app.people.attempts.count_client(client)?;
    #[cfg(target_family = "wasm")]
    return Err(crate::ports::PasskeyError::Unavailable.into());
    #[cfg(not(target_family = "wasm"))]
    {
        let asked = app.people.passkeys.ask_any()?;
        let kind = TicketKind::PasskeySignIn;
        let ticket = put_ticket(app, kind, None, asked.state, CHALLENGE_LIFETIME, 1).await?;
        Ok(PasskeyQuestion { ticket, question: asked.question })
    }
}

/// Lets somebody in whose browser answered with a passkey of theirs.
pub async fn sign_in_with_passkey(
    app: &App,
    command: PasskeySignIn,
) -> Result<SignedIn, PeopleError> {
    let (people, now) = (&app.people, app.clock.now());
    people.attempts.count_client(&command.client)?;
    #[cfg(target_family = "wasm")]
    return Err(PeopleError::LinkNotGood);
    #[cfg(not(target_family = "wasm"))]
    {
        let state = take(app, &command.ticket, TicketKind::PasskeySignIn, &command.answer).await?;
        let id = people.passkeys.claimed(&command.answer)?;
        let known = people.users.find_passkey(&id).await?.ok_or(PeopleError::Refused)?;
        let became = people.passkeys.check(&state.data, &command.answer, &known.credential)?;
        let user = people.users.find_user(known.user).await?;
        let user = user.filter(|it| it.state == UserState::Active).ok_or(PeopleError::Refused)?;
        people.users.use_passkey(&id, became, now).await?;
        begin(app, user, &command.client).await
    }
}

/// The ticket, which is used up whatever becomes of the answer: a challenge is answered once.
async fn take(
    app: &App,
    ticket: &str,
    kind: TicketKind,
    answer: &str,
) -> Result<crate::ports::Ticket, PeopleError> {
    let hash = hash_of(ticket).ok_or(PeopleError::LinkNotGood)?;
    let taken = app.people.tickets.take_ticket(&hash, kind, app.clock.now()).await?;
    let taken = taken.ok_or(PeopleError::LinkNotGood)?;
    if answer.len() > PASSKEY_ANSWER_LEN_MAX { Err(PeopleError::Refused) } else { Ok(taken) }
}

fn unknown() -> PeopleError {
    PeopleError::field("passkey", "unknown", "there is no such passkey")
}

fn passkey_name(text: &str) -> Result<String, PeopleError> {
    let name: String = text.trim().chars().filter(|it| !it.is_control()).collect();
    let name = if name.is_empty() { "Passkey".to_owned() } else { name };
    if name.chars().count() > PASSKEY_NAME_LEN_MAX {
        let message = format!("a name has at most {PASSKEY_NAME_LEN_MAX} characters");
        return Err(PeopleError::field("name", "too-long", message));
    }
    Ok(name)
}
