//! Signing in by an identity provider that the operator chose.

use std::time::Duration;

use smartcms_domain::people::{SecretText, UserState};

use super::links::put_ticket;
use super::secrets::hash_of;
use super::session::begin;
use super::sign_in::ask_second_factor;
use super::{Client, PeopleError, SignInOutcome};
use crate::App;
use crate::ports::{ProvidedIdentity, ProviderName, TicketKind, UserRecord};

const SIGN_IN_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// Somebody who is sent to an identity provider.
#[derive(Debug, Clone)]
pub struct ProviderVisit {
    /// Where to.
    pub url: String,
    /// What their browser keeps until they are back: who comes back without it did not begin here.
    pub browser_secret: SecretText,
}

/// Somebody who came back.
#[derive(Debug, Clone)]
pub struct FinishProviderSignIn {
    /// From which provider.
    pub provider: String,
    /// What the address says as `state`.
    pub state: String,
    /// What the address says as `code`.
    pub code: String,
    /// What their browser kept.
    pub browser_secret: String,
    /// Who comes.
    pub client: Client,
}

/// Which identity providers there are.
pub fn list_providers(app: &App) -> Vec<ProviderName> {
    app.people.providers.list()
}

/// Where somebody comes back to from a provider.
pub fn provider_return_url(app: &App, provider: &str) -> String {
    format!("{}/admin/sign-in/with/{provider}/back", app.site.base_url)
}

/// Sends somebody to an identity provider.
pub async fn begin_provider_sign_in(
    app: &App,
    provider: &str,
    client: &Client,
) -> Result<ProviderVisit, PeopleError> {
    let people = &app.people;
    people.attempts.count_client(client)?;
    // There are none there, and nobody has a ticket of one.
    #[cfg(target_family = "wasm")]
    return Err(crate::ports::ProviderError::Unknown(provider.to_owned()).into());
    #[cfg(not(target_family = "wasm"))]
    {
        let start = people.providers.start(provider, &provider_return_url(app, provider)).await?;
        let browser_secret = super::secrets::new_secret(app);
        // The browser's part is in the ticket too: a state alone that somebody else began signs nobody in.
        let kept = blake3::hash(browser_secret.reveal().as_bytes()).to_hex();
        let data = format!("{kept} {provider} {}", start.state);
        let kind = TicketKind::ProviderSignIn;
        let ticket = put_ticket(app, kind, None, data, SIGN_IN_LIFETIME, 1).await?;
        let mark = if start.url.contains('?') { '&' } else { '?' };
        let url = format!("{}{mark}state={}", start.url, ticket.reveal());
        Ok(ProviderVisit { url, browser_secret })
    }
}

/// Lets somebody in of whom the provider says who they are, if they were added here: nobody gets an account by coming. Who
/// comes for the first time is known by the mail address that the provider has made sure of.
pub async fn finish_provider_sign_in(
    app: &App,
    command: FinishProviderSignIn,
) -> Result<SignInOutcome, PeopleError> {
    let people = &app.people;
    people.attempts.count_client(&command.client)?;
    // There are none there, and nobody has a ticket of one.
    #[cfg(target_family = "wasm")]
    return Err(PeopleError::LinkNotGood);
    #[cfg(not(target_family = "wasm"))]
    {
        let state = kept_state(app, &command).await?.ok_or(PeopleError::LinkNotGood)?;
        let (provider, back) = (&command.provider, provider_return_url(app, &command.provider));
        let identity = people.providers.finish(provider, &back, &state, &command.code).await?;
        let user = find(app, &identity).await?.filter(|it| it.state == UserState::Active);
        let user = user.ok_or(PeopleError::Refused)?;
        // A second proof that somebody asked for here is asked for on every way in.
        if user.has_totp {
            return ask_second_factor(app, &user).await;
        }
        Ok(SignInOutcome::SignedIn(Box::new(begin(app, user, &command.client).await?)))
    }
}

async fn kept_state(
    app: &App,
    command: &FinishProviderSignIn,
) -> Result<Option<String>, PeopleError> {
    let Some(hash) = hash_of(&command.state) else { return Ok(None) };
    let (kind, now) = (TicketKind::ProviderSignIn, app.clock.now());
    let Some(ticket) = app.people.tickets.take_ticket(&hash, kind, now).await? else {
        return Ok(None);
    };
    let mut parts = ticket.data.splitn(3, ' ');
    let (Some(kept), Some(provider), Some(state)) = (parts.next(), parts.next(), parts.next())
    else {
        return Ok(None);
    };
    let browser = blake3::hash(command.browser_secret.as_bytes());
    let begun_here = blake3::Hash::from_hex(kept).is_ok_and(|it| it == browser);
    Ok((begun_here && provider == command.provider).then(|| state.to_owned()))
}

async fn find(app: &App, identity: &ProvidedIdentity) -> Result<Option<UserRecord>, PeopleError> {
    let users = &app.people.users;
    if let Some(id) = users.find_identity(&identity.issuer, &identity.subject).await? {
        return Ok(users.find_user(id).await?);
    }
    let Some(email) = &identity.email else { return Ok(None) };
    let Some(user) = users.find_user_by_email(email).await? else { return Ok(None) };
    users.add_identity(user.id, &identity.issuer, &identity.subject).await?;
    Ok(Some(user))
}
