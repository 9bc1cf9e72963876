//! Where people are kept.

use async_trait::async_trait;
use smartcms_domain::Timestamp;
use smartcms_domain::actors::{RoleName, UserId};
use smartcms_domain::people::{EmailAddress, PersonName, UserState};

use super::StoreError;

/// The most people one read answers.
pub const USERS_READ_MAX: u32 = 200;
/// The most passkeys of one person.
pub const PASSKEYS_MAX: u32 = 20;

/// People and what they prove themselves with.
///
/// A change that touches what somebody may, or how they prove who they are, ends every session of theirs and every ticket
/// in the same transaction.
#[async_trait]
pub trait UserStore: Send + Sync {
    /// Whether there is anybody.
    async fn any_user(&self) -> Result<bool, StoreError>;

    /// Stores a person; `only_first` where nobody may be there yet.
    async fn add_user(&self, user: NewUser, only_first: bool) -> Result<Added, StoreError>;

    /// The person with this id.
    async fn find_user(&self, id: UserId) -> Result<Option<UserRecord>, StoreError>;

    /// The person with this address.
    async fn find_user_by_email(
        &self,
        email: &EmailAddress,
    ) -> Result<Option<UserRecord>, StoreError>;

    /// People by their addresses, those after `after`, at most [`USERS_READ_MAX`].
    async fn list_users(
        &self,
        after: Option<&EmailAddress>,
        limit: u32,
    ) -> Result<Vec<UserRecord>, StoreError>;

    /// What the person proves themselves with.
    async fn credentials(&self, id: UserId) -> Result<Option<Credentials>, StoreError>;

    /// Changes a person. The last active owner stays one.
    async fn change_user(&self, id: UserId, change: UserChange) -> Result<Changed, StoreError>;

    /// Remembers when a person signed in.
    async fn note_sign_in(&self, id: UserId, at: Timestamp) -> Result<(), StoreError>;

    /// Uses up a time step of the person's TOTP; `false` where it, or a later one, was used before.
    async fn use_totp_step(&self, id: UserId, step: u64) -> Result<bool, StoreError>;

    /// Uses up a recovery code; `false` where the person has none with this hash.
    async fn use_recovery_code(&self, id: UserId, hash: &[u8; 32]) -> Result<bool, StoreError>;

    /// Stores a passkey; `false` where it is known already, or the person has [`PASSKEYS_MAX`].
    async fn add_passkey(&self, passkey: PasskeyRecord) -> Result<bool, StoreError>;

    /// The passkeys of a person, the oldest first.
    async fn passkeys_of(&self, user: UserId) -> Result<Vec<PasskeyRecord>, StoreError>;

    /// The passkey with this credential id.
    async fn find_passkey(&self, id: &[u8]) -> Result<Option<PasskeyRecord>, StoreError>;

    /// Remembers that a passkey was used, and what it became by that: its counter.
    async fn use_passkey(
        &self,
        id: &[u8],
        credential: String,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Calls a passkey of a person otherwise; `false` when there is none.
    async fn rename_passkey(
        &self,
        user: UserId,
        id: &[u8],
        name: String,
    ) -> Result<bool, StoreError>;

    /// Takes a passkey of a person away; `false` when there is none.
    async fn remove_passkey(&self, user: UserId, id: &[u8]) -> Result<bool, StoreError>;

    /// Who the issuer's subject is here.
    async fn find_identity(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<UserId>, StoreError>;

    /// Says who an issuer's subject is; `false` where that is said already.
    async fn add_identity(
        &self,
        user: UserId,
        issuer: &str,
        subject: &str,
    ) -> Result<bool, StoreError>;
}

/// A person to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// Who.
    pub id: UserId,
    /// Where mail reaches them; unique.
    pub email: EmailAddress,
    /// What they are called.
    pub name: PersonName,
    /// What they may do.
    pub role: RoleName,
    /// When.
    pub created_at: Timestamp,
    /// The hash of their password; none where they choose one later.
    pub password_hash: Option<String>,
}

/// What became of a person to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// They are there.
    Done,
    /// Somebody has the address.
    EmailTaken,
    /// Somebody is there already.
    NotFirst,
}

/// A person as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// Who.
    pub id: UserId,
    /// Where mail reaches them; unique.
    pub email: EmailAddress,
    /// What they are called.
    pub name: PersonName,
    /// What they may do.
    pub role: RoleName,
    /// Whether they may sign in.
    pub state: UserState,
    /// Grows with every change that ends the sessions: a session of another generation is none.
    pub generation: u64,
    /// When they were added.
    pub created_at: Timestamp,
    /// When they last signed in.
    pub signed_in_at: Option<Timestamp>,
    /// Whether they have a password.
    pub has_password: bool,
    /// Whether their password alone does not let them in.
    pub has_totp: bool,
    /// How many recovery codes they have left.
    pub recovery_codes: u32,
    /// How many passkeys they have.
    pub passkeys: u32,
}

/// What a person proves themselves with, passkeys aside.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The hash of the password, in the PHC form.
    pub password_hash: Option<String>,
    /// The secret of the TOTP.
    pub totp_secret: Option<Vec<u8>>,
}

/// A change of a person.
#[derive(Clone, PartialEq, Eq)]
pub enum UserChange {
    /// Another name; sessions stay.
    Name(PersonName),
    /// Another address.
    Email(EmailAddress),
    /// Another role.
    Role(RoleName),
    /// Whether they may sign in.
    State(UserState),
    /// Another password.
    Password(String),
    /// The same password under a stronger hash; sessions stay. Nothing happens where the hash is another one by now.
    Rehashed {
        /// The hash that was there.
        from: String,
        /// The new one.
        to: String,
    },
    /// A TOTP, whose step was used to prove it, and recovery codes.
    Totp {
        /// The secret.
        secret: Vec<u8>,
        /// The time step of the code that proved it.
        step: u64,
        /// The hashes of the codes.
        recovery_codes: Vec<[u8; 32]>,
    },
    /// Other recovery codes; sessions stay.
    RecoveryCodes(Vec<[u8; 32]>),
    /// No TOTP any more, and no recovery codes.
    NoTotp,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// The person is this now.
    Done(Box<UserRecord>),
    /// There is no such person.
    Unknown,
    /// Somebody has the address.
    EmailTaken,
    /// The site would have no owner who can sign in.
    LastOwner,
}

impl UserChange {
    /// Whether it ends the sessions of the person.
    pub fn ends_sessions(&self) -> bool {
        !matches!(self, Self::Name(_) | Self::RecoveryCodes(_) | Self::Rehashed { .. })
    }
}

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRecord {
    /// The credential id, chosen by the authenticator.
    pub id: Vec<u8>,
    /// Whose it is.
    pub user: UserId,
    /// What its owner calls it.
    pub name: String,
    /// The public key and what belongs to it, as the adapter of passkeys writes it.
    pub credential: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}
