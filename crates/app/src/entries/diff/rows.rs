//! Rows of a repeater, which have no names: they are matched by what they hold, and by where they stand.

use serde_json::{Map, Value};
use similar::DiffOp;
use smartcms_domain::collections::FieldDefinition;

use super::budget::Budget;
use super::ops::steps;
use super::{Change, FieldDiff, members};

/// A row that came, went or is another.
#[derive(Debug, Clone, PartialEq)]
pub struct RowDiff {
    /// What became of it.
    pub change: Change,
    /// Where it stood, from 0.
    pub from: Option<usize>,
    /// Where it stands, from 0.
    pub to: Option<usize>,
    /// The row, where it came or went.
    pub value: Option<Value>,
    /// The fields that differ, where it is another.
    pub fields: Vec<FieldDiff>,
}

/// What differs between the rows; `None` when there are too many, or they are no objects.
pub(super) fn diff(
    fields: &[FieldDefinition],
    from: &[Value],
    to: &[Value],
    budget: &mut Budget,
) -> Option<Vec<RowDiff>> {
    if !budget.takes_lines(from.len(), to.len()) {
        return None;
    }
    let (old, new) = (objects(from)?, objects(to)?);
    let key = |it: &Value| it.to_string();
    let keys = |rows: &[Value]| rows.iter().map(key).collect::<Vec<String>>();
    let (from_keys, to_keys) = (keys(from), keys(to));
    let mut found = Vec::new();
    for op in steps(&texts(&from_keys), &texts(&to_keys)) {
        if let DiffOp::Equal { .. } = op {
            continue;
        }
        let (mut olds, mut news) = (op.old_range(), op.new_range());
        // Rows in the place of others are those others, changed; what is left over came or went.
        loop {
            let (before, after) = (olds.next(), news.next());
            let Some(row) = row(fields, (before, after), &old, &new, budget) else { break };
            found.push(row);
        }
    }
    Some(found)
}

fn texts(keys: &[String]) -> Vec<&str> {
    keys.iter().map(String::as_str).collect()
}

fn row(
    fields: &[FieldDefinition],
    (from, to): (Option<usize>, Option<usize>),
    old: &[&Map<String, Value>],
    new: &[&Map<String, Value>],
    budget: &mut Budget,
) -> Option<RowDiff> {
    let before = from.and_then(|at| old.get(at).copied());
    let after = to.and_then(|at| new.get(at).copied());
    let whole = |it: &Map<String, Value>| Some(Value::Object(it.clone()));
    let (change, value, fields) = match (before, after) {
        (Some(before), Some(after)) => {
            (Change::Changed, None, members(fields, before, after, budget))
        }
        (Some(before), None) => (Change::Removed, whole(before), Vec::new()),
        (None, Some(after)) => (Change::Added, whole(after), Vec::new()),
        (None, None) => return None,
    };
    Some(RowDiff { change, from, to, value, fields })
}

fn objects(rows: &[Value]) -> Option<Vec<&Map<String, Value>>> {
    rows.iter().map(Value::as_object).collect()
}
