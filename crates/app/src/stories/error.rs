//! What can go wrong with a story.

use smartcms_domain::Problem;

use crate::entries::ContentError;
use crate::ports::ModelError;
use crate::{Fault, FaultKind};

/// A story was not kept, found or written.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    /// The site has no stories.
    #[error("this site keeps no stories")]
    Off,
    /// Many are written at once, and each took the number that was free.
    #[error("many stories are written at once, and no number was free")]
    NoNumber,
    /// The model gave no story.
    #[error("no story was written")]
    Model(#[from] ModelError),
    /// It could not be kept or found.
    #[error(transparent)]
    Content(#[from] ContentError),
}

impl Fault for StoryError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Off => FaultKind::NotFound,
            Self::NoNumber => FaultKind::Unavailable,
            Self::Model(error) => match error {
                ModelError::Limit(_) | ModelError::Unavailable(_) => FaultKind::Unavailable,
                _ => FaultKind::Plugin,
            },
            Self::Content(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Off => "stories.off",
            Self::NoNumber => "stories.busy",
            Self::Model(_) => "stories.no-model",
            Self::Content(error) => error.code(),
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::Content(error) => error.problems(),
            _ => &[],
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Off => Some("`stories = true` in smartcms.toml switches them on".to_owned()),
            Self::Content(error) => error.hint(),
            _ => None,
        }
    }
}
