//! Hears of a change well, or not, by its kind. Each time it is told, it counts in its keys.

use crate::Points;
use crate::component::smartcms::kvstore;
use crate::exports::smartcms::plugin::events::{Event, EventError, Guest};

/// How often a publication fails before it is handled.
const FAILURES: u32 = 2;

impl Guest for Points {
    fn on_event(event: Event) -> Result<(), EventError> {
        let tries = kvstore::get(&event.id).and_then(|it| it.parse().ok()).unwrap_or(0) + 1;
        kvstore::set(&event.id, &tries.to_string());
        println!("{} for the {tries}. time", event.kind);
        match event.kind.as_str() {
            "entry.published" if tries <= FAILURES => {
                Err(EventError::Retry("it is busy".to_owned()))
            }
            // Until an operator says that it is mended.
            "entry.unpublished" if tries < 2 => {
                Err(EventError::GiveUp("it is\u{1b}[31m broken".to_owned()))
            }
            "entry.trashed" => std::process::abort(),
            _ => Ok(()),
        }
    }
}
