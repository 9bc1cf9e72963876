//! Who heard what.

use std::sync::{Mutex, PoisonError};

use smartcms_app::ports::ChangeListener;
use smartcms_domain::events::Event;

/// Remembers every event it hears.
#[derive(Debug, Default)]
pub struct RecordingListener {
    heard: Mutex<Vec<Event>>,
}

impl RecordingListener {
    /// What was heard since the last call.
    pub fn take(&self) -> Vec<Event> {
        std::mem::take(&mut self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ChangeListener for RecordingListener {
    fn committed(&self, event: &Event) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).push(event.clone());
    }
}
