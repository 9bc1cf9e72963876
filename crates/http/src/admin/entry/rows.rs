//! Buttons that change the rows of a repeater: they send the whole form, which comes back with the rows changed.

use serde_json::{Map, Value};
use smartcms_domain::entries::Fields;

use super::values::{PREFIX, ROWS_MAX};

/// What a button of a repeater does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowAction {
    Add,
    Remove,
    Up,
    Down,
}

impl RowAction {
    /// The action with this name.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "add" => Self::Add,
            "remove" => Self::Remove,
            "up" => Self::Up,
            "down" => Self::Down,
            _ => return None,
        })
    }

    /// Does it at a place like `f.links` or `f.links.2`. Places that are not there leave the values as they are.
    pub(super) fn apply(self, fields: &mut Fields, place: &str) {
        let Some(path) = place.strip_prefix(PREFIX) else { return };
        let mut parts = path.split('.');
        let Some(first) = parts.next() else { return };
        let rest: Vec<&str> = parts.collect();
        let mut value = fields.get(first).cloned().unwrap_or_default();
        self.at(&mut value, &rest);
        fields.set(first, value);
    }

    fn at(self, value: &mut Value, rest: &[&str]) {
        match (rest, self) {
            ([], Self::Add) => {
                if !value.is_array() {
                    *value = Value::Array(Vec::new());
                }
                let rows = value.as_array_mut();
                if let Some(rows) = rows.filter(|it| it.len() < ROWS_MAX) {
                    rows.push(Value::Object(Map::new()));
                }
            }
            ([number], Self::Remove | Self::Up | Self::Down) => {
                let Some((number, rows)) = number.parse().ok().zip(value.as_array_mut()) else {
                    return;
                };
                self.on_row(rows, number);
            }
            ([first, rest @ ..], _) => {
                if value.is_null() {
                    *value = Value::Object(Map::new());
                }
                let inner = match value {
                    Value::Object(object) => Some(object.entry(*first).or_insert(Value::Null)),
                    Value::Array(rows) => first.parse().ok().and_then(|it: usize| rows.get_mut(it)),
                    _ => None,
                };
                if let Some(inner) = inner {
                    self.at(inner, rest);
                }
            }
            _ => {}
        }
    }

    fn on_row(self, rows: &mut Vec<Value>, number: usize) {
        let other = match self {
            Self::Up => number.checked_sub(1),
            _ => Some(number + 1),
        };
        match (self, other) {
            (Self::Remove, _) if number < rows.len() => {
                rows.remove(number);
            }
            (Self::Up | Self::Down, Some(other)) if number.max(other) < rows.len() => {
                rows.swap(number, other);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use smartcms_domain::entries::Fields;

    use super::RowAction;

    #[track_caller]
    fn check(action: &str, place: &str, before: Value, after: Value) {
        let mut fields: Fields = [("it".to_owned(), before)].into_iter().collect();
        RowAction::parse(action).unwrap().apply(&mut fields, place);
        assert_eq!(fields.get("it").cloned().unwrap_or_default(), after, "{action} {place}");
    }

    #[test]
    fn buttons_change_rows_at_their_place() {
        check("add", "f.it", json!(null), json!([{}]));
        check("add", "f.it.0.in", json!([{}]), json!([{ "in": [{}] }]));
        check("add", "f.it.in", json!(null), json!({ "in": [{}] }));
        check("remove", "f.it.1", json!([1, 2, 3]), json!([1, 3]));
        check("up", "f.it.1", json!([1, 2]), json!([2, 1]));
        check("up", "f.it.0", json!([1, 2]), json!([1, 2]));
        check("down", "f.it.0", json!([1, 2]), json!([2, 1]));
        check("down", "f.it.1", json!([1, 2]), json!([1, 2]));
        check("remove", "f.it.9", json!([1]), json!([1]));
    }
}
