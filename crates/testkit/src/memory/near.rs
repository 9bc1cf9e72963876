//! What stands near an entry, in memory.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use smartcms_app::ports::{
    EntryQuery, Listing, NEAR_LOOKED_AT, NEAR_POINTING_MAX, NearEntries, NearQuery,
};
use smartcms_domain::collections::Target;
use smartcms_domain::entries::{Entry, EntryId};

use super::State;
use super::entries::{is_best, place};

pub(super) fn near(state: &State, query: &NearQuery) -> NearEntries {
    let listed = EntryQuery {
        author: None,
        collection: query.collection.clone(),
        listing: Listing::Published,
        locale: Some(query.locale.clone()),
        fallbacks: query.fallbacks.clone(),
        filter: None,
        sort: Vec::new(),
        limit: 1,
        after: None,
    };
    let of_listing = |it: &&Entry| place(it, &listed).is_some() && is_best(state, it, &listed);
    let at = |it: &Entry| (it.first_published_at, it.id);
    let mut found: Vec<&Entry> = state.entries.values().filter(of_listing).collect();
    found.sort_by_key(|it| Reverse(at(it)));
    found.retain(|it| it.id != query.entry);
    let own = (Some(query.at), query.entry);
    let mut shared: BTreeMap<EntryId, (usize, &Entry)> = BTreeMap::new();
    for (field, to) in query.pointing.iter().take(NEAR_POINTING_MAX) {
        let points = |it: &&&Entry| {
            let live = state.facts.get(&it.id).and_then(|it| it.live.as_ref());
            let mut references = live.into_iter().flat_map(|it| &it.references);
            references.any(|it| it.field == field.as_str() && it.target == Target::Entry(*to))
        };
        for entry in found.iter().filter(points).take(NEAR_LOOKED_AT as usize) {
            shared.entry(entry.id).or_insert((0, *entry)).0 += 1;
        }
    }
    let mut related: Vec<_> = shared.into_values().collect();
    related.sort_by_key(|(count, entry)| Reverse((*count, at(entry))));
    related.truncate(query.related_max as usize);
    NearEntries {
        older: found.iter().find(|it| at(it) < own).map(|it| (*it).clone()),
        newer: found.iter().rev().find(|it| at(it) > own).map(|it| (*it).clone()),
        related: related.into_iter().map(|(_, it)| it.clone()).collect(),
    }
}
