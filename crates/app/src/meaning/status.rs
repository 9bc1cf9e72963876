//! How far the measuring is.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::App;
use crate::ports::{MeaningCounts, StoreError};

/// How far the measuring is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeaningStatus {
    /// The model that measures.
    pub model: String,
    /// What is measured, and what waits.
    pub counts: MeaningCounts,
    /// Entries that this process measured.
    pub measured: u64,
    /// Entries whose text this process found to be the same as before.
    pub unchanged: u64,
    /// Times that the model or the store failed in this process.
    pub failures: u64,
}

/// How far the measuring is. It tells nothing of what entries hold.
pub async fn meaning_status(app: &App) -> Result<MeaningStatus, StoreError> {
    let meaning = &app.meaning;
    let counts = meaning.store.count_meanings(&meaning.model.name).await?;
    let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
    Ok(MeaningStatus {
        model: meaning.model.name.clone(),
        counts,
        measured: read(&meaning.done.measured),
        unchanged: read(&meaning.done.unchanged),
        failures: read(&meaning.done.failures),
    })
}
