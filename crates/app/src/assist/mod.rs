//! Writing help for editors: a model suggests, a person takes it or not.
//!
//! It is off for every role until the settings name the role with a budget ([ADR 0046]). What entries hold goes to the
//! model as data, between marks that nobody can guess; the model is given no tools, and nothing is saved here. A save
//! that names the suggestions it took gets them into its revision ([`take_suggestions`]).
//!
//! [ADR 0046]: ../../../docs/adr/0046-writing-help-is-off-until-a-role-has-a-budget.md

mod allowance;
mod ask;
mod budget;
mod error;
mod material;
mod picture;
mod prompt;
mod status;
mod suggest;
mod tags;
mod take;
mod task;
mod tidy;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

pub use ask::AskHelp;
pub(crate) use budget::HeldTokens;
pub use budget::{estimated_tokens, renewed_at};
pub use error::AssistError;
pub use picture::{DESCRIBED_BYTES_MAX, describe_asset, describe_file};
pub(crate) use prompt::Mark;
pub use status::{AssistStatus, BudgetStatus, TaskStatus, assist_status, site_budget};
pub use suggest::{PreparedHelp, Suggestion, TokenCount, prepare_help, run_help};
pub use tags::Term;
pub use take::take_suggestions;
pub use task::{Length, Task, Tone};

use crate::ask::AskSettings;
use crate::ports::{AssistStore, Assistant, Hold, ImageDescriber};

/// The longest text that is sent to a model, in characters.
pub const TEXT_CHARS_MAX: usize = 60_000;
/// The longest instruction of a person, in characters.
pub const INSTRUCTION_CHARS_MAX: usize = 2_000;
/// For how many hours a suggestion can be taken.
pub const SUGGESTION_HOURS: u32 = 48;
/// How many terms of a taxonomy a model chooses from.
pub const TERMS_MAX: usize = 300;
/// How many new terms are proposed at most.
pub const PROPOSALS_MAX: usize = 5;

/// What writing help stands on.
pub struct Assist {
    /// What was spent and suggested.
    pub store: Arc<dyn AssistStore>,
    /// What follows instructions.
    pub models: Arc<dyn Assistant>,
    /// What looks at images.
    pub images: Arc<dyn ImageDescriber>,
    /// Who may, and how much.
    pub settings: AssistSettings,
    /// Whether readers may ask the site, and how much.
    pub readers: AskSettings,
    abandoned: Mutex<Vec<(Hold, u64)>>,
}

/// Who gets writing help, and how much.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssistSettings {
    /// The tokens a day of each person, by role. A role that is not named gets no help.
    pub roles: BTreeMap<String, u64>,
    /// The tokens a day of all together.
    pub site_tokens_a_day: u64,
}

impl Assist {
    /// Joins the parts.
    pub fn new(
        store: Arc<dyn AssistStore>,
        models: Arc<dyn Assistant>,
        images: Arc<dyn ImageDescriber>,
        settings: AssistSettings,
    ) -> Self {
        let readers = AskSettings::default();
        Self { store, models, images, settings, readers, abandoned: Mutex::new(Vec::new()) }
    }

    /// The same, and readers may ask the site.
    #[must_use]
    pub fn answering(self, readers: AskSettings) -> Self {
        Self { readers, ..self }
    }
}
