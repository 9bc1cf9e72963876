//! Changing one's own password.

use smartcms_domain::people::{NewPassword, SecretText};

use super::deeds::{note_own, operation_of};
use super::session::{Session, SignedIn, begin};
use super::sign_in::{check_password, salt};
use super::{Client, PeopleError};
use crate::App;
use crate::ports::{Changed, UserChange};

/// Another password.
#[derive(Debug, Clone)]
pub struct ChangePassword {
    /// The one that is so far.
    pub current: SecretText,
    /// The one that is wanted.
    pub new: SecretText,
    /// Who does it.
    pub client: Client,
}

/// Changes the password of the session's person. Every session of theirs ends, this one too; they go on in a new one.
pub async fn change_password(
    app: &App,
    session: &Session,
    command: ChangePassword,
) -> Result<SignedIn, PeopleError> {
    let user = &session.user;
    app.people.attempts.count(&command.client, user.email.as_str())?;
    let new = NewPassword::check(&command.new, &user.email, &user.name)?;
    // Who has none, as somebody who comes with a passkey, proves the rest by a fresh session.
    if user.has_password {
        let checked = check_password(app, Some(user.clone()), &command.current).await?;
        checked.ok_or(PeopleError::Refused)?;
    } else {
        session.require_fresh(app)?;
    }
    let hash = app.people.passwords.hash(new.secret(), salt(app)).await?;
    change_and_go_on(app, session, UserChange::Password(hash), &command.client).await
}

/// Proves again who one is; the session ends, and a new one begins.
pub async fn prove_again(
    app: &App,
    session: &Session,
    password: &SecretText,
    client: &Client,
) -> Result<SignedIn, PeopleError> {
    app.people.attempts.count(client, session.user.email.as_str())?;
    let checked = check_password(app, Some(session.user.clone()), password).await?;
    let user = checked.ok_or(PeopleError::Refused)?;
    let begun = begin(app, user, client).await?;
    app.people.sessions.remove_session(&session.hash).await?;
    Ok(begun)
}

/// Changes the session's person in a way that ends every session of theirs, and begins a new one.
pub(super) async fn change_and_go_on(
    app: &App,
    session: &Session,
    change: UserChange,
    client: &Client,
) -> Result<SignedIn, PeopleError> {
    let operation = operation_of(&change);
    match app.people.users.change_user(session.user.id, change).await? {
        Changed::Done(user) => {
            note_own(app, &user, client, operation).await;
            begin(app, *user, client).await
        }
        Changed::EmailTaken => Err(PeopleError::EmailTaken(String::new())),
        Changed::Unknown | Changed::LastOwner => Err(PeopleError::Refused),
    }
}
