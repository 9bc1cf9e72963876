//! The first half of a run: every link of what is published, a page of entries at a time.

use addresses::Addresses;
use smartcms_plugin::content::ContentError;
use smartcms_plugin::content::reader::{self, Query};
use smartcms_plugin::settings;
use smartcms_plugin::task_runner::{TaskError, progress};

use crate::links::links;
use crate::save;
use crate::state::{Phase, State};

/// The collections that are looked at when the operator does not say.
const COLLECTIONS_DEFAULT: &str = "posts pages";
/// How many entries the host gives at once.
const PAGE: u32 = 50;

/// The collections that are looked at.
pub(crate) fn collections() -> Vec<String> {
    let text = settings::get("collections").ok().flatten();
    let text = text.unwrap_or_else(|| COLLECTIONS_DEFAULT.to_owned());
    text.split_whitespace().map(str::to_owned).collect()
}

/// Collects from where the run was; false when it should stop before all is done.
pub(crate) fn go_on(state: &mut State) -> Result<bool, TaskError> {
    let addresses = Addresses::read();
    let collections = collections();
    while let Some(collection) = collections.get(state.collection) {
        let query =
            Query { collection: collection.clone(), limit: PAGE, cursor: state.cursor.take() };
        let page = reader::list(&query).map_err(|error| failed(collection, error))?;
        for entry in &page.entries {
            let place = addresses.of(&entry.collection, &entry.slug);
            links(&entry.fields).into_iter().for_each(|url| state.note(url, &place));
        }
        state.entries += page.entries.len();
        state.cursor = page.next;
        if state.cursor.is_none() {
            state.collection += 1;
        }
        progress::report(
            0,
            None,
            &format!("{} links in {} entries", state.links.len(), state.entries),
        );
        if save(state) {
            return Ok(false);
        }
    }
    state.phase = Phase::Checking;
    Ok(true)
}

fn failed(collection: &str, error: ContentError) -> TaskError {
    let message = format!("`{collection}` could not be read: {error}");
    match error {
        ContentError::Unavailable(_) => TaskError::Retry(message),
        _ => TaskError::Failed(message),
    }
}
