//! Moments: what is asked of the host once for several transactions.
//!
//! A request shows what was acknowledged before it came, so it has to be asked whether the database is still the newest. It
//! reads in several transactions, though, and each question is a call of the host. Within a moment the answer is taken for
//! granted; a moment has to be short, since replaced pages stay for a while and no longer. Who writes always asks.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the connections of one file system know of the newest states.
#[derive(Debug, Default)]
pub(crate) struct Moments(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    is_on: bool,
    /// By the names of databases.
    read: BTreeMap<String, Read>,
}

/// The state of a database that was read last.
#[derive(Debug, Default)]
struct Read {
    /// `None` for a database that is not there yet.
    version: Option<String>,
    /// Whether the host said within this moment that it is the newest.
    is_newest: bool,
    /// How often it was another one than what was read before, by others' doing.
    by_others: u64,
}

/// A moment; it ends when this is dropped.
#[derive(Debug)]
#[must_use = "a moment ends when it is dropped"]
pub struct Moment<'a>(&'a Moments);

impl Drop for Moment<'_> {
    fn drop(&mut self) {
        self.0.turn(false);
    }
}

impl Moments {
    /// Begins one: whatever was known before is asked anew.
    pub(crate) fn begin(&self) -> Moment<'_> {
        self.turn(true);
        Moment(self)
    }

    fn turn(&self, is_on: bool) {
        let mut state = self.state();
        state.is_on = is_on;
        state.read.values_mut().for_each(|it| it.is_newest = false);
    }

    /// Whether this version is known to be the newest.
    pub(crate) fn has(&self, database: &str, version: Option<&str>) -> bool {
        let state = self.state();
        let read = state.read.get(database).filter(|it| it.is_newest);
        read.is_some_and(|it| it.version.as_deref() == version)
    }

    /// The host named this version as the newest just now; `is_by_others` where it was not made here, and was not the last.
    pub(crate) fn learned(&self, database: &str, version: Option<&str>, is_by_others: bool) {
        let mut state = self.state();
        let is_newest = state.is_on;
        if !state.read.contains_key(database) {
            state.read.insert(database.to_owned(), Read::default());
        }
        let Some(read) = state.read.get_mut(database) else { return };
        read.is_newest = is_newest;
        read.by_others += u64::from(is_by_others);
        if read.version.as_deref() != version {
            read.version = version.map(str::to_owned);
        }
    }

    /// Somebody was faster: what was known is asked anew.
    pub(crate) fn doubt(&self, database: &str) {
        if let Some(read) = self.state().read.get_mut(database) {
            read.is_newest = false;
        }
    }

    /// The version that was read last, where there is one, and how often others had replaced what was read before.
    pub(crate) fn last(&self, database: &str) -> Option<(String, u64)> {
        let state = self.state();
        let read = state.read.get(database)?;
        Some((read.version.clone()?, read.by_others))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
