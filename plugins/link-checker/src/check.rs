//! The second half of a run: one link after the other.

use addresses::Addresses;
use smartcms_plugin::content::reader;
use smartcms_plugin::task_runner::progress;

use crate::state::{Outcome, State};
use crate::{ask, collect, save};

/// How many requests are sent in one stretch of a run: the host allows 1,000, and one link may need two.
const REQUESTS_MAX: usize = 450;
/// How many links are checked between two checkpoints.
const BETWEEN_CHECKPOINTS: usize = 10;

/// Checks from where the run was; false when it should stop before all is done.
pub(crate) fn go_on(state: &mut State) -> bool {
    let addresses = Addresses::read();
    let collections = collect::collections();
    let mut requests = 0;
    while let Some(link) = state.links.get(state.outcomes.len()) {
        let total = state.links.len() as u64;
        progress::report(state.outcomes.len() as u64, Some(total), &link.url);
        let outcome = if link.url.starts_with('/') {
            of_this_site(&link.url, &addresses, &collections)
        } else {
            requests += 1;
            ask::outcome(&link.url)
        };
        state.settle(outcome);
        let is_time = state.outcomes.len().is_multiple_of(BETWEEN_CHECKPOINTS);
        let is_over = requests >= REQUESTS_MAX;
        if (is_time || is_over) && (save(state) || is_over) {
            return false;
        }
    }
    true
}

/// A path of this site: entries are looked up, of other pages nothing here can tell.
fn of_this_site(path: &str, addresses: &Addresses, collections: &[String]) -> Outcome {
    let path = path.split('?').next().unwrap_or_default();
    let Some((collection, slug)) = addresses.entry_at(path, collections) else {
        return Outcome::Unknown;
    };
    match reader::find_by_slug(&collection, slug) {
        Ok(Some(_)) => Outcome::Good,
        // `/archive`, `/search` and the like look as pages do.
        Ok(None) if collection == "pages" => Outcome::Unknown,
        Ok(None) => {
            Outcome::Broken(format!("there is no published entry `{slug}` in `{collection}`"))
        }
        Err(_) => Outcome::Unknown,
    }
}
