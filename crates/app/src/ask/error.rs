//! Why there is no answer.

use smartcms_domain::Problem;

use crate::entries::ContentError;
use crate::ports::{ModelError, StoreError};
use crate::{Fault, FaultKind};

/// A question was not answered.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The site answers no questions.
    #[error("this site answers no questions")]
    Off,
    /// No model follows instructions.
    #[error("no model of this site can answer: it takes one that follows instructions")]
    NoModel,
    /// The tokens of this day are used up.
    #[error("this site answers no more questions today")]
    Spent {
        /// In how many seconds it does again.
        wait_seconds: u64,
    },
    /// The question cannot be asked like this.
    #[error("the question has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Invalid(Vec<Problem>),
    /// The model gave no answer.
    #[error("the model gave no answer")]
    Model(#[source] ModelError),
    /// It could not be looked for what the answer stands on.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fault for AskError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Off => FaultKind::NotFound,
            Self::NoModel | Self::Invalid(_) => FaultKind::Invalid,
            Self::Spent { .. } | Self::Store(_) => FaultKind::Unavailable,
            Self::Model(ModelError::Limit(_) | ModelError::Unavailable(_)) => {
                FaultKind::Unavailable
            }
            Self::Model(_) => FaultKind::Plugin,
            Self::Content(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Off => "ask.off",
            Self::NoModel => "ask.no-model",
            Self::Spent { .. } => "ask.budget",
            Self::Invalid(_) => "ask.invalid",
            Self::Model(_) => "ask.model",
            Self::Content(error) => error.code(),
            Self::Store(_) => "store.unavailable",
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::Invalid(problems) => problems,
            Self::Content(error) => error.problems(),
            _ => &[],
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Off => Some(
                "`tokens_per_day = 100000` below `[ask]` in smartcms.toml switches it on".to_owned(),
            ),
            Self::NoModel => Some(
                "`ai.provider`, `ai.address` and `ai.model` name one; the storyteller only tells stories"
                    .to_owned(),
            ),
            Self::Content(error) => error.hint(),
            _ => None,
        }
    }
}
