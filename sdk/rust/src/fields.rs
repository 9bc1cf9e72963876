//! Fields by name.
//!
//! Hooks get and return lists of fields. Entries have few, so a walk through the list is quicker than a map.

use crate::content::{Field, Value};

/// The value of a field: none when the list does not name it.
#[must_use]
pub fn get<'a>(fields: &'a [Field], name: &str) -> Option<&'a Value> {
    fields.iter().find(|field| field.name == name).map(|field| &field.value)
}

/// The text of a field: none when the list does not name it, or when it holds anything but text.
#[must_use]
pub fn text<'a>(fields: &'a [Field], name: &str) -> Option<&'a str> {
    match get(fields, name) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// Gives a field a value, in place of the one it had.
pub fn set(fields: &mut Vec<Field>, name: &str, value: Value) {
    match fields.iter_mut().find(|field| field.name == name) {
        Some(field) => field.value = value,
        None => fields.push(Field { name: name.to_owned(), value }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_set_in_place_or_added() {
        let mut fields = Vec::new();
        set(&mut fields, "title", Value::Text("First".to_owned()));
        set(&mut fields, "title", Value::Text("Second".to_owned()));
        assert_eq!(fields.len(), 1);
        assert_eq!(text(&fields, "title"), Some("Second"));
    }

    #[test]
    fn a_value_of_another_type_is_no_text() {
        let fields = [Field { name: "pages".to_owned(), value: Value::Integer(3) }];
        assert_eq!(text(&fields, "pages"), None);
        assert!(matches!(get(&fields, "pages"), Some(Value::Integer(3))));
        assert!(get(&fields, "title").is_none());
    }
}
