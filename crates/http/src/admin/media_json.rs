//! Files as the editor of long texts asks for them.

use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use smartcms_app::App;
use smartcms_app::assets::file_address;
use smartcms_app::ports::AssetPage;
use smartcms_domain::assets::Asset;

use super::media::{LARGE, TILE, picture};
use crate::reply::{self, JSON, PROBLEM_JSON};

/// One file.
pub(super) fn one(app: &App, asset: &Asset) -> Response {
    reply::json(StatusCode::OK, JSON, &value(app, asset)).into_response()
}

/// Files.
pub(super) fn list(app: &App, page: &AssetPage) -> Response {
    let items: Vec<Value> = page.assets.iter().map(|it| value(app, it)).collect();
    reply::json(StatusCode::OK, JSON, &json!({ "items": items })).into_response()
}

/// Why something was not done.
pub(super) fn problem(status: StatusCode, detail: &str) -> Response {
    let media_type: HeaderValue = PROBLEM_JSON;
    reply::json(status, media_type, &json!({ "detail": detail })).into_response()
}

fn value(app: &App, asset: &Asset) -> Value {
    let picture_of = |shown| Some(picture(app, asset, shown)).filter(|it| !it.is_empty());
    json!({
        "id": asset.id.to_string(),
        "url": picture_of(LARGE).unwrap_or_else(|| file_address(asset)),
        "thumbnail": picture_of(TILE),
        "name": asset.name.to_string(),
        "alt": asset.alt,
        "media_type": asset.media_type.name(),
    })
}
