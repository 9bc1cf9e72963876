//! What operations on people stand on.

use core::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use super::attempts::Attempts;
use super::owner::OwnerLink;
use crate::ports::{
    Clock, IdentityProviders, Mailer, Passkeys, PasswordHasher, SessionStore, TicketStore,
    UserStore,
};

/// What operations on people stand on.
pub struct People {
    pub(crate) users: Arc<dyn UserStore>,
    pub(crate) sessions: Arc<dyn SessionStore>,
    pub(crate) tickets: Arc<dyn TicketStore>,
    pub(crate) passwords: Arc<dyn PasswordHasher>,
    pub(crate) mailer: Arc<dyn Mailer>,
    pub(crate) passkeys: Arc<dyn Passkeys>,
    pub(crate) providers: Arc<dyn IdentityProviders>,
    pub(crate) settings: PeopleSettings,
    pub(crate) attempts: Attempts,
    /// In memory alone: it is good for this start of the process.
    pub(super) owner_link: Mutex<Option<OwnerLink>>,
    /// The hash of the secret that the configuration brings.
    pub(super) configured_secret: OnceLock<[u8; 32]>,
}

/// The parts of [`People`].
pub struct PeopleParts {
    /// People and what they prove themselves with.
    pub users: Arc<dyn UserStore>,
    /// Their sessions.
    pub sessions: Arc<dyn SessionStore>,
    /// What is good once.
    pub tickets: Arc<dyn TicketStore>,
    /// Hashes of passwords.
    pub passwords: Arc<dyn PasswordHasher>,
    /// Mail to people.
    pub mailer: Arc<dyn Mailer>,
    /// Passkeys.
    pub passkeys: Arc<dyn Passkeys>,
    /// Identity providers.
    pub providers: Arc<dyn IdentityProviders>,
    /// For how long things hold.
    pub settings: PeopleSettings,
}

/// For how long things hold, and how often they may be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleSettings {
    /// How long a session lives that is not used: `people.session_idle_hours`.
    pub session_idle: Duration,
    /// How long a session lives at most: `people.session_days`.
    pub session_lifetime: Duration,
    /// How long a link for a forgotten password is good: `people.reset_minutes`.
    pub reset_lifetime: Duration,
    /// How long an invitation is good: `people.invitation_days`.
    pub invitation_lifetime: Duration,
    /// How often signing in may be tried from one address in a row; then one try every few seconds is added again:
    /// `people.address_attempts`.
    pub address_attempts: u32,
    /// How often signing in to one account may be tried in a row; then one every half minute: `people.account_attempts`.
    pub account_attempts: u32,
}

impl Default for PeopleSettings {
    fn default() -> Self {
        const HOUR: u64 = 60 * 60;
        Self {
            session_idle: Duration::from_secs(72 * HOUR),
            session_lifetime: Duration::from_secs(30 * 24 * HOUR),
            reset_lifetime: Duration::from_secs(HOUR),
            invitation_lifetime: Duration::from_secs(7 * 24 * HOUR),
            address_attempts: 30,
            account_attempts: 10,
        }
    }
}

/// Who tries something, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// Where from; none for a program on this machine.
    pub address: Option<IpAddr>,
    /// What browser, as that says.
    pub user_agent: String,
}

impl People {
    /// Joins the parts.
    pub fn new(parts: PeopleParts, clock: Arc<dyn Clock>) -> Self {
        let attempts = Attempts::new(&parts.settings, clock);
        Self {
            users: parts.users,
            sessions: parts.sessions,
            tickets: parts.tickets,
            passwords: parts.passwords,
            mailer: parts.mailer,
            passkeys: parts.passkeys,
            providers: parts.providers,
            settings: parts.settings,
            attempts,
            owner_link: Mutex::new(None),
            configured_secret: OnceLock::new(),
        }
    }

    /// Whether mail reaches people, and is not just written down here.
    pub fn has_mail(&self) -> bool {
        self.mailer.reaches_people()
    }
}
