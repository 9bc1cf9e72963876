//! The first owner, who comes with a link that the start of the server printed.

use std::sync::PoisonError;
use std::time::Duration;

use smartcms_domain::Timestamp;
use smartcms_domain::actors::{Rank, UserId};
use smartcms_domain::people::{EmailAddress, NewPassword, PersonName, SecretText};

use super::links::{OWNER_PATH, link};
use super::secrets::{hash_of, later, new_secret};
use super::session::{SignedIn, begin};
use super::sign_in::salt;
use super::{Client, PeopleError};
use crate::App;
use crate::ports::{Added, NewUser};

/// How long the link is good.
const OWNER_LINK_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// The link of this start: it is nowhere but in memory, so another start makes it good for nothing.
pub(super) struct OwnerLink {
    hash: [u8; 32],
    expires_at: Timestamp,
}

/// The first owner.
#[derive(Debug, Clone)]
pub struct CreateOwner {
    /// The secret of the link.
    pub link: String,
    /// Where mail reaches them.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// The password.
    pub password: SecretText,
    /// Who does it.
    pub client: Client,
}

/// The link with which the first owner is made, good for an hour and for this start; `None` where the site has people.
pub async fn start_owner_link(app: &App) -> Result<Option<SecretText>, PeopleError> {
    if app.people.users.any_user().await? {
        return Ok(None);
    }
    let secret = new_secret(app);
    let hash = hash_of(secret.reveal()).unwrap_or_default();
    let expires_at = later(app.clock.now(), OWNER_LINK_LIFETIME);
    set_link(app, Some(OwnerLink { hash, expires_at }));
    Ok(Some(link(app, OWNER_PATH, &secret)))
}

/// From now on the first owner may also be made with this secret, which the configuration brings: for sites whose start
/// nobody sees, or that start with each request. It is good for nothing as soon as the site has people.
pub fn accept_configured_secret(app: &App, secret: &SecretText) {
    if let Some(hash) = hash_of(secret.reveal()) {
        // Where it was set already, it is the same: settings do not change while a process runs.
        let _ = app.people.configured_secret.set(hash);
    }
}

/// Whether this is the secret of the link of this start, and the site has nobody yet.
pub async fn owner_link_is_good(app: &App, secret: &str) -> Result<bool, PeopleError> {
    Ok(fits(app, secret) && !app.people.users.any_user().await?)
}

/// Makes the first owner and signs them in. The link is good for nothing afterwards.
pub async fn create_owner(app: &App, command: CreateOwner) -> Result<SignedIn, PeopleError> {
    let people = &app.people;
    people.attempts.count_client(&command.client)?;
    if !fits(app, &command.link) {
        return Err(PeopleError::LinkNotGood);
    }
    let email = EmailAddress::parse(&command.email)?;
    let name = PersonName::parse(&command.name)?;
    let password = NewPassword::check(&command.password, &email, &name)?;
    let hash = people.passwords.hash(password.secret(), salt(app)).await?;
    let now = app.clock.now();
    let id = UserId::new(app.randomness.id(now));
    let owner = NewUser {
        id,
        email,
        name,
        role: Rank::Owner.into(),
        created_at: now,
        password_hash: Some(hash),
    };
    let added = people.users.add_user(owner, true).await?;
    // Also when somebody was first: nobody comes in by this link any more.
    set_link(app, None);
    if added != Added::Done {
        return Err(PeopleError::OwnerExists);
    }
    let user = people.users.find_user(id).await?.ok_or(PeopleError::Refused)?;
    begin(app, user, &command.client).await
}

fn fits(app: &App, secret: &str) -> bool {
    let Some(hash) = hash_of(secret) else { return false };
    let is_it = |known: [u8; 32]| blake3::Hash::from_bytes(known) == hash;
    if app.people.configured_secret.get().is_some_and(|it| is_it(*it)) {
        return true;
    }
    let held = app.people.owner_link.lock().unwrap_or_else(PoisonError::into_inner);
    held.as_ref().is_some_and(|it| it.expires_at > app.clock.now() && is_it(it.hash))
}

fn set_link(app: &App, link: Option<OwnerLink>) {
    *app.people.owner_link.lock().unwrap_or_else(PoisonError::into_inner) = link;
}
