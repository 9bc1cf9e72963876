//! `?status=`: which entries, and which of their states.

use smartcms_app::entries::View;
use smartcms_app::ports::Listing;
use smartcms_domain::Problem;
use smartcms_domain::entries::{Entry, Status};

use super::entry_body::State;
use crate::nearest::nearest;
use crate::problem::HttpProblem;

/// Everything that it can be.
pub(crate) const NAMES: [&str; 6] =
    ["published", "draft", "scheduled", "archived", "any", "trashed"];

/// What `?status=` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selection {
    /// What readers see; also without the parameter.
    Published,
    /// Entries that are not public.
    Draft,
    /// Those that will be public at a time that is set.
    Scheduled,
    /// Those in the archive.
    Archived,
    /// All that are not in the trash.
    Any,
    /// Those in the trash.
    Trashed,
}

impl Selection {
    /// Reads the parameter.
    pub(crate) fn parse(text: Option<&str>) -> Result<Self, HttpProblem> {
        match text {
            None | Some("published") => Ok(Self::Published),
            Some("draft") => Ok(Self::Draft),
            Some("scheduled") => Ok(Self::Scheduled),
            Some("archived") => Ok(Self::Archived),
            Some("any") => Ok(Self::Any),
            Some("trashed") => Ok(Self::Trashed),
            Some(other) => Err(unknown(other)),
        }
    }

    /// The list it asks for.
    pub(crate) fn listing(self) -> Listing {
        match self {
            Self::Published => Listing::Published,
            Self::Draft => Listing::Newest(Some(Status::Draft)),
            Self::Scheduled => Listing::Newest(Some(Status::Scheduled)),
            Self::Archived => Listing::Newest(Some(Status::Archived)),
            Self::Any => Listing::Newest(None),
            Self::Trashed => Listing::Trashed,
        }
    }

    /// The view it asks for.
    pub(crate) fn view(self) -> View {
        if self == Self::Published { View::Published } else { View::Newest }
    }

    /// The state it shows.
    pub(crate) fn state(self) -> State {
        if self == Self::Published { State::Published } else { State::Newest }
    }

    /// Whether one entry that was asked for is meant. A draft of one entry is its newest state, public or not.
    pub(crate) fn includes(self, entry: &Entry) -> bool {
        match self {
            Self::Published | Self::Draft | Self::Any => true,
            Self::Scheduled => entry.status() == Status::Scheduled,
            Self::Archived => entry.status() == Status::Archived,
            Self::Trashed => entry.trashed_at.is_some(),
        }
    }
}

fn unknown(text: &str) -> HttpProblem {
    let meant = nearest(text, &NAMES).map(|it| format!("; did you mean `{it}`?"));
    let names = NAMES.join("`, `");
    let message =
        format!("`status` is one of `{names}`, not `{text}`{}", meant.unwrap_or_default());
    let problem = Problem::field("status", "unknown-status", message.clone());
    HttpProblem::bad_request("request.query", message).with_problems(vec![problem])
}
