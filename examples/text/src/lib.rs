//! Functions over texts: what SQL lacks for addresses and lengths.

mod slug;

use smartcms_plugin::function_library::{self, Function, Scalar, ScalarType, parameter};

struct Text;

impl function_library::Guest for Text {
    fn list() -> Vec<Function> {
        let over_text = |name: &str, description: &str, result| Function {
            name: name.to_owned(),
            description: description.to_owned(),
            parameters: vec![parameter("text", ScalarType::Text)],
            result,
            deterministic: true,
        };
        vec![
            over_text("slugify", "An address made of a title.", ScalarType::Text),
            over_text("words", "How many words a text has.", ScalarType::Integer),
        ]
    }

    fn call(name: String, arguments: Vec<Scalar>) -> Result<Scalar, String> {
        match (name.as_str(), arguments.as_slice()) {
            ("slugify" | "words", [Scalar::Null]) => Ok(Scalar::Null),
            ("slugify", [Scalar::Text(text)]) => Ok(Scalar::Text(slug::slug(text))),
            ("words", [Scalar::Text(text)]) => {
                let count = i64::try_from(text.split_whitespace().count());
                count.map(Scalar::Integer).map_err(|error| error.to_string())
            }
            _ => Err(format!("there is no function {name} of {} values", arguments.len())),
        }
    }
}

function_library::export!(Text);

#[cfg(test)]
mod tests {
    use super::{Text, function_library::Guest as _, function_library::Scalar};

    fn call(name: &str, argument: Scalar) -> Result<Scalar, String> {
        Text::call(name.to_owned(), vec![argument])
    }

    #[test]
    fn titles_become_addresses() {
        let slug = call("slugify", Scalar::Text("  Grüße, aus Köln!".to_owned()));
        assert!(matches!(slug, Ok(Scalar::Text(it)) if it == "grusse-aus-koln"));
        assert!(matches!(call("slugify", Scalar::Null), Ok(Scalar::Null)));
    }

    #[test]
    fn words_are_counted_and_other_values_refused() {
        let words = call("words", Scalar::Text("one two  three\n".to_owned()));
        assert!(matches!(words, Ok(Scalar::Integer(3))));
        assert!(call("words", Scalar::Integer(3)).is_err());
        assert!(call("letters", Scalar::Null).is_err());
    }
}
