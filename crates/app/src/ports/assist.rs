//! What writing help needs: models that follow instructions, and a store of what was spent and suggested.

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_domain::Timestamp;
use smartcms_domain::entries::Help;
use uuid::Uuid;

use super::{Message, ModelError, StoreError, TextEnd, TextSink};

/// The most suggestions that are looked up at once.
pub const SUGGESTIONS_NAMED_MAX: usize = 20;
/// How many days it is remembered what was spent.
pub const SPENDING_DAYS: i64 = 31;

/// Who spends what answers to readers take. It is no part of what all who get writing help spend together.
pub const READERS: &str = "readers";

/// Does what a conversation asks for. Models that follow no instructions are none of these.
#[async_trait]
pub trait Assistant: Send + Sync {
    /// The models, the one that is asked first before the others; none where nothing follows instructions.
    fn models(&self) -> Vec<String>;

    /// Answers piece by piece, as far as the sink wants it. Dropping the future stops the model.
    async fn answer(
        &self,
        messages: &[Message],
        tokens_max: u32,
        sink: TextSink<'_>,
    ) -> Result<Answered, ModelError>;
}

/// How an answer ended, and who gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The model.
    pub model: String,
    /// How it ended.
    pub end: TextEnd,
}

/// Says what images show.
#[async_trait]
pub trait ImageDescriber: Send + Sync {
    /// The models, the one that is asked first before the others.
    fn models(&self) -> Vec<String>;

    /// What an image shows, in a sentence, and the model that says so.
    async fn describe(&self, picture: Picture) -> Result<Described, ModelError>;
}

/// An image as models see it: a JPEG file of bounded size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub jpeg: Bytes,
    /// The language to describe it in, as a BCP 47 tag.
    pub language: String,
}

/// What an image shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The model that says so.
    pub model: String,
    /// The sentence.
    pub text: String,
}

/// The models of a site that has none for either.
pub struct NoAssistant;

#[async_trait]
impl Assistant for NoAssistant {
    fn models(&self) -> Vec<String> {
        Vec::new()
    }

    async fn answer(
        &self,
        _messages: &[Message],
        _tokens_max: u32,
        _sink: TextSink<'_>,
    ) -> Result<Answered, ModelError> {
        Err(ModelError::NotConfigured { task: "writing help" })
    }
}

#[async_trait]
impl ImageDescriber for NoAssistant {
    fn models(&self) -> Vec<String> {
        Vec::new()
    }

    async fn describe(&self, _picture: Picture) -> Result<Described, ModelError> {
        Err(ModelError::NotConfigured { task: "describing images" })
    }
}

/// What is spent on writing help, and what came of it.
#[async_trait]
pub trait AssistStore: Send + Sync {
    /// Takes tokens out of the budgets of a day, both or neither: who asks at the same moment sees them taken.
    async fn hold(&self, wanted: Hold) -> Result<Holding, StoreError>;

    /// Puts what was used in the place of what was held. It may be more.
    async fn settle(&self, hold: Hold, used: u64) -> Result<(), StoreError>;

    /// What is used and held on a day.
    async fn spent(&self, day: i64, person: &str) -> Result<Spent, StoreError>;

    /// Remembers a suggestion, and forgets some whose time is over.
    async fn keep_suggestion(&self, suggestion: SuggestionRecord) -> Result<(), StoreError>;

    /// Those of these suggestions that are remembered, in any order: at most [`SUGGESTIONS_NAMED_MAX`] are looked up.
    async fn suggestions(&self, ids: &[Uuid]) -> Result<Vec<SuggestionRecord>, StoreError>;
}

/// Tokens to take out of two budgets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The day in UTC, counted from 1970-01-01.
    pub day: i64,
    /// Whose budget, beside the site's.
    pub person: String,
    /// How many.
    pub tokens: u64,
    /// The most that the person uses on a day.
    pub person_max: u64,
    /// The most that all use on a day.
    pub site_max: u64,
}

/// What came of a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    /// The tokens are taken.
    Held,
    /// The person's budget has not so many left; nothing was taken.
    PersonFull(Spent),
    /// The site's budget has not so many left; nothing was taken.
    SiteFull(Spent),
}

/// What is used and held on a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// By the person.
    pub person: u64,
    /// By all but [`READERS`].
    pub site: u64,
}

/// A suggestion that can be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestionRecord {
    /// What saves name it by.
    pub id: Uuid,
    /// What a saved state that takes it keeps.
    pub help: Help,
    /// When it was made.
    pub at: Timestamp,
    /// Until when it can be taken.
    pub expires_at: Timestamp,
}
