//! `POST /admin/convert`: blocks as Markdown, and Markdown as blocks, for the editor.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::json;
use smartcms_app::rendering::{blocks_to_markdown, markdown_to_blocks};
use smartcms_domain::blocks::Document;

use super::answer::Answer;
use super::form::Script;
use super::media_json::problem;
use super::person::Person;
use crate::reply::{self, JSON};

/// Answers with the other form of what was sent.
pub(super) async fn convert(_: Person, Script(sent): Script) -> Answer {
    let refused = |detail: &str| Ok(problem(StatusCode::UNPROCESSABLE_ENTITY, detail));
    if let Some(markdown) = sent.get("markdown").and_then(|it| it.as_str()) {
        let document = markdown_to_blocks(markdown).to_json();
        return Ok(
            reply::json(StatusCode::OK, JSON, &json!({ "document": document })).into_response()
        );
    }
    let Some(document) = sent.get("document") else {
        return refused("send `markdown` or `document`");
    };
    match Document::parse(document) {
        Ok(document) => {
            let markdown = blocks_to_markdown(&document);
            let answer = json!({ "markdown": markdown });
            Ok(reply::json(StatusCode::OK, JSON, &answer).into_response())
        }
        Err(problems) => {
            let first = problems.first().map(ToString::to_string).unwrap_or_default();
            refused(&first)
        }
    }
}
