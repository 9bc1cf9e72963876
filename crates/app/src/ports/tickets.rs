//! Where what is good once and for a short time is kept: links in mails, and steps of signing in.

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::actors::UserId;

use super::StoreError;

/// The most tickets of one kind of one person; a further one takes the oldest away.
pub const TICKETS_OF_KIND_MAX: u32 = 5;

/// Tickets.
#[async_trait]
pub trait TicketStore: Send + Sync {
    /// Stores a ticket.
    async fn put_ticket(&self, ticket: Ticket) -> Result<(), StoreError>;

    /// The ticket with this hash, of this kind, if its time has not come.
    async fn find_ticket(
        &self,
        hash: &[u8; 32],
        kind: TicketKind,
        now: Timestamp,
    ) -> Result<Option<Ticket>, StoreError>;

    /// Takes a ticket away, for the one who then holds it: of two, one gets it.
    async fn take_ticket(
        &self,
        hash: &[u8; 32],
        kind: TicketKind,
        now: Timestamp,
    ) -> Result<Option<Ticket>, StoreError>;

    /// Counts a try and answers the ticket; `None` where no tries are left.
    async fn try_ticket(
        &self,
        hash: &[u8; 32],
        kind: TicketKind,
        now: Timestamp,
    ) -> Result<Option<Ticket>, StoreError>;

    /// Forgets tickets whose time came before. How many went.
    async fn forget_tickets(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// BLAKE3 of the secret, which has 256 random bits.
    pub hash: [u8; 32],
    /// What it is good for.
    pub kind: TicketKind,
    /// Whose it is; nobody's before it is known who comes.
    pub user: Option<UserId>,
    /// What the step needs to go on.
    pub data: String,
    /// From when it is good for nothing.
    pub expires_at: Timestamp,
    /// How often it may be tried.
    pub tries_left: u32,
}

/// What a ticket is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TicketKind {
    /// Choosing the first password.
    Invitation,
    /// Choosing another password without the old one.
    PasswordReset,
    /// Going on after the password was right.
    SecondFactor,
    /// Proving that the TOTP was taken over.
    TotpEnrolment,
    /// Answering the challenge for a new passkey.
    PasskeyEnrolment,
    /// Answering the challenge for signing in.
    PasskeySignIn,
    /// Coming back from an identity provider.
    ProviderSignIn,
}

impl TicketKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Invitation,
        Self::PasswordReset,
        Self::SecondFactor,
        Self::TotpEnrolment,
        Self::PasskeyEnrolment,
        Self::PasskeySignIn,
        Self::ProviderSignIn,
    ];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::PasswordReset => "password-reset",
            Self::SecondFactor => "second-factor",
            Self::TotpEnrolment => "totp-enrolment",
            Self::PasskeyEnrolment => "passkey-enrolment",
            Self::PasskeySignIn => "passkey-sign-in",
            Self::ProviderSignIn => "provider-sign-in",
        }
    }
}
