//! Who heard what.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use smartcms_app::ports::ChangeListener;
use smartcms_domain::events::Event;

/// Remembers every event it hears.
#[derive(Debug, Default)]
pub struct RecordingListener {
    heard: Mutex<Vec<Event>>,
    redefined: AtomicU64,
}

impl RecordingListener {
    /// What was heard since the last call.
    pub fn take(&self) -> Vec<Event> {
        std::mem::take(&mut self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl RecordingListener {
    /// How often it heard of other definitions.
    pub fn redefined(&self) -> u64 {
        self.redefined.load(Ordering::SeqCst)
    }
}

impl ChangeListener for RecordingListener {
    fn redefined(&self) {
        self.redefined.fetch_add(1, Ordering::SeqCst);
    }

    fn committed(&self, event: &Event) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).push(event.clone());
    }
}
