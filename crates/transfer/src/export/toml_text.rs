//! TOML as an export writes it: every value on one line, nothing that depends on a library's taste.

use std::fmt::Write as _;

use serde_json::Value;

/// A JSON value as TOML; `None` when TOML has no such value: null, and whole numbers past 64 bits with a sign.
pub(super) fn toml_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(is) => Some(is.to_string()),
        Value::Number(number) if number.is_f64() => float(number.as_f64()?),
        Value::Number(number) => Some(number.as_i64()?.to_string()),
        Value::String(text) => Some(string(text)),
        Value::Array(values) => {
            let values = values.iter().map(toml_of).collect::<Option<Vec<_>>>()?;
            Some(format!("[{}]", values.join(", ")))
        }
        Value::Object(map) => {
            let pairs = map
                .iter()
                .map(|(name, value)| Some(format!("{} = {}", key(name), toml_of(value)?)));
            let pairs = pairs.collect::<Option<Vec<_>>>()?;
            Some(if pairs.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{ {} }}", pairs.join(", "))
            })
        }
    }
}

/// A floating number always has a point or an exponent, or it would come back as a whole one.
fn float(number: f64) -> Option<String> {
    let text = format!("{number:?}");
    number.is_finite().then_some(text)
}

/// A key, in quotes unless it is plain.
pub(super) fn key(name: &str) -> String {
    let plain = !name.is_empty()
        && name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'));
    if plain { name.to_owned() } else { string(name) }
}

/// A text in quotes.
pub(super) fn string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", c as u32); // Writing to a string cannot fail.
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{key, toml_of};

    #[test]
    fn what_is_written_is_read_back() {
        for value in [
            json!("a \"b\"\\\n\t\u{1}\u{7f} ü +++"),
            json!(-3),
            json!(1.0),
            json!(1e300),
            json!([1, "a", [true], {}]),
            json!({"a b": {"c": [1.5]}, "": 1}),
        ] {
            let text = format!("{} = {}", key("it"), toml_of(&value).unwrap());
            let table: toml::Table =
                toml::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!(crate::folder::json_of_toml(table.get("it").unwrap().clone()), value);
        }
        assert_eq!(toml_of(&Value::Null), None);
        assert_eq!(toml_of(&json!(u64::MAX)), None);
        assert_eq!(toml_of(&json!([null])), None);
    }
}
