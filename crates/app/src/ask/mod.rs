//! Asking the site: a model answers from passages of what is public, and says which.
//!
//! It is off until the settings give readers tokens for a day ([ADR 0049]). What entries hold, and the question too, goes
//! to the model as data between marks that nobody can guess; the model is given no tools and reaches nothing. Where
//! nothing of the site is about the question, no model is asked.
//!
//! [ADR 0049]: ../../../docs/adr/0049-meanings-are-vectors-that-are-scanned.md

mod answer;
mod error;
mod prompt;
mod retrieve;

pub use answer::{PreparedQuestion, SiteAnswer, prepare_question, run_question};
pub use error::AskError;
pub use retrieve::AnswerSource;

use crate::App;

/// The longest question, in characters.
pub const QUESTION_CHARS_MAX: usize = 500;
/// From how many entries a model answers at most.
pub const ANSWER_SOURCES_MAX: u32 = 5;
/// The most that a model is told of one entry, in characters.
pub const SOURCE_CHARS_MAX: usize = 1_800;
/// The longest answer, in tokens.
pub const ANSWER_TOKENS_MAX: u32 = 500;

/// Whether readers may ask the site, and how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AskSettings {
    /// The tokens a day of all readers together; 0 for no answers.
    pub tokens_a_day: u64,
}

/// Whether the site answers questions: readers have tokens, and a model follows instructions.
pub fn answers_questions(app: &App) -> bool {
    app.assist.readers.tokens_a_day > 0 && !app.assist.models.models().is_empty()
}
