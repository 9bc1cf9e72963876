//! `GET /api/v1/assets`: one page of assets, the newest first.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::assets::{ListAssets, list_assets};
use smartcms_app::ports::MediaTypeFilter;
use smartcms_domain::Problem;

use super::body::AssetBody;
use super::{cursor, explain};
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::rest::v1::list::Page;

/// What `?type=` can be beside one media type, and what it means.
const FAMILIES: [(&str, &str); 6] = [
    ("image", "image/"),
    ("video", "video/"),
    ("audio", "audio/"),
    ("text", "text/"),
    ("font", "font/"),
    ("application", "application/"),
];

/// Lists assets.
pub(crate) async fn list(
    State(app): State<App>,
    uri: Uri,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    let parameters = Parameters::parse(&uri, &["type", "search", "limit", "cursor"])?;
    let query = ListAssets {
        media_type: parameters.get("type").map(media_type).transpose()?,
        search: parameters.get("search").map(str::to_owned),
        limit: parameters.limit()?,
        after: parameters.get("cursor").map(cursor::read).transpose()?,
    };
    let page = list_assets(&caller.context(&app), query).await;
    let page = page.map_err(|error| explain(&caller, error))?;
    let body = Page {
        // Of variants that take long to make a list says nothing: one asset does.
        items: page.assets.iter().map(|it| AssetBody::new(&app, &caller, it, &[])).collect(),
        next: page.next.map(cursor::write),
        included: None,
        warnings: Vec::new(),
    };
    let mut response = reply::json(StatusCode::OK, JSON, &body);
    reply::set_caching(response.headers_mut(), false);
    Ok(response)
}

fn media_type(text: &str) -> Result<MediaTypeFilter, HttpProblem> {
    if let Some((_, start)) = FAMILIES.iter().find(|(name, _)| *name == text) {
        return Ok(MediaTypeFilter::Family(start));
    }
    text.parse().map(MediaTypeFilter::Exactly).map_err(|_| {
        let names = FAMILIES.map(|(name, _)| name).join("`, `");
        let message =
            format!("`type` is one of `{names}`, or a media type like `image/png`, not `{text}`");
        let problem = Problem::field("type", "unknown-type", message.clone());
        HttpProblem::bad_request("request.query", message).with_problems(vec![problem])
    })
}
