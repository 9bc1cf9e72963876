//! Sorting, and maps and sets of what comes, by code that is there once.
//!
//! The library's own sorts are there again for each type and each order: some kilobytes each, which add up to a part of a
//! small executable that can be felt. Its maps sort what they are collected from. These here are as stable, and a little
//! slower: they are for what a person or a page has, not for what is counted in thousands.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts by an order; equal ones stay as they were.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    sort_places(&mut order, &mut |a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    move_to_places(&mut order, &mut |a, b| items.swap(a, b));
}

/// Sorts by a key.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by the natural order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// A map of pairs; of several with one key the last one counts.
pub fn map_of<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in pairs {
        map.insert(key, value);
    }
    map
}

/// A set of items.
pub fn set_of<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    for item in items {
        set.insert(item);
    }
    set
}

fn sort_places(places: &mut [usize], compare: &mut dyn FnMut(usize, usize) -> Ordering) {
    places.sort_by(|a, b| compare(*a, *b));
}

/// Brings each item to where `order` has its place, one round of exchanges after the other.
fn move_to_places(order: &mut [usize], swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut at = start;
        while let Some(place) = order.get_mut(at) {
            let from = std::mem::replace(place, at);
            if from == start {
                break;
            }
            swap(at, from);
            at = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{map_of, set_of, sort_by_key};

    proptest! {
        #[test]
        fn the_order_is_that_of_the_library(items: Vec<(u8, u32)>) {
            let (mut ours, mut theirs) = (items.clone(), items.clone());
            sort_by_key(&mut ours, |it| it.0 % 8);
            theirs.sort_by_key(|it| it.0 % 8);
            prop_assert_eq!(ours, theirs);
            prop_assert_eq!(map_of(items.clone()), items.iter().copied().collect());
            prop_assert_eq!(set_of(items.clone()), items.into_iter().collect());
        }
    }
}
