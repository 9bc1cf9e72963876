//! Models of a server: what both kinds of servers share.
//!
//! The key is sent and never shown: not in logs, and not in the errors of a server that repeats it.

mod lines;
mod ollama;
mod openai;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::Value;
use smartcms_app::ports::{
    Description, ModelError, Outbound, OutboundError, OutboundRequest, OutboundResponse,
};

pub use ollama::Ollama;
pub use openai::OpenAi;

/// The most bytes of an answer.
const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// The longest text that is written.
const TEXT_BYTES_MAX: usize = 1024 * 1024;
/// The most tokens of what an image shows.
const DESCRIPTION_TOKENS_MAX: u32 = 200;
/// How much of what a server says of an error is shown, in characters.
const REASON_CHARS_MAX: usize = 300;
/// The most bytes of an error that are read.
const ERROR_BYTES_MAX: usize = 64 * 1024;

/// Where a server is, and how it is asked.
#[derive(Clone)]
pub struct Server {
    /// What sends the requests.
    pub outbound: Arc<dyn Outbound>,
    /// The address that paths are added to, without a slash at its end.
    pub address: String,
    /// What is sent to say who asks.
    pub key: Option<String>,
    /// How long one answer may take, to its end.
    pub time_max: Duration,
}

impl Server {
    async fn get(&self, path: &str) -> Result<OutboundResponse, ModelError> {
        self.send(Method::GET, path, Bytes::new()).await
    }

    async fn post(&self, path: &str, body: &Value) -> Result<OutboundResponse, ModelError> {
        self.send(Method::POST, path, body.to_string().into()).await
    }

    /// A whole answer.
    async fn value(&self, response: OutboundResponse) -> Result<Value, ModelError> {
        let bytes = response.into_bytes().await.map_err(|error| away(&error))?;
        serde_json::from_slice(&bytes).map_err(|_| ModelError::Unfit("no JSON".to_owned()))
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<OutboundResponse, ModelError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(key) = &self.key {
            let bearer = HeaderValue::from_str(&format!("Bearer {key}"));
            let mut bearer = bearer.map_err(|_| {
                ModelError::Broken("the key has characters that cannot be sent".to_owned())
            })?;
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        let request = OutboundRequest {
            method,
            url: format!("{}{path}", self.address),
            headers,
            body,
            time_max: self.time_max,
            bytes_max: ANSWER_BYTES_MAX,
            // A key is not for wherever a server sends us on to.
            redirects_max: 0,
        };
        let response = self.outbound.send(request).await.map_err(|error| away(&error))?;
        if (200..300).contains(&response.status) {
            Ok(response)
        } else {
            Err(self.refusal(response).await)
        }
    }

    async fn refusal(&self, response: OutboundResponse) -> ModelError {
        let status = response.status;
        let text = response.into_bytes().await.unwrap_or_default();
        let text = text.get(..text.len().min(ERROR_BYTES_MAX)).unwrap_or_default();
        let reason = self.shown(&reason(text));
        let text = format!("{} says {status}{reason}", self.address);
        match status {
            404 => ModelError::UnknownModel(text),
            400 | 413 | 422 => ModelError::Invalid(text),
            408 | 500..=599 => ModelError::Unavailable(text),
            402 | 429 => ModelError::Limit(text),
            _ => ModelError::Broken(text),
        }
    }

    /// What a server says, short, plain and without the key.
    fn shown(&self, reason: &str) -> String {
        let reason = match self.key.as_deref().filter(|it| !it.is_empty()) {
            Some(key) => reason.replace(key, "…"),
            None => reason.to_owned(),
        };
        let plain: String =
            reason.chars().filter(|it| !it.is_control()).take(REASON_CHARS_MAX).collect();
        if plain.is_empty() { plain } else { format!(": {plain}") }
    }
}

/// `{"error": {"message": "…"}}`, `{"error": "…"}`, or the text as it is.
fn reason(text: &[u8]) -> String {
    let value: Option<Value> = serde_json::from_slice(text).ok();
    let error = value.as_ref().and_then(|it| it.get("error"));
    let message = error.and_then(|it| it.get("message").unwrap_or(it).as_str());
    message.map_or_else(|| String::from_utf8_lossy(text).into_owned(), str::to_owned)
}

/// A request that came to nothing.
fn away(error: &OutboundError) -> ModelError {
    match error {
        OutboundError::Lookup { .. }
        | OutboundError::Connect { .. }
        | OutboundError::TimedOut(_)
        | OutboundError::Broken { .. } => ModelError::Unavailable(error.to_string()),
        _ => ModelError::Broken(error.to_string()),
    }
}

fn missing(what: &str) -> ModelError {
    ModelError::Unfit(format!("an answer without {what}"))
}

/// What is asked where somebody describes an image.
fn question(request: &Description) -> String {
    let text = "Describe this image in one sentence, for somebody who cannot see it.";
    let language = request.parameters.iter().find(|(name, _)| name == "language");
    match language.and_then(|(_, it)| it.as_str()) {
        Some(tag) => format!("{text} Say nothing else. Write in the language `{tag}`."),
        None => format!("{text} Say nothing else."),
    }
}

/// A row of numbers, stretched to the Euclidean length 1.
fn vector(value: &Value) -> Result<Vec<f32>, ModelError> {
    let numbers = value.as_array().ok_or_else(|| missing("a vector"))?;
    #[expect(clippy::cast_possible_truncation, reason = "vectors are of 32 bits")]
    let number = |it: &Value| it.as_f64().map(|it| it as f32);
    let mut vector: Vec<f32> =
        numbers.iter().map(number).collect::<Option<_>>().ok_or_else(|| missing("numbers"))?;
    let length = vector.iter().map(|it| it * it).sum::<f32>().sqrt();
    if !length.is_normal() {
        return Err(ModelError::Unfit("a vector without a direction".to_owned()));
    }
    vector.iter_mut().for_each(|it| *it /= length);
    Ok(vector)
}

/// As many vectors as texts, all of one length.
fn fitting(vectors: Vec<Vec<f32>>, count: usize) -> Result<Vec<Vec<f32>>, ModelError> {
    let numbers = vectors.first().map(Vec::len);
    if vectors.len() != count {
        return Err(ModelError::Unfit(format!("{} vectors for {count} texts", vectors.len())));
    }
    if vectors.iter().any(|it| Some(it.len()) != numbers) {
        return Err(ModelError::Unfit("vectors of different lengths".to_owned()));
    }
    Ok(vectors)
}

/// A whole number that a server counted.
fn count(value: Option<&Value>) -> Option<u32> {
    value.and_then(Value::as_u64).and_then(|it| u32::try_from(it).ok())
}
