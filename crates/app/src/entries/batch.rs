//! Several operations on entries that are stored together, or not at all.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use smartcms_domain::entries::{Entry, EntryId, Revision};
use smartcms_domain::sorting::map_of;

use super::commit::store;
use super::error::ContentError;
use super::overlay::Overlay;
use crate::ports::NoListener;
use crate::{App, OpContext};

/// The most operations of one batch.
pub const BATCH_LEN_MAX: usize = 100;

/// Operations that are stored together.
///
/// Each is done as it would be alone, on [`Batch::app`]: with its permissions, hooks and checks. It sees what those before
/// it did; nobody else sees anything until [`Batch::commit`] stores all of it in one transaction. What plugins do of
/// their own accord while they are asked stands outside of it, as always.
pub struct Batch {
    app: App,
    overlay: Arc<Overlay>,
    /// Entries that were shown as they are stored.
    seen: Mutex<BTreeMap<EntryId, Revision>>,
}

/// Why a batch was not stored, and at which of its operations.
#[derive(Debug)]
pub struct BatchError {
    /// The place of the operation, from 0; `None` where no single one is at fault.
    pub operation: Option<usize>,
    /// Why.
    pub error: ContentError,
}

impl Batch {
    /// A batch without operations, on the collections as they are now.
    pub fn new(app: &App) -> Self {
        let overlay = Arc::new(Overlay::new(Arc::clone(&app.entries)));
        let app = app.over(Arc::clone(&overlay) as _, Arc::new(NoListener));
        Self { app, overlay, seen: Mutex::default() }
    }

    /// What the operations of the batch act on.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// What follows is the work of the operation at this place.
    pub fn begin(&self, operation: usize) {
        self.overlay.begin(operation);
    }

    /// Says that an entry was shown: the batch is stored only if it is still in this state then.
    pub fn shown(&self, entry: &Entry) {
        if !self.overlay.has_changed(entry.id) {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.insert(entry.id, entry.revision);
        }
    }

    /// Stores everything in one transaction, then tells who must know.
    pub async fn commit(&self, ctx: &OpContext<'_>) -> Result<(), BatchError> {
        let mut changes = self.overlay.changes();
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if changes.writes.is_empty() && changes.purges.is_empty() {
            return still_there(ctx, seen).await;
        }
        changes.unchanged = seen.into_iter().collect();
        store(ctx, changes).await.map_err(|(id, error)| {
            let operation = id.and_then(|it| self.overlay.operation_on(it));
            BatchError { operation, error }
        })
    }
}

/// Whether what was read one after the other is there together.
async fn still_there(
    ctx: &OpContext<'_>,
    seen: BTreeMap<EntryId, Revision>,
) -> Result<(), BatchError> {
    if seen.len() < 2 {
        return Ok(());
    }
    let ids: Vec<EntryId> = seen.keys().copied().collect();
    let failed = |error| BatchError { operation: None, error };
    let found = ctx.app.entries.find_many(&ids).await;
    let found = found.map_err(|error| failed(ContentError::Store(error)))?;
    let now = map_of(found.iter().map(|it| (it.id, it.revision)));
    match seen.iter().find(|(id, revision)| now.get(id) != Some(revision)) {
        Some((id, _)) => Err(failed(ContentError::ChangedMeanwhile(id.to_string()))),
        None => Ok(()),
    }
}

impl BatchError {
    /// Whether only what was read had changed: then the whole can be tried again.
    pub fn is_of_reading(&self) -> bool {
        self.operation.is_none() && matches!(self.error, ContentError::ChangedMeanwhile(_))
    }
}
