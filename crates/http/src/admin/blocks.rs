//! `GET /admin/blocks`: the blocks that plugins bring, for the editor.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Value, json};
use smartcms_app::ports::PluginBlockKind;

use super::answer::Answer;
use super::person::Person;
use crate::reply::{self, JSON};
use crate::state::AppState;

/// Lists them, as the plugins tell of them now.
pub(super) async fn list(State(state): State<AppState>, _: Person) -> Answer {
    let kinds = state.app.plugins.block_kinds().await;
    let items: Vec<Value> = kinds.iter().map(item).collect();
    Ok(reply::json(StatusCode::OK, JSON, &json!({ "items": items })).into_response())
}

fn item(kind: &PluginBlockKind) -> Value {
    json!({
        "name": kind.name.as_str(),
        "title": kind.title,
        "description": kind.description,
        "schema": kind.schema,
    })
}
