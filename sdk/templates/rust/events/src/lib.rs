//! Counts what was published in each collection, and notes it in the log.
//!
//! The counts are kept in the plugin's own keys, so that it needs the grant `kv`.

use smartcms_plugin::event_listener::{self, Event, EventError};
use smartcms_plugin::keys::{self, KeyError};
use smartcms_plugin::log;

struct Plugin;

impl event_listener::Guest for Plugin {
    fn on_event(event: Event) -> Result<(), EventError> {
        if event.kind != "entry.published" {
            return Ok(());
        }
        // What could not be stored now may be stored later.
        count(&event).map_err(|error| EventError::Retry(error.to_string()))
    }
}

event_listener::export!(Plugin);

/// An event can come more than once: what was counted is remembered by its id.
fn count(event: &Event) -> Result<(), KeyError> {
    let seen = format!("seen/{}", event.id);
    if keys::get(&seen)?.is_some() {
        return Ok(());
    }
    let count = keys::increment(&format!("published/{}", event.collection), 1)?;
    keys::set(&seen, b"1")?;
    log::info(format_args!("publication {count} in {}", event.collection));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Plugin;
    use smartcms_plugin::event_listener::Guest;
    use smartcms_plugin::testing::{event, logged};

    #[test]
    fn what_comes_twice_is_counted_once() {
        for kind in ["entry.updated", "entry.published", "entry.published"] {
            assert!(Plugin::on_event(event(kind, "posts")).is_ok());
        }
        let lines = logged();
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].1, "publication 1 in posts");
    }
}
