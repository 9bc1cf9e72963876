//! JSON that is written down, as text: `serde_json::json!` makes code of each member, and the description of the API has
//! thousands of them. It takes what that one takes, but that keys are literals and numbers are written as JSON has them.

use serde_json::{Map, Value};

/// What stands in the text where a value goes.
const HOLE: char = '\u{1}';

/// A value of JSON, written as such. What is no literal is an expression of a type that is a [`Part`].
macro_rules! json {
    // Nothing is open any more.
    (@ [$($text:tt)*] [$($hole:expr,)*] []) => {
        $crate::json::filled(concat!($($text)*), [$($hole),*])
    };
    // An object that is read to its end.
    (@ [$($text:tt)*] $holes:tt [{ $(,)? } $($open:tt)*]) => {
        $crate::json::json!(@ [$($text)* "}",] $holes [$($open)*])
    };
    (@ [$($text:tt)*] $holes:tt [{ , $($rest:tt)* } $($open:tt)*]) => {
        $crate::json::json!(@ [$($text)* ",",] $holes [{ $($rest)* } $($open)*])
    };
    (@ [$($text:tt)*] $holes:tt [{ $key:literal : null $($rest:tt)* } $($open:tt)*]) => {
        $crate::json::json!(@ [$($text)* stringify!($key), ":null",] $holes [{ $($rest)* } $($open)*])
    };
    (@ [$($text:tt)*] $holes:tt [{ $key:literal : { $($in:tt)* } $($rest:tt)* } $($open:tt)*]) => {
        $crate::json::json!(@ [$($text)* stringify!($key), ":{",] $holes
            [{ $($in)* } { $($rest)* } $($open)*])
    };
    (@ [$($text:tt)*] $holes:tt [{ $key:literal : [ $($in:tt)* ] $($rest:tt)* } $($open:tt)*]) => {
        $crate::json::json!(@ [$($text)* stringify!($key), ":[",] $holes
            [[ $($in)* ] { $($rest)* } $($open)*])
    };
    (@ [$($text:tt)*] $holes:tt [{ $key:literal : $value:literal $(, $($rest:tt)*)? } $($open:tt)*]) => {
        $crate::json::json!(@ [$($text)* stringify!($key), ":", stringify!($value),] $holes
            [{ $(, $($rest)*)? } $($open)*])
    };
    (@ [$($text:tt)*] [$($hole:expr,)*] [{ $key:literal : $value:expr $(, $($rest:tt)*)? } $($open:tt)*]) => {
        $crate::json::json!(@ [$($text)* stringify!($key), ":\u{1}",]
            [$($hole,)* $crate::json::Part::value(&$value),] [{ $(, $($rest)*)? } $($open)*])
    };
    // An array.
    (@ [$($text:tt)*] $holes:tt [[ $(,)? ] $($open:tt)*]) => {
        $crate::json::json!(@ [$($text)* "]",] $holes [$($open)*])
    };
    (@ [$($text:tt)*] $holes:tt [[ , $($rest:tt)* ] $($open:tt)*]) => {
        $crate::json::json!(@ [$($text)* ",",] $holes [[ $($rest)* ] $($open)*])
    };
    (@ [$($text:tt)*] $holes:tt [[ null $($rest:tt)* ] $($open:tt)*]) => {
        $crate::json::json!(@ [$($text)* "null",] $holes [[ $($rest)* ] $($open)*])
    };
    (@ [$($text:tt)*] $holes:tt [[ { $($in:tt)* } $($rest:tt)* ] $($open:tt)*]) => {
        $crate::json::json!(@ [$($text)* "{",] $holes [{ $($in)* } [ $($rest)* ] $($open)*])
    };
    (@ [$($text:tt)*] $holes:tt [[ $value:literal $(, $($rest:tt)*)? ] $($open:tt)*]) => {
        $crate::json::json!(@ [$($text)* stringify!($value),] $holes
            [[ $(, $($rest)*)? ] $($open)*])
    };
    (@ [$($text:tt)*] [$($hole:expr,)*] [[ $value:expr $(, $($rest:tt)*)? ] $($open:tt)*]) => {
        $crate::json::json!(@ [$($text)* "\u{1}",]
            [$($hole,)* $crate::json::Part::value(&$value),] [[ $(, $($rest)*)? ] $($open)*])
    };
    // Where it begins.
    ({ $($in:tt)* }) => {
        $crate::json::json!(@ ["{",] [] [{ $($in)* }])
    };
    ([ $($in:tt)* ]) => {
        $crate::json::json!(@ ["[",] [] [[ $($in)* ]])
    };
    ($value:expr) => {
        $crate::json::Part::value(&$value)
    };
}
pub(crate) use json;

/// What can be a part of a value.
pub(crate) trait Part {
    /// It as a value.
    fn value(&self) -> Value;
}

/// The value that a text is, with these values in its holes. A text that is no JSON is null: tests read the whole document.
pub(crate) fn filled<const N: usize>(text: &str, mut parts: [Value; N]) -> Value {
    fill(text, &mut parts)
}

fn fill(text: &str, parts: &mut [Value]) -> Value {
    let mut whole = String::with_capacity(text.len() + 10 * parts.len());
    for (number, piece) in text.split(HOLE).enumerate() {
        if let Some(number) = number.checked_sub(1) {
            whole.push_str(&format!("\"\\u0001{number}\""));
        }
        whole.push_str(piece);
    }
    let mut value = serde_json::from_str(&whole).unwrap_or_default();
    put(&mut value, parts);
    value
}

fn put(value: &mut Value, parts: &mut [Value]) {
    match value {
        Value::String(text) => {
            let number = text.strip_prefix(HOLE).and_then(|it| it.parse::<usize>().ok());
            if let Some(part) = number.and_then(|it| parts.get_mut(it)) {
                *value = std::mem::take(part);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|it| put(it, parts)),
        Value::Object(members) => members.values_mut().for_each(|it| put(it, parts)),
        _ => {}
    }
}

impl Part for Value {
    fn value(&self) -> Value {
        self.clone()
    }
}

impl Part for Map<String, Value> {
    fn value(&self) -> Value {
        Value::Object(self.clone())
    }
}

impl Part for str {
    fn value(&self) -> Value {
        Value::String(self.to_owned())
    }
}

impl Part for String {
    fn value(&self) -> Value {
        self.as_str().value()
    }
}

impl<T: Part + ?Sized> Part for &T {
    fn value(&self) -> Value {
        (**self).value()
    }
}

impl<T: Part> Part for [T] {
    fn value(&self) -> Value {
        Value::Array(self.iter().map(T::value).collect())
    }
}

impl<T: Part> Part for Vec<T> {
    fn value(&self) -> Value {
        self.as_slice().value()
    }
}

impl<T: Part, const N: usize> Part for [T; N] {
    fn value(&self) -> Value {
        self.as_slice().value()
    }
}

macro_rules! parts {
    ($($type:ty)*) => {$(
        impl Part for $type {
            fn value(&self) -> Value {
                Value::from(*self)
            }
        }
    )*};
}
parts!(bool i32 i64 u8 u16 u32 u64 usize f64);

#[cfg(test)]
mod tests {
    use serde_json::{Value, json as theirs};

    #[test]
    fn it_is_what_the_other_macro_makes() {
        let (name, list) = ("\u{1}0 \"x\"", vec!["a", "b"]);
        let inner = json!({ "name": name, "none": null });
        assert_eq!(inner, theirs!({ "name": name, "none": null }));
        let ours: Value = json!({
            "pattern": "^[^\\u0000]\"\\S$", "least": -90, "far": 1e15, "is": true, "empty": {},
            "list": list, "nested": { "a": [1, null, { "b": inner }, name.len() + 1, [false,],], },
            "first": list.first().map_or("", |it| *it),
        });
        let same = theirs!({
            "pattern": "^[^\\u0000]\"\\S$", "least": -90, "far": 1e15, "is": true, "empty": {},
            "list": list, "nested": { "a": [1, null, { "b": inner }, name.len() + 1, [false]] },
            "first": list.first().map_or("", |it| *it),
        });
        assert_eq!(ours, same);
        assert_eq!(json!([list, "c"]), theirs!([list, "c"]));
    }
}
