//! Why there is no suggestion.

use smartcms_domain::{Problem, Timestamp};

use crate::assets::AssetError;
use crate::entries::ContentError;
use crate::ports::{ModelError, StoreError};
use crate::{Fault, FaultKind};

/// Why there is no suggestion, or why one cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum AssistError {
    /// The role of the actor has no writing help.
    #[error("{actor} gets no writing help: it is off for the role {role}")]
    Off {
        /// Who asked.
        actor: String,
        /// The role that it would take.
        role: String,
    },
    /// No model of the site can do this.
    #[error("no model of this site can do `{0}`: it takes one that follows instructions")]
    NoModel(&'static str),
    /// No model of the site looks at images.
    #[error("no model of this site says what images show")]
    NoImageModel,
    /// A budget is used up.
    #[error(
        "{whose} has a limit of {limit} tokens of writing help a day: {used} are used or held, and this may take \
         {needed}; it is renewed at {renewed_at}"
    )]
    Spent {
        /// Whose budget: `you`'s or the site's.
        whose: &'static str,
        /// How many a day.
        limit: u64,
        /// How many are used or held.
        used: u64,
        /// How many this may take.
        needed: u64,
        /// When there are all again.
        renewed_at: Timestamp,
        /// In how many seconds that is.
        wait_seconds: u64,
    },
    /// A text is too long for a model.
    #[error("the text has {len} characters, and {max} is the limit")]
    TooLong {
        /// How many it has.
        len: usize,
        /// How many there may be.
        max: usize,
    },
    /// The input was refused.
    #[error("the request has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Invalid(Vec<Problem>),
    /// A save names a suggestion that is not there, is somebody else's, or is too old.
    #[error("there is no suggestion `{0}` that you could take, or no longer")]
    UnknownSuggestion(String),
    /// The model gave no answer.
    #[error("the model gave no suggestion")]
    Model(#[source] ModelError),
    /// The entry could not be read, or not changed by this actor.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The file could not be read, or not changed by this actor.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AssistError {
    /// Something wrong with one member of the request.
    pub(super) fn field(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::field(field, code, message)])
    }
}

impl Fault for AssistError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Off { .. } => FaultKind::Forbidden,
            Self::NoModel(_) | Self::NoImageModel => FaultKind::Invalid,
            Self::Spent { .. } | Self::TooLong { .. } => FaultKind::Limit,
            Self::Invalid(_) | Self::UnknownSuggestion(_) => FaultKind::Invalid,
            Self::Model(ModelError::Limit(_) | ModelError::Unavailable(_)) => {
                FaultKind::Unavailable
            }
            Self::Model(_) => FaultKind::Plugin,
            Self::Content(error) => error.kind(),
            Self::Asset(error) => error.kind(),
            Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Off { .. } => "assist.off",
            Self::NoModel(_) | Self::NoImageModel => "assist.no-model",
            Self::Spent { .. } => "assist.budget",
            Self::TooLong { .. } => "assist.too-long",
            Self::Invalid(_) => "assist.invalid",
            Self::UnknownSuggestion(_) => "assist.unknown-suggestion",
            Self::Model(_) => "assist.model",
            Self::Content(error) => error.code(),
            Self::Asset(error) => error.code(),
            Self::Store(_) => "store.unavailable",
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::Invalid(problems) => problems,
            Self::Content(error) => error.problems(),
            Self::Asset(error) => error.problems(),
            _ => &[],
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Off { role, .. } => {
                format!("`help = [\"{role}=50000\"]` below `[ai]` in smartcms.toml switches it on")
            }
            Self::NoModel(_) => {
                "`ai.provider`, `ai.address` and `ai.model` name one; the storyteller only tells \
                stories"
                    .to_owned()
            }
            Self::NoImageModel => "`models.images` in smartcms.toml names one".to_owned(),
            Self::Model(ModelError::Refused(_)) => {
                "it does not answer this: write it without help, or ask another model".to_owned()
            }
            Self::TooLong { .. } => "send a part of it as `text`".to_owned(),
            Self::UnknownSuggestion(_) => {
                "leave it out of `suggestions`; the text can be saved without".to_owned()
            }
            Self::Model(ModelError::Limit(_) | ModelError::Unavailable(_)) => {
                "try again in a moment; why it did not answer stands in the server's log".to_owned()
            }
            Self::Model(_) => {
                "why stands in the server's log; `smartcms ai status` looks for it".to_owned()
            }
            Self::Content(error) => return error.hint(),
            Self::Asset(error) => return error.hint(),
            _ => return None,
        })
    }
}
