//! Who may work on the site: for those who manage it.
//!
//! Nobody gives what they do not have: who is below an owner makes no owner, and changes none.

use smartcms_domain::actors::{Actor, Held, RoleName, UserId};
use smartcms_domain::people::{EmailAddress, PersonName, SecretText, UserState};

use super::deeds::operation_of;
use super::links::{PASSWORD_PATH, link, put_ticket};
use super::{PeopleError, mails};
use crate::OpContext;
use crate::audit::{Deed, record};
use crate::ports::{Added, Changed, NewUser, TicketKind, USERS_READ_MAX, UserChange, UserRecord};
use crate::roles::{RoleError, resolve_role};

/// Somebody who is to work on the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateUser {
    /// Where mail reaches them.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// What they may do.
    pub role: RoleName,
}

/// Somebody who was invited.
#[derive(Debug, Clone)]
pub struct Invited {
    /// Who.
    pub user: UserRecord,
    /// The link with which they choose their password, to be handed over where there is no mail; shown once.
    pub link: SecretText,
}

/// People by their addresses, those after `after`.
pub async fn list_users(
    ctx: &OpContext<'_>,
    after: Option<&EmailAddress>,
    limit: u32,
) -> Result<Vec<UserRecord>, PeopleError> {
    require_managing(ctx)?;
    Ok(ctx.app.people.users.list_users(after, limit.min(USERS_READ_MAX)).await?)
}

/// One person, for one who manages people, or for themselves.
pub async fn find_user(ctx: &OpContext<'_>, id: UserId) -> Result<UserRecord, PeopleError> {
    if !is_self(ctx, id) {
        require_managing(ctx)?;
    }
    let found = ctx.app.people.users.find_user(id).await?;
    found.ok_or_else(|| PeopleError::UnknownUser(id.to_string()))
}

/// The person with what was typed as their address, for one who manages people.
pub async fn find_user_by_email(
    ctx: &OpContext<'_>,
    email: &str,
) -> Result<UserRecord, PeopleError> {
    require_managing(ctx)?;
    let found = ctx.app.people.users.find_user_by_email(&EmailAddress::parse(email)?).await?;
    found.ok_or_else(|| PeopleError::UnknownUser(email.to_owned()))
}

/// Adds a person and sends them an invitation, where there is mail.
pub async fn create_user(ctx: &OpContext<'_>, command: CreateUser) -> Result<Invited, PeopleError> {
    require_managing(ctx)?;
    require_role(ctx, &command.role).await?;
    let (app, now) = (ctx.app, ctx.app.clock.now());
    let email = EmailAddress::parse(&command.email)?;
    let name = PersonName::parse(&command.name)?;
    let id = UserId::new(app.randomness.id(now));
    let role = command.role.clone();
    let new =
        NewUser { id, email: email.clone(), name, role, created_at: now, password_hash: None };
    match app.people.users.add_user(new, false).await? {
        Added::Done => {
            let said = format!("{email}, role {}", command.role);
            record(ctx, Deed::done("user.created").to("user", id).detail(said)).await;
            invite(ctx, id).await
        }
        Added::EmailTaken | Added::NotFirst => Err(PeopleError::EmailTaken(email.to_string())),
    }
}

/// Sends another invitation to somebody who has no password yet.
pub async fn invite_again(ctx: &OpContext<'_>, id: UserId) -> Result<Invited, PeopleError> {
    let user = managed(ctx, id).await?;
    require_role(ctx, &user.role).await?;
    if user.has_password {
        return Err(PeopleError::field(
            "user",
            "has-password",
            "that person has a password already",
        ));
    }
    invite(ctx, id).await
}

/// Gives a person another role; their sessions end.
pub async fn change_role(
    ctx: &OpContext<'_>,
    id: UserId,
    role: RoleName,
) -> Result<UserRecord, PeopleError> {
    let user = managed(ctx, id).await?;
    require_role(ctx, &user.role).await?;
    require_role(ctx, &role).await?;
    change(ctx, id, UserChange::Role(role)).await
}

/// Lets a person in no more; their sessions end. What they wrote stays theirs.
pub async fn disable_user(ctx: &OpContext<'_>, id: UserId) -> Result<UserRecord, PeopleError> {
    let user = managed(ctx, id).await?;
    require_role(ctx, &user.role).await?;
    change(ctx, id, UserChange::State(UserState::Disabled)).await
}

/// Lets a person in again.
pub async fn enable_user(ctx: &OpContext<'_>, id: UserId) -> Result<UserRecord, PeopleError> {
    let user = managed(ctx, id).await?;
    require_role(ctx, &user.role).await?;
    change(ctx, id, UserChange::State(UserState::Active)).await
}

/// Takes the TOTP of a person away who has lost what makes the codes; their sessions end.
pub async fn reset_second_factor(
    ctx: &OpContext<'_>,
    id: UserId,
) -> Result<UserRecord, PeopleError> {
    let user = managed(ctx, id).await?;
    require_role(ctx, &user.role).await?;
    change(ctx, id, UserChange::NoTotp).await
}

/// Calls a person otherwise: one who manages people does that, and everybody for themselves.
pub async fn rename_user(
    ctx: &OpContext<'_>,
    id: UserId,
    name: &str,
) -> Result<UserRecord, PeopleError> {
    if !is_self(ctx, id) {
        require_role(ctx, &managed(ctx, id).await?.role).await?;
    }
    change(ctx, id, UserChange::Name(PersonName::parse(name)?)).await
}

/// The person, for one who manages people.
pub(super) async fn managed(ctx: &OpContext<'_>, id: UserId) -> Result<UserRecord, PeopleError> {
    require_managing(ctx)?;
    find_user(ctx, id).await
}

/// Refuses who would give or take a role that goes beyond what they hold.
pub(super) async fn require_role(ctx: &OpContext<'_>, name: &RoleName) -> Result<(), PeopleError> {
    let found = resolve_role(ctx.app, name).await?;
    let role = found.ok_or_else(|| RoleError::Unknown(name.to_string()))?;
    Ok(RoleError::refuse_beyond(ctx, &Held::of(&role))?)
}

pub(super) fn require_managing(ctx: &OpContext<'_>) -> Result<(), PeopleError> {
    if ctx.actor.may_manage_site() { Ok(()) } else { Err(denied(ctx, "manage people")) }
}

pub(super) fn is_self(ctx: &OpContext<'_>, id: UserId) -> bool {
    matches!(ctx.actor, Actor::User { id: own, .. } if *own == id)
}

fn denied(ctx: &OpContext<'_>, what: &str) -> PeopleError {
    PeopleError::Denied { actor: ctx.actor.to_string(), what: what.to_owned() }
}

async fn invite(ctx: &OpContext<'_>, id: UserId) -> Result<Invited, PeopleError> {
    let (app, user) = (ctx.app, find_user(ctx, id).await?);
    let (kind, lifetime) = (TicketKind::Invitation, app.people.settings.invitation_lifetime);
    let secret = put_ticket(app, kind, Some(id), String::new(), lifetime, 1).await?;
    let link = link(app, PASSWORD_PATH, &secret);
    app.people.mailer.send(mails::invitation(app, &user, &link)).await?;
    Ok(Invited { user, link })
}

async fn change(
    ctx: &OpContext<'_>,
    id: UserId,
    change: UserChange,
) -> Result<UserRecord, PeopleError> {
    let mut deed = Deed::done(operation_of(&change)).to("user", id);
    if let UserChange::Role(role) = &change {
        deed = deed.detail(format!("role {role}"));
    }
    match ctx.app.people.users.change_user(id, change).await? {
        Changed::Done(user) => {
            record(ctx, deed).await;
            Ok(*user)
        }
        Changed::Unknown => Err(PeopleError::UnknownUser(id.to_string())),
        Changed::LastOwner => Err(PeopleError::LastOwner),
        Changed::EmailTaken => Err(PeopleError::EmailTaken(id.to_string())),
    }
}
