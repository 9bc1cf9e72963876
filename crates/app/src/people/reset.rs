//! Choosing a password by a link: an invitation, or because the old one was forgotten.

use smartcms_domain::actors::UserId;
use smartcms_domain::people::{NewPassword, SecretText, UserState};
use smartcms_domain::with_causes;

use super::deeds::note_own;
use super::links::{PASSWORD_PATH, link, put_ticket};
use super::manage::{managed, require_role};
use super::secrets::hash_of;
use super::session::{SignedIn, begin};
use super::sign_in::{find, salt};
use super::{Client, PeopleError, SignInOutcome, mails};
use crate::audit::{Deed, record};
use crate::ports::{Changed, Ticket, TicketKind, UserChange, UserRecord};
use crate::{App, OpContext};

/// The kinds of tickets that a link for a password can carry.
const KINDS: [TicketKind; 2] = [TicketKind::PasswordReset, TicketKind::Invitation];

/// What a link is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordLink {
    /// Whose password it is about.
    pub user: UserRecord,
    /// Whether it is their first.
    pub is_invitation: bool,
}

/// Choosing a password by a link.
#[derive(Debug, Clone)]
pub struct UsePasswordLink {
    /// The secret of the link.
    pub link: String,
    /// The password.
    pub password: SecretText,
    /// Who does it.
    pub client: Client,
}

/// Sends a link to somebody who has forgotten their password. What this answers, and how long it takes, does not depend on
/// whether there is such an account.
pub async fn ask_password_reset(
    app: &App,
    email: &str,
    client: &Client,
) -> Result<(), PeopleError> {
    let people = &app.people;
    people.attempts.count_client(client)?;
    people.attempts.count_mail(email)?;
    let user = find(app, email).await?.filter(|it| it.state == UserState::Active);
    // For nobody, too, a ticket is written: it costs the same, and opens nothing.
    let secret = put_reset(app, user.as_ref().map(|it| it.id)).await?;
    if let Some(user) = user {
        let link = link(app, PASSWORD_PATH, &secret);
        let sent = people.mailer.send(mails::password_reset(app, &user, &link)).await;
        // Not told: it would tell that there is such an account.
        if let Err(error) = sent {
            tracing::error!(
                error = with_causes(&error),
                "a mail for a forgotten password was not sent"
            );
        }
    }
    Ok(())
}

/// A link for somebody's new password, for one who manages people; it is mailed too, where there is mail.
pub async fn start_password_reset(
    ctx: &OpContext<'_>,
    id: UserId,
) -> Result<SecretText, PeopleError> {
    let (app, user) = (ctx.app, managed(ctx, id).await?);
    require_role(ctx, &user.role).await?;
    let secret = put_reset(app, Some(id)).await?;
    record(ctx, Deed::done("user.password_reset_begun").to("user", id)).await;
    let link = link(app, PASSWORD_PATH, &secret);
    app.people.mailer.send(mails::password_reset(app, &user, &link)).await?;
    Ok(link)
}

/// What a link is good for; `None` for nothing, or no longer.
pub async fn find_password_link(
    app: &App,
    secret: &str,
) -> Result<Option<PasswordLink>, PeopleError> {
    Ok(found(app, secret).await?.map(|(_, link)| link))
}

/// Sets the password of the link's person, ends their sessions, and signs them in; with a TOTP that asks for the code.
pub async fn use_password_link(
    app: &App,
    command: UsePasswordLink,
) -> Result<SignInOutcome, PeopleError> {
    let people = &app.people;
    people.attempts.count_client(&command.client)?;
    let (ticket, found) = found(app, &command.link).await?.ok_or(PeopleError::LinkNotGood)?;
    let user = found.user;
    let password = NewPassword::check(&command.password, &user.email, &user.name)?;
    let hash = people.passwords.hash(password.secret(), salt(app)).await?;
    // Of two who come with one link, one gets it.
    let taken = people.tickets.take_ticket(&ticket.hash, ticket.kind, app.clock.now()).await?;
    taken.ok_or(PeopleError::LinkNotGood)?;
    let changed = people.users.change_user(user.id, UserChange::Password(hash)).await?;
    let Changed::Done(user) = changed else { return Err(PeopleError::LinkNotGood) };
    note_own(app, &user, &command.client, "user.password_changed").await;
    if !found.is_invitation {
        people.mailer.send(mails::password_changed(app, &user)).await?;
    }
    signed_in_by_link(app, *user, &command.client).await
}

/// Who can read somebody's mail is not yet that one where a second proof is asked for.
async fn signed_in_by_link(
    app: &App,
    user: UserRecord,
    client: &Client,
) -> Result<SignInOutcome, PeopleError> {
    if user.has_totp {
        return super::sign_in::ask_second_factor(app, &user).await;
    }
    let begun: SignedIn = begin(app, user, client).await?;
    Ok(SignInOutcome::SignedIn(Box::new(begun)))
}

async fn found(app: &App, secret: &str) -> Result<Option<(Ticket, PasswordLink)>, PeopleError> {
    let Some(hash) = hash_of(secret) else { return Ok(None) };
    let (people, now) = (&app.people, app.clock.now());
    for kind in KINDS {
        let Some(ticket) = people.tickets.find_ticket(&hash, kind, now).await? else { continue };
        let Some(id) = ticket.user else { return Ok(None) };
        let user = people.users.find_user(id).await?.filter(|it| it.state == UserState::Active);
        let is_invitation = kind == TicketKind::Invitation;
        return Ok(user.map(|user| (ticket, PasswordLink { user, is_invitation })));
    }
    Ok(None)
}

async fn put_reset(app: &App, user: Option<UserId>) -> Result<SecretText, PeopleError> {
    let (kind, lifetime) = (TicketKind::PasswordReset, app.people.settings.reset_lifetime);
    Ok(put_ticket(app, kind, user, String::new(), lifetime, 1).await?)
}
