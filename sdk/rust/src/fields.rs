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

/// The whole number of a field: none when the list does not name it, or when it holds anything but one.
#[must_use]
pub fn integer(fields: &[Field], name: &str) -> Option<i64> {
    match get(fields, name) {
        Some(Value::Integer(number)) => Some(*number),
        _ => None,
    }
}

/// A field with a value, for the list of changes that a hook gives back.
///
/// ```
/// use smartcms_plugin::fields;
///
/// let changes = vec![fields::field("title", "A title"), fields::field("pages", 3)];
/// # assert_eq!(fields::text(&changes, "title"), Some("A title"));
/// ```
#[must_use]
pub fn field(name: &str, value: impl Into<Value>) -> Field {
    Field { name: name.to_owned(), value: value.into() }
}

/// Gives a field a value, in place of the one it had.
pub fn set(fields: &mut Vec<Field>, name: &str, value: impl Into<Value>) {
    match fields.iter_mut().find(|field| field.name == name) {
        Some(field) => field.value = value.into(),
        None => fields.push(self::field(name, value)),
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

/// Whole numbers of every size that fits.
macro_rules! from_whole_numbers {
    ($($number:ty)*) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Integer(number.into())
            }
        }
    )*};
}

from_whole_numbers! { i8 i16 i32 i64 u8 u16 u32 }

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

/// None takes the field away.
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_set_in_place_or_added() {
        let mut fields = Vec::new();
        set(&mut fields, "title", "First");
        set(&mut fields, "title", "Second");
        assert_eq!(fields.len(), 1);
        assert_eq!(text(&fields, "title"), Some("Second"));
    }

    #[test]
    fn a_value_of_another_type_is_no_text() {
        let fields = [Field { name: "pages".to_owned(), value: Value::Integer(3) }];
        assert_eq!(text(&fields, "pages"), None);
        assert_eq!(integer(&fields, "pages"), Some(3));
        assert!(get(&fields, "title").is_none());
    }
}
