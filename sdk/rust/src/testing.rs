//! For unit tests of plugins: what the host would give, kept apart for each thread, as tests run on threads of their
//! own. Nothing here is part of a built plugin.
//!
//! `smartcms plugin test` runs the built plugin in the real host; these helpers are for the logic inside it.

use std::cell::RefCell;

use crate::content::{Entry, Field, Status, Value};
use crate::event_listener::Event;
use crate::log::Level;
use crate::save_hook::Draft;

thread_local! {
    static SETTINGS: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
    static LOG: RefCell<Vec<(Level, String)>> = const { RefCell::new(Vec::new()) };
}

/// Gives the plugin a setting, in place of the one it had.
pub fn set_setting(name: &str, value: impl Into<String>) {
    SETTINGS.with_borrow_mut(|all| {
        all.retain(|it| it.0 != name);
        all.push((name.to_owned(), value.into()));
    });
}

/// The lines that were logged since the last look.
#[must_use]
pub fn logged() -> Vec<(Level, String)> {
    LOG.take()
}

/// An entry that is about to be stored for the first time.
#[must_use]
pub fn draft<const N: usize>(collection: &str, fields: [(&str, Value); N]) -> Draft {
    Draft {
        entry: None,
        collection: collection.to_owned(),
        slug: "an-entry".to_owned(),
        fields: listed(fields),
        locale: "en".to_owned(),
    }
}

/// A published entry.
#[must_use]
pub fn entry<const N: usize>(collection: &str, slug: &str, fields: [(&str, Value); N]) -> Entry {
    Entry {
        id: "01900000-0000-7000-8000-000000000001".to_owned(),
        collection: collection.to_owned(),
        slug: slug.to_owned(),
        status: Status::Published,
        revision: 1,
        fields: listed(fields),
        created_at: "2026-01-01T00:00:00Z".to_owned(),
        updated_at: "2026-01-01T00:00:00Z".to_owned(),
        published_at: Some("2026-01-01T00:00:00Z".to_owned()),
        locale: "en".to_owned(),
        translations: "01900000-0000-7000-8000-000000000001".to_owned(),
    }
}

/// Something that happened to an entry; each time the same event.
#[must_use]
pub fn event(kind: &str, collection: &str) -> Event {
    Event {
        id: "01900000-0000-7000-8000-000000000002".to_owned(),
        kind: kind.to_owned(),
        at: "2026-01-01T00:00:00Z".to_owned(),
        collection: collection.to_owned(),
        entry: "01900000-0000-7000-8000-000000000001".to_owned(),
        revision: 2,
    }
}

fn listed<const N: usize>(fields: [(&str, Value); N]) -> Vec<Field> {
    fields.into_iter().map(|(name, value)| Field { name: name.to_owned(), value }).collect()
}

pub(crate) fn settings() -> Vec<(String, String)> {
    SETTINGS.with_borrow(Clone::clone)
}

pub(crate) fn log(level: Level, message: String) {
    LOG.with_borrow_mut(|all| all.push((level, message)));
}

/// What the host does with keys, in memory.
pub(crate) mod keys {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    use crate::keys::KeyError;

    thread_local! {
        static KEYS: RefCell<BTreeMap<String, Vec<u8>>> = const { RefCell::new(BTreeMap::new()) };
    }

    pub(crate) fn get(key: &str) -> Result<Option<Vec<u8>>, KeyError> {
        Ok(KEYS.with_borrow(|keys| keys.get(key).cloned()))
    }

    pub(crate) fn set(key: &str, value: &[u8]) -> Result<(), KeyError> {
        KEYS.with_borrow_mut(|keys| keys.insert(key.to_owned(), value.to_vec()));
        Ok(())
    }

    pub(crate) fn delete(key: &str) -> Result<(), KeyError> {
        KEYS.with_borrow_mut(|keys| keys.remove(key));
        Ok(())
    }

    pub(crate) fn increment(key: &str, by: u64) -> Result<u64, KeyError> {
        let number = |value: Vec<u8>| String::from_utf8(value).ok()?.parse::<u64>().ok();
        let none = || KeyError(format!("the value of `{key}` is no number"));
        let before = get(key)?.map_or(Ok(0), |value| number(value).ok_or_else(none))?;
        set(key, (before + by).to_string().as_bytes())?;
        Ok(before + by)
    }
}

/// The time, and what other hosts answer.
#[cfg(feature = "http")]
mod world {
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;

    use crate::web::{Answer, WebError};

    thread_local! {
        static CLOCK: Cell<u64> = const { Cell::new(1_767_225_600) }; // 2026-01-01T00:00:00Z
        static ANSWERS: RefCell<BTreeMap<String, Result<Answer, WebError>>> =
            const { RefCell::new(BTreeMap::new()) };
    }

    /// Sets the time, in seconds since 1970.
    pub fn set_clock(seconds: u64) {
        CLOCK.set(seconds);
    }

    /// Records what an address answers, whatever the method. Others are not granted.
    pub fn set_answer(url: &str, answer: Result<Answer, WebError>) {
        ANSWERS.with_borrow_mut(|all| all.insert(url.to_owned(), answer));
    }

    pub(crate) fn clock() -> u64 {
        CLOCK.get()
    }

    pub(crate) fn answer(_method: &str, url: &str) -> Result<Answer, WebError> {
        ANSWERS.with_borrow(|all| all.get(url).cloned()).unwrap_or(Err(WebError::Denied))
    }
}

#[cfg(feature = "http")]
pub(crate) use world::{answer, clock};
#[cfg(feature = "http")]
pub use world::{set_answer, set_clock};
