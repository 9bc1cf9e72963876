//! Lists of plain values, each of which is there once.

use std::collections::HashMap;

use serde_json::Value;

use super::Change;
use super::order::moved;

/// An item that came, went, or stands elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemDiff {
    /// What became of it.
    pub change: Change,
    /// The item.
    pub value: Value,
    /// Where it stood, from 0.
    pub from: Option<usize>,
    /// Where it stands, from 0.
    pub to: Option<usize>,
}

/// What differs between two lists: what went, in the old order, then what came or stands elsewhere, in the new one.
/// `None` for lists of other things than text.
pub(super) fn diff(from: &[Value], to: &[Value]) -> Option<Vec<ItemDiff>> {
    let old = places(from)?;
    let new = places(to)?;
    let gone = from
        .iter()
        .enumerate()
        .filter(|(_, it)| !it.as_str().is_some_and(|it| new.contains_key(it)));
    let gone = gone.map(|(at, value)| ItemDiff {
        change: Change::Removed,
        value: value.clone(),
        from: Some(at),
        to: None,
    });
    let stayed: Vec<(usize, usize)> =
        (0..).zip(to).filter_map(|(at, it)| Some((*old.get(it.as_str()?)?, at))).collect();
    let moves = moved(&stayed.iter().map(|(from, _)| *from).collect::<Vec<_>>());
    let moves: HashMap<usize, usize> = stayed
        .iter()
        .zip(moves)
        .filter(|(_, moved)| *moved)
        .map(|((from, to), _)| (*to, *from))
        .collect();
    let here = to.iter().enumerate().filter_map(|(at, value)| {
        let item = |change, from| ItemDiff { change, value: value.clone(), from, to: Some(at) };
        match moves.get(&at) {
            Some(from) => Some(item(Change::Moved, Some(*from))),
            None if old.contains_key(value.as_str()?) => None,
            None => Some(item(Change::Added, None)),
        }
    });
    Some(gone.chain(here).collect())
}

fn places(items: &[Value]) -> Option<HashMap<&str, usize>> {
    items.iter().enumerate().map(|(at, it)| Some((it.as_str()?, at))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::diff;

    #[track_caller]
    fn check(from: &[&str], to: &[&str], expected: &[&str]) {
        let values = |it: &[&str]| it.iter().map(|it| json!(it)).collect::<Vec<Value>>();
        let found = diff(&values(from), &values(to)).unwrap();
        let found: Vec<String> = found
            .iter()
            .map(|it| {
                let (from, to) = (it.from, it.to);
                let place = |it: Option<usize>| it.map_or("-".to_owned(), |it| it.to_string());
                let value = it.value.as_str().unwrap();
                format!("{} {value} {} {}", it.change.name(), place(from), place(to))
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn items_come_go_and_move() {
        check(&["a", "b", "c"], &["a", "b", "c"], &[]);
        check(&["a", "b"], &["b", "c"], &["removed a 0 -", "added c - 1"]);
        check(&["a", "b", "c"], &["c", "a", "b"], &["moved c 2 0"]);
        check(&["a", "b", "c"], &["x", "a", "b", "c"], &["added x - 0"]);
        check(&[], &["a"], &["added a - 0"]);
        assert_eq!(diff(&[json!(1)], &[json!("a")]), None);
    }
}
