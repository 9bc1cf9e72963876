//! What entries mean, as numbers.
//!
//! A model turns each title and each passage of what is public into a vector; texts about the same things have vectors
//! that are near one another ([ADR 0049]). [`measure_some`] does it in the background and goes on where it was: what waits
//! is in the store. Where no model is configured, [`Lexical`] measures by letters and words.
//!
//! [ADR 0049]: ../../../docs/adr/0049-meanings-are-vectors-that-are-scanned.md

mod lexical;
mod measure;
mod passages;
mod status;
mod stop_words;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use lexical::{LEXICAL_DIMENSIONS, LEXICAL_NAME, Lexical};
pub use measure::{MeasureError, Measuring, measure_some};
pub(crate) use passages::{Passages, passages};
pub use status::{MeaningStatus, meaning_status};
pub(crate) use stop_words::is_stop_word;

use crate::ports::{Embedder, MeaningStore, ModelError};

/// What measures, and where it is kept.
pub struct Meaning {
    /// The vectors.
    pub store: Arc<dyn MeaningStore>,
    embedder: Arc<dyn Embedder>,
    /// Which model measures.
    pub model: MeaningModel,
    /// What was done since the process began.
    pub done: MeaningDone,
}

/// The model that measures.
#[derive(Debug, Clone, PartialEq)]
pub struct MeaningModel {
    /// Its name: `builtin/lexical-1`. Vectors of another name are measured again.
    pub name: String,
    /// How near what is found has to be. Models differ in what they call near.
    pub similarity_min: f32,
    /// The longest passage that it measures at once, in characters.
    pub passage_chars: usize,
}

/// What was measured since the process began.
#[derive(Debug, Default)]
pub struct MeaningDone {
    /// Entries whose text was measured.
    pub measured: AtomicU64,
    /// Entries whose text was the same as before.
    pub unchanged: AtomicU64,
    /// Times that the model or the store failed.
    pub failures: AtomicU64,
}

impl MeaningModel {
    /// The one that is always there.
    pub fn lexical() -> Self {
        // Measured on the demo site: a misspelt word in a title makes 0.3 and more, letters by chance 0.15, seldom 0.24.
        Self { name: LEXICAL_NAME.to_owned(), similarity_min: 0.24, passage_chars: 300 }
    }

    /// Any other. A passage of this length is about the 256 tokens that the small sentence transformers read.
    pub fn named(name: String) -> Self {
        // Measured with MiniLM on the demo site. Of 21 questions in other words than its entries have, 18 have an entry that
        // answers them from here on; at 0.30 they are 14, at 0.20 they are 19. Of 43 about bread, trains and the like, 4
        // find something, and 3 of those are about the web too; at 0.20 they are 14.
        Self { name, similarity_min: 0.26, passage_chars: 900 }
    }
}

impl Meaning {
    /// Measures by this model.
    pub fn new(
        store: Arc<dyn MeaningStore>,
        embedder: Arc<dyn Embedder>,
        model: MeaningModel,
    ) -> Self {
        Self { store, embedder, model, done: MeaningDone::default() }
    }

    /// Measures by letters and words, which takes no model.
    pub fn lexical(store: Arc<dyn MeaningStore>) -> Self {
        Self::new(store, Arc::new(Lexical), MeaningModel::lexical())
    }

    /// The vector of one text. All zeros where the text says nothing.
    pub(crate) async fn of(&self, text: &str) -> Result<Vec<f32>, ModelError> {
        let texts = [text.to_owned()];
        let vectors = self.embedder.embed(&texts).await?;
        vectors.into_iter().next().ok_or_else(|| ModelError::Unfit("no vector".to_owned()))
    }

    fn note(&self, count: &AtomicU64, more: u64) {
        count.fetch_add(more, Ordering::Relaxed);
    }
}
