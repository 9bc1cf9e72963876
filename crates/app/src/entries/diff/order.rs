//! What stands elsewhere: as few things as can explain the new order.

/// Of places in an old order, listed in the new one, those that did not have to move: the longest that still grow.
/// Answers for each whether it moved.
pub(super) fn moved(places: &[usize]) -> Vec<bool> {
    // The smallest end of a growing run of each length, and for each place the one before it in its run.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(places.len());
    let value = |at: usize| places.get(at).copied().unwrap_or_default();
    for (at, place) in places.iter().enumerate() {
        let len = ends.partition_point(|end| value(*end) < *place);
        before.push(len.checked_sub(1).and_then(|it| ends.get(it).copied()));
        match ends.get_mut(len) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut moved = vec![true; places.len()];
    let mut next = ends.last().copied();
    while let Some(at) = next {
        if let Some(it) = moved.get_mut(at) {
            *it = false;
        }
        next = before.get(at).copied().flatten();
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn as_few_as_possible_have_moved() {
        for (places, expected) in [
            (&[][..], &[][..]),
            (&[0, 1, 2], &[false, false, false]),
            (&[2, 0, 1], &[true, false, false]),
            (&[1, 2, 0], &[false, false, true]),
            (&[0, 5, 3, 4, 9], &[false, true, false, false, false]),
        ] {
            assert_eq!(moved(places), expected, "{places:?}");
        }
    }
}
