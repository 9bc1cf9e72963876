//! One list out of several.

use std::cmp::Ordering;

use smartcms_domain::entries::EntryId;

/// How many hits of each list are put together.
pub const FUSED_MAX: u32 = 100;

/// How much the first places count beside later ones; the figure of the paper.
const CONSTANT: f64 = 60.0;

/// Entries of several ranked lists in one, the best first, each with its score: an entry gets 1 / (60 + its place) of each
/// list that it is in. That needs no common measure of the lists (reciprocal rank fusion: Cormack, Clarke and Büttcher,
/// "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009). Of equals the one
/// that an earlier list has first comes first.
pub(crate) fn fused(lists: &[Vec<EntryId>]) -> Vec<(EntryId, f64)> {
    let mut scores: Vec<(EntryId, f64)> = Vec::new();
    for list in lists {
        for (place, entry) in list.iter().enumerate() {
            let more = 1.0 / (CONSTANT + place as f64 + 1.0);
            match scores.iter_mut().find(|it| it.0 == *entry) {
                Some((_, score)) => *score += more,
                None => scores.push((*entry, more)),
            }
        }
    }
    smartcms_domain::sorting::sort_by(&mut scores, |a, b| {
        b.1.partial_cmp(&a.1).unwrap_or(Ordering::Equal)
    });
    scores
}

#[cfg(test)]
mod tests {
    use smartcms_domain::entries::EntryId;
    use uuid::Uuid;

    use super::fused;

    #[test]
    fn what_several_lists_have_comes_before_what_one_has_first() {
        let id = |it: u128| EntryId::new(Uuid::from_u128(it));
        let lists = [vec![id(1), id(2), id(3)], vec![id(4), id(3)]];
        let found: Vec<EntryId> = fused(&lists).into_iter().map(|it| it.0).collect();
        assert_eq!(found, [id(3), id(1), id(4), id(2)]);
        assert!((fused(&lists)[1].1 - 1.0 / 61.0).abs() < 1e-12);
    }
}
