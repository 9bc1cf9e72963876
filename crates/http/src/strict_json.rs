//! JSON as RFC 8259 hopes for it: no key twice in an object. Parsers disagree about which one counts, and what
//! they disagree about can be used to get past a check.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The deepest document, counted in arrays and objects: the bound of the parser.
pub(crate) const JSON_DEPTH_MAX: usize = 127;

/// How a text with the character is refused.
const NULL_TOLD: &str = "a text or a key holds the character U+0000";

/// What is wrong with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A key is there twice in an object.
    DuplicateKey,
    /// A text holds U+0000, at which other programs cut texts off.
    Null,
    /// It is nested deeper than [`JSON_DEPTH_MAX`].
    TooDeep,
    /// It is no JSON.
    NotJson,
}

/// Reads one JSON document.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice::<Strict>(bytes).map(|it| it.0)
}

/// What is wrong with a document that was not read.
pub(crate) fn flaw_of(error: &serde_json::Error) -> Flaw {
    // Every type is accepted, so the only errors about data are our own.
    if error.is_data() {
        let null = error.to_string().starts_with(NULL_TOLD);
        return if null { Flaw::Null } else { Flaw::DuplicateKey };
    }
    let deep = error.to_string().starts_with("recursion limit exceeded");
    if deep { Flaw::TooDeep } else { Flaw::NotJson }
}

fn without_null<E: Error>(text: &str) -> Result<(), E> {
    if text.contains('\0') { Err(E::custom(NULL_TOLD)) } else { Ok(()) }
}

struct Strict(Value);

struct StrictVisitor;

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        without_null(value)?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        without_null(&value)?;
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            without_null(&key)?;
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key `{key}` is there twice")));
            }
            let Strict(value) = members.next_value()?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::{Flaw, JSON_DEPTH_MAX, flaw_of, parse};
    use serde_json::{Value, json};

    #[test]
    fn every_kind_of_value_is_read() {
        let text = r#"{"a":[1,-2,2.5,true,null,"x\u0041",{}],"b":18446744073709551615}"#;
        assert_eq!(parse(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(parse(b"[]").unwrap(), json!([]));
    }

    #[test]
    fn a_key_that_is_there_twice_is_refused_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"x":{"a":1,"b":2,"a":3}}]"#, r#"{"a":1,"\u0061":2}"#]
        {
            let error = parse(text.as_bytes()).unwrap_err();
            assert_eq!(flaw_of(&error), Flaw::DuplicateKey, "{error}");
            assert!(error.to_string().contains("`a`"), "{error}");
        }
    }

    #[test]
    fn what_is_no_json_is_not_called_a_duplicate() {
        let deep = "[".repeat(100_000);
        for text in ["", "{", "{\"a\":}", "nul", "1 2", "\u{feff}{}", deep.as_str()] {
            let flaw = flaw_of(&parse(text.as_bytes()).unwrap_err());
            assert!(matches!(flaw, Flaw::NotJson | Flaw::TooDeep), "{text:.10}");
        }
        assert!(parse(b"\"\xff\"").is_err());
    }

    #[test]
    fn the_depth_is_bounded_where_it_is_said() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(nested(JSON_DEPTH_MAX).as_bytes()).is_ok());
        let error = parse(nested(JSON_DEPTH_MAX + 1).as_bytes()).unwrap_err();
        assert_eq!(flaw_of(&error), Flaw::TooDeep);
    }

    #[test]
    fn a_text_that_others_would_cut_off_is_refused_at_its_place() {
        for text in [r#"{"a":"x\u0000y"}"#, r#"["\u0000"]"#, r#"{"\u0000":1}"#] {
            let error = parse(text.as_bytes()).unwrap_err();
            assert_eq!(flaw_of(&error), Flaw::Null, "{error}");
            assert!(error.line() == 1 && error.column() > 1, "{error}");
        }
    }
}
