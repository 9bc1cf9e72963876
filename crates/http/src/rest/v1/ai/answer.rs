//! A suggestion as JSON.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use smartcms_app::assist::Suggestion;

use crate::reply::{self, JSON};

#[derive(Serialize)]
pub(super) struct SuggestionBody<'a> {
    id: String,
    task: &'static str,
    text: &'a str,
    model: &'a str,
    reason: &'a str,
    tokens: TokensBody,
    /// Only for terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<Vec<TermBody<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proposals: Option<&'a [String]>,
    expires_at: String,
}

#[derive(Serialize)]
struct TokensBody {
    read: u64,
    written: u64,
    estimated: bool,
}

#[derive(Serialize)]
struct TermBody<'a> {
    id: String,
    slug: &'a str,
    title: &'a str,
}

impl<'a> SuggestionBody<'a> {
    pub(super) fn of(suggestion: &'a Suggestion) -> Self {
        let is_tags = suggestion.task == smartcms_app::assist::Task::Tags;
        let terms = suggestion.terms.iter();
        let terms =
            terms.map(|it| TermBody { id: it.id.to_string(), slug: &it.slug, title: &it.title });
        let tokens = suggestion.tokens;
        Self {
            id: suggestion.id.to_string(),
            task: suggestion.task.name(),
            text: &suggestion.text,
            model: &suggestion.model,
            reason: &suggestion.reason,
            tokens: TokensBody {
                read: tokens.read,
                written: tokens.written,
                estimated: tokens.estimated,
            },
            terms: is_tags.then(|| terms.collect()),
            proposals: is_tags.then_some(suggestion.proposals.as_slice()),
            expires_at: suggestion.expires_at.to_string(),
        }
    }
}

pub(super) fn response(suggestion: &Suggestion) -> Response {
    let mut response = reply::json(StatusCode::OK, JSON, &SuggestionBody::of(suggestion));
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
