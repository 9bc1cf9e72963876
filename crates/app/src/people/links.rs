//! What is good once, and the links that carry it.

use std::time::Duration;

use smartcms_domain::actors::UserId;
use smartcms_domain::people::SecretText;

use super::secrets::{hash_of, later, new_secret};
use crate::App;
use crate::ports::{StoreError, Ticket, TicketKind};

/// The page of the first owner.
pub const OWNER_PATH: &str = "/admin/setup";
/// The page on which a password is chosen, by an invitation or because one was forgotten.
pub const PASSWORD_PATH: &str = "/admin/password";

/// A link to a page of this site with a secret. It begins with the address that is configured: what a request says about
/// the host is not believed.
pub(super) fn link(app: &App, path: &str, secret: &SecretText) -> SecretText {
    SecretText::new(format!("{}{path}?link={}", app.site.base_url, secret.reveal()))
}

/// Stores a new ticket; its secret.
pub(super) async fn put_ticket(
    app: &App,
    kind: TicketKind,
    user: Option<UserId>,
    data: String,
    lifetime: Duration,
    tries: u32,
) -> Result<SecretText, StoreError> {
    let secret = new_secret(app);
    let ticket = Ticket {
        hash: hash_of(secret.reveal()).unwrap_or_default(),
        kind,
        user,
        data,
        expires_at: later(app.clock.now(), lifetime),
        tries_left: tries,
    };
    app.people.tickets.put_ticket(ticket).await?;
    Ok(secret)
}
