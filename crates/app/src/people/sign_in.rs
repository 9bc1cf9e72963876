//! Signing in with a password.

use std::time::Duration;

use smartcms_domain::actors::UserId;
use smartcms_domain::people::{EmailAddress, PasswordAttempt, SecretText, UserState};
use uuid::Uuid;

use super::deeds::note_refused;
use super::links::put_ticket;
use super::session::{SignedIn, begin};
use super::{Client, PeopleError};
use crate::App;
use crate::ports::{TicketKind, UserChange, UserRecord};

/// How long somebody may look for the code.
const SECOND_FACTOR_LIFETIME: Duration = Duration::from_secs(5 * 60);
/// How often the code may be wrong until the password is asked for again.
const SECOND_FACTOR_TRIES: u32 = 5;

/// Signing in with a password.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// What was typed as the address.
    pub email: String,
    /// What was typed as the password.
    pub password: SecretText,
    /// Who tries it.
    pub client: Client,
}

/// What became of it.
#[derive(Debug, Clone)]
pub enum SignInOutcome {
    /// The person is in.
    SignedIn(Box<SignedIn>),
    /// The password was right, and a code is needed too.
    SecondFactor {
        /// What goes on with it; good for five minutes and five tries.
        ticket: SecretText,
    },
}

/// Lets somebody in who knows their password. Somebody who has no account, no password, or is disabled, hears the same as
/// somebody whose password is wrong, after the same work.
pub async fn sign_in(app: &App, command: SignIn) -> Result<SignInOutcome, PeopleError> {
    let SignIn { email, password, client } = command;
    app.people.attempts.count(&client, &email)?;
    let user = find(app, &email).await?;
    let id = user.as_ref().map(|it| it.id);
    let Some(user) = check_password(app, user, &password).await? else {
        note_refused(app, id, &client).await;
        return Err(PeopleError::Refused);
    };
    if !user.has_totp {
        return Ok(SignInOutcome::SignedIn(Box::new(begin(app, user, &client).await?)));
    }
    ask_second_factor(app, &user).await
}

/// Goes on with a code.
pub(super) async fn ask_second_factor(
    app: &App,
    user: &UserRecord,
) -> Result<SignInOutcome, PeopleError> {
    let (kind, tries) = (TicketKind::SecondFactor, SECOND_FACTOR_TRIES);
    let ticket = put_ticket(app, kind, Some(user.id), String::new(), SECOND_FACTOR_LIFETIME, tries);
    Ok(SignInOutcome::SecondFactor { ticket: ticket.await? })
}

/// The person with what was typed as their address.
pub(super) async fn find(app: &App, email: &str) -> Result<Option<UserRecord>, PeopleError> {
    match EmailAddress::parse(email) {
        Ok(email) => Ok(app.people.users.find_user_by_email(&email).await?),
        Err(_) => Ok(None),
    }
}

/// The person, if they may sign in and the password is theirs. The work is the same in every case.
pub(super) async fn check_password(
    app: &App,
    user: Option<UserRecord>,
    password: &SecretText,
) -> Result<Option<UserRecord>, PeopleError> {
    let people = &app.people;
    // Of nobody, too, something is read.
    let id = user.as_ref().map_or(UserId::new(Uuid::nil()), |it| it.id);
    let known = people.users.credentials(id).await?.and_then(|it| it.password_hash);
    let attempt = PasswordAttempt::new(password);
    let fits = people.passwords.verify(attempt.secret(), known.as_deref()).await?;
    let user = user.filter(|it| fits && it.state == UserState::Active);
    if let (Some(user), Some(hash)) = (&user, known) {
        renew_hash(app, user, attempt.secret(), hash).await?;
    }
    Ok(user)
}

/// The salt of a new hash.
pub(super) fn salt(app: &App) -> [u8; 16] {
    let mut salt = [0; 16];
    salt.iter_mut().zip(app.randomness.secret()).for_each(|(to, from)| *to = from);
    salt
}

/// Passwords get the strength of today when they are next typed.
async fn renew_hash(
    app: &App,
    user: &UserRecord,
    password: &SecretText,
    from: String,
) -> Result<(), PeopleError> {
    let people = &app.people;
    if !people.passwords.is_outdated(&from) {
        return Ok(());
    }
    let to = people.passwords.hash(password, salt(app)).await?;
    people.users.change_user(user.id, UserChange::Rehashed { from, to }).await?;
    Ok(())
}
