//! Reading a source in a thread of its own, no further ahead than memory allows.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;

use super::ImportError;
use crate::error::SourceError;
use crate::item::{Item, Sink, Source};
use crate::progress::Progress;

/// How many items may wait between the thread that reads and the one that stores.
const ITEMS_WAITING_MAX: usize = 64;
/// How much of the source may wait or be worked on, in KiB. One item that is larger is worked on alone.
const BUDGET_KIB: u32 = 24 * 1024;

/// A part of the budget, given back when the item is done.
pub(super) type Share = OwnedSemaphorePermit;

/// A source that is being read.
pub(super) struct Reading {
    items: mpsc::Receiver<(Item, Share)>,
    budget: Arc<Semaphore>,
    thread: JoinHandle<Result<(), SourceError>>,
}

impl Reading {
    pub(super) fn start(source: &Arc<dyn Source>, progress: &Arc<dyn Progress>) -> Self {
        let (sender, items) = mpsc::channel(ITEMS_WAITING_MAX);
        let budget = Arc::new(Semaphore::new(BUDGET_KIB as usize));
        let (source, progress) = (Arc::clone(source), Arc::clone(progress));
        let (shares, runtime) = (Arc::clone(&budget), Handle::current());
        let thread = tokio::task::spawn_blocking(move || {
            source.read(&mut Channel { sender, shares, runtime, progress: &*progress })
        });
        Self { items, budget, thread }
    }

    /// The next item; `None` when there are no more.
    pub(super) async fn next(&mut self) -> Option<(Item, Share)> {
        self.items.recv().await
    }

    /// Stops the thread, and tells how far it came.
    pub(super) async fn end(self) -> Result<Result<(), SourceError>, ImportError> {
        drop(self.items); // The reader stops when nobody takes its items.
        self.budget.close();
        self.thread.await.map_err(|_| ImportError::Lost)
    }
}

/// Passes items from the thread that reads.
struct Channel<'a> {
    sender: mpsc::Sender<(Item, Share)>,
    shares: Arc<Semaphore>,
    runtime: Handle,
    progress: &'a dyn Progress,
}

impl Sink for Channel<'_> {
    fn take(&mut self, item: Item) -> Result<(), SourceError> {
        let share = Arc::clone(&self.shares).acquire_many_owned(weight(&item));
        let share = self.runtime.block_on(share).map_err(|_| SourceError::Stopped)?;
        self.sender.blocking_send((item, share)).map_err(|_| SourceError::Stopped)
    }

    fn progress(&mut self, bytes: u64) {
        self.progress.reach(bytes);
    }
}

/// The share of the budget that an item takes, in KiB.
fn weight(item: &Item) -> u32 {
    let bytes = match item {
        Item::Entry(entry) => entry.size,
        Item::Fragment(fragment) => fragment.text.len() as u64,
        _ => 0,
    };
    u32::try_from(bytes / 1024 + 1).unwrap_or(BUDGET_KIB).min(BUDGET_KIB)
}
