//! Why an operation on people did not happen.

use smartcms_domain::Problem;
use smartcms_domain::people::{EmailError, NameError, PasswordProblem};

use crate::ports::{HashError, MailError, PasskeyError, ProviderError, StoreError};
use crate::roles::RoleError;
use crate::{Fault, FaultKind};

/// Why an operation on people did not happen.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The address, the password, the code or the passkey is wrong; which is not told.
    #[error("that did not fit; look at what you typed and try again")]
    Refused,
    /// It was tried too often from one place, or for one account.
    #[error("that was tried too often; come again in {wait_seconds} seconds")]
    TooOften {
        /// When it may be tried again.
        wait_seconds: u64,
    },
    /// More people are signing in than can be served at once.
    #[error("too many people are signing in at this moment; come again in a few seconds")]
    Busy,
    /// The link was used, is too old, or is none.
    #[error("the link is not good, or no longer")]
    LinkNotGood,
    /// It is too long ago that the session was proved.
    #[error("it is a while ago that you proved who you are; do it again first")]
    ProveAgain,
    /// The site has people already.
    #[error("the site has an owner already")]
    OwnerExists,
    /// The actor may not do this.
    #[error("{actor} may not {what}")]
    Denied {
        /// Who asked.
        actor: String,
        /// What was asked for: "manage people".
        what: String,
    },
    /// A role would be given or taken that is not there, or goes beyond what the actor holds.
    #[error(transparent)]
    Role(#[from] RoleError),
    /// There is no such person.
    #[error("there is no person `{0}`")]
    UnknownUser(String),
    /// There is no such session.
    #[error("there is no session `{0}`")]
    UnknownSession(String),
    /// Somebody has the address.
    #[error("somebody has the address `{0}` already")]
    EmailTaken(String),
    /// The site would have no owner.
    #[error("that one is the last owner of the site who can sign in")]
    LastOwner,
    /// The input was refused.
    #[error("the input has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Invalid(Vec<Problem>),
    /// Hashing failed.
    #[error("could not check a password")]
    Hash(#[source] HashError),
    /// The browser's answer for a passkey was not accepted, or there are no passkeys here.
    #[error("the passkey was not accepted")]
    Passkey(#[from] PasskeyError),
    /// The identity provider did not say who somebody is.
    #[error("the other site did not say who you are")]
    Provider(#[from] ProviderError),
    /// The mail was not taken over.
    #[error("could not send a mail")]
    Mail(#[from] MailError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PeopleError {
    /// Something wrong with one field.
    pub(super) fn field(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::field(field, code, message)])
    }
}

impl From<HashError> for PeopleError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy,
            failed => Self::Hash(failed),
        }
    }
}

impl From<EmailError> for PeopleError {
    fn from(error: EmailError) -> Self {
        Self::field("email", "format", error.to_string())
    }
}

impl From<NameError> for PeopleError {
    fn from(error: NameError) -> Self {
        Self::field("name", "format", error.to_string())
    }
}

impl From<PasswordProblem> for PeopleError {
    fn from(problem: PasswordProblem) -> Self {
        Self::field("password", problem.code(), problem.to_string())
    }
}

impl Fault for PeopleError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Role(error) => error.kind(),
            Self::Refused | Self::Passkey(_) | Self::ProveAgain | Self::Denied { .. } => {
                FaultKind::Forbidden
            }
            Self::TooOften { .. } => FaultKind::Limit,
            Self::LinkNotGood | Self::UnknownUser(_) | Self::UnknownSession(_) => {
                FaultKind::NotFound
            }
            Self::OwnerExists | Self::EmailTaken(_) | Self::LastOwner => FaultKind::Conflict,
            Self::Invalid(_) => FaultKind::Invalid,
            Self::Provider(ProviderError::Unknown(_)) => FaultKind::NotFound,
            Self::Provider(ProviderError::Refused { .. }) => FaultKind::Forbidden,
            Self::Provider(ProviderError::Failed { .. }) => FaultKind::Unavailable,
            Self::Busy | Self::Mail(_) | Self::Store(_) => FaultKind::Unavailable,
            Self::Hash(_) => FaultKind::Internal,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Refused => "people.refused",
            Self::TooOften { .. } => "people.too-often",
            Self::Busy => "people.busy",
            Self::LinkNotGood => "people.link-not-good",
            Self::ProveAgain => "people.prove-again",
            Self::OwnerExists => "people.owner-exists",
            Self::Denied { .. } => "people.denied",
            Self::Role(error) => error.code(),
            Self::UnknownUser(_) => "people.unknown",
            Self::UnknownSession(_) => "session.unknown",
            Self::EmailTaken(_) => "people.email-taken",
            Self::LastOwner => "people.last-owner",
            Self::Invalid(_) => "people.invalid",
            Self::Hash(_) => "people.hash",
            Self::Passkey(_) => "people.passkey",
            Self::Provider(_) => "people.provider",
            Self::Mail(_) => "people.mail",
            Self::Store(_) => "store.unavailable",
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::Invalid(problems) => problems,
            _ => &[],
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::LinkNotGood => Some("ask for another one".to_owned()),
            Self::LastOwner => Some("make somebody else an owner first".to_owned()),
            Self::Role(error) => error.hint(),
            _ => None,
        }
    }
}
