//! JSON as values, no more of them than a limit: a few megabytes of `[0,0,…]` are gigabytes as values.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads one value, and counts every value in it.
#[derive(Clone, Copy)]
pub(crate) struct Bounded<'a> {
    left: &'a Cell<usize>,
    limit: usize,
}

impl<'a> Bounded<'a> {
    pub(crate) fn new(left: &'a Cell<usize>) -> Self {
        Self { left, limit: left.get() }
    }

    fn count<E: Error>(self) -> Result<(), E> {
        match self.left.get().checked_sub(1) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => {
                let limit = self.limit;
                Err(E::custom(format_args!("it has more values than {limit}, the limit")))
            }
        }
    }
}

/// Reads a text of JSON that has at most so many values.
pub(crate) fn from_str(text: &str, limit: usize) -> Result<Value, serde_json::Error> {
    let left = Cell::new(limit);
    let mut json = serde_json::Deserializer::from_str(text);
    let value = Bounded::new(&left).deserialize(&mut json)?;
    json.end()?;
    Ok(value)
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
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

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(self)?;
            values.insert(name, value);
        }
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::from_str;

    #[test]
    fn values_are_read_up_to_the_limit() {
        let text = r#"{"a":[1,-2,2.5,"b",null,true]}"#;
        assert_eq!(from_str(text, 8).unwrap(), json!({"a": [1, -2, 2.5, "b", null, true]}));
        let error = from_str(text, 7).unwrap_err().to_string();
        assert!(error.contains("more values than 7"), "{error}");
        assert_eq!(from_str("null", 1).unwrap(), Value::Null);
        assert!(from_str("[1] 2", 10).is_err());
    }

    #[test]
    fn what_nests_without_end_is_refused() {
        let deep = "[".repeat(100_000);
        let error = from_str(&deep, 1_000_000).unwrap_err().to_string();
        assert!(error.contains("recursion limit"), "{error}");
    }
}
