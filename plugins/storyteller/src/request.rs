//! What a request says about how to choose words.

use serde_json::Value;
use smartcms_plugin::chance;
use smartcms_plugin::model_provider::{AiError, Generation, parameter};

/// The most texts that end an answer.
const STOPS_MAX: usize = 16;
/// Sentences that are right more often than not, and a story that is another one each time.
const TEMPERATURE: f32 = 0.7;
const TOP_K: u64 = 20;

/// How words are chosen, and when it is enough.
pub(crate) struct Options {
    /// 0 for the most likely word, 1 as the model has learnt it, above for surprises.
    pub(crate) temperature: f32,
    /// Among how many words is chosen.
    pub(crate) top_k: usize,
    pub(crate) seed: u64,
    /// Texts that end the answer; they are no part of it.
    pub(crate) stops: Vec<String>,
    pub(crate) tokens_max: u32,
}

impl Options {
    pub(crate) fn of(request: &Generation) -> Result<Self, AiError> {
        let value = |name: &str| -> Result<Option<Value>, AiError> {
            let Some(text) = parameter(&request.parameters, name) else { return Ok(None) };
            serde_json::from_str(text).map(Some).map_err(|_| wrong(name, "it is one JSON text"))
        };
        let temperature = match value("temperature")? {
            None => TEMPERATURE,
            Some(it) => temperature(&it)?,
        };
        let top_k = match value("top_k")? {
            None => TOP_K,
            Some(it) => it
                .as_u64()
                .filter(|it| *it > 0)
                .ok_or_else(|| wrong("top_k", "it is a whole number from 1"))?,
        };
        let seed = match value("seed")? {
            None => chance::number(),
            Some(it) => seed(&it)?,
        };
        let stops = value("stop")?.map_or(Ok(Vec::new()), |it| stops(&it))?;
        let top_k = usize::try_from(top_k).unwrap_or(usize::MAX);
        Ok(Self { temperature, top_k, seed, stops, tokens_max: request.tokens_max })
    }
}

fn temperature(value: &Value) -> Result<f32, AiError> {
    let number = value.as_f64().filter(|it| (0.0..=2.0).contains(it));
    #[expect(clippy::cast_possible_truncation, reason = "a temperature has few digits")]
    let number = number.map(|it| it as f32);
    number.ok_or_else(|| wrong("temperature", "it is a number from 0 to 2"))
}

fn seed(value: &Value) -> Result<u64, AiError> {
    let number = value.as_u64().or_else(|| value.as_i64().map(i64::cast_unsigned));
    number.ok_or_else(|| wrong("seed", "it is a whole number"))
}

fn stops(value: &Value) -> Result<Vec<String>, AiError> {
    let list = value.as_array().filter(|it| it.len() <= STOPS_MAX);
    let texts = list.and_then(|it| {
        it.iter().map(|it| it.as_str().filter(|it| !it.is_empty()).map(str::to_owned)).collect()
    });
    texts.ok_or_else(|| wrong("stop", "it is a list of at most 16 texts"))
}

fn wrong(name: &str, reason: &str) -> AiError {
    AiError::Invalid(format!("the parameter {name} cannot be used: {reason}"))
}

#[cfg(test)]
mod tests {
    use smartcms_plugin::model_provider::{Generation, Parameter};

    use super::Options;

    fn options(name: &str, value: &str) -> Option<Options> {
        let parameter = Parameter { name: name.to_owned(), value: value.to_owned() };
        let (model, messages) = ("storyteller".to_owned(), Vec::new());
        let request = Generation { model, messages, tokens_max: 5, parameters: vec![parameter] };
        Options::of(&request).ok()
    }

    #[test]
    fn parameters_are_taken_by_their_names() {
        assert_eq!(options("seed", "-1").map(|it| it.seed), Some(u64::MAX));
        assert_eq!(options("top_k", "3").map(|it| it.top_k), Some(3));
        assert_eq!(options("temperature", "0").map(|it| it.temperature), Some(0.0));
        assert_eq!(options("stop", "[\"\\n\"]").map(|it| it.stops), Some(vec!["\n".to_owned()]));
        assert!(options("schema", "{}").is_some_and(|it| it.tokens_max == 5));
    }

    #[test]
    fn what_is_of_no_use_is_refused() {
        for (name, value) in [
            ("seed", "1.5"),
            ("seed", "x"),
            ("top_k", "0"),
            ("temperature", "3"),
            ("temperature", "\"warm\""),
            ("stop", "\"a\""),
            ("stop", "[1]"),
            ("stop", "[\"\"]"),
        ] {
            assert!(options(name, value).is_none(), "{name} = {value}");
        }
    }
}
