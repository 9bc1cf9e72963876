//! Brings a function that counts the words of a text.

use smartcms_plugin::function_library::{self, Function, Scalar, ScalarType, parameter};

struct Plugin;

impl function_library::Guest for Plugin {
    fn list() -> Vec<Function> {
        vec![Function {
            name: "words".to_owned(),
            description: "How many words a text has.".to_owned(),
            parameters: vec![parameter("text", ScalarType::Text)],
            result: ScalarType::Integer,
            deterministic: true,
        }]
    }

    fn call(name: String, arguments: Vec<Scalar>) -> Result<Scalar, String> {
        match (name.as_str(), arguments.as_slice()) {
            ("words", [Scalar::Text(text)]) => Ok(Scalar::Integer(words(text))),
            // Any argument can be missing; then the result is too.
            ("words", [Scalar::Null]) => Ok(Scalar::Null),
            _ => Err(format!("there is no function {name} of these arguments")),
        }
    }
}

function_library::export!(Plugin);

fn words(text: &str) -> i64 {
    i64::try_from(text.split_whitespace().count()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_what_stands_between_spaces() {
        assert_eq!(words(" a\tb  c "), 3);
        assert_eq!(words(" \n "), 0);
    }
}
