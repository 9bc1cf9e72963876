//! `GET /api/v1/content/{collection}`: one page of a collection.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Serialize;
use smartcms_app::App;
use smartcms_app::entries::{ListEntries, list_entries};
use smartcms_domain::actors::Actor;

use super::entry_body::EntryBody;
use super::selection::Selection;
use crate::caller::Caller;
use crate::cursor;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::segments::Segments;

/// One page of a list.
#[derive(Serialize)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// The `cursor` of the next page; null on the last.
    pub(crate) next: Option<String>,
}

/// Lists entries.
pub(crate) async fn list(
    State(app): State<App>,
    uri: Uri,
    Segments(collection): Segments<String>,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    let parameters = Parameters::parse(&uri, &["status", "limit", "cursor"])?;
    let selection = Selection::parse(parameters.get("status"))?;
    let listing = selection.listing();
    let limit = parameters.limit()?;
    let read = |text| cursor::read(listing, text).ok_or_else(cursor::malformed);
    let after = parameters.get("cursor").map(read).transpose()?;
    let query = ListEntries { after, ..ListEntries::first(collection, listing, limit) };
    let ctx = caller.context(&app);
    let page = list_entries(&ctx, query).await.map_err(|it| caller.explain(it))?.page;
    let body = Page {
        items: page.entries.iter().map(|it| EntryBody::new(&app, it, selection.state())).collect(),
        next: page.next.map(|it| cursor::write(listing, &it)),
    };
    let mut response = reply::json(StatusCode::OK, JSON, &body);
    reply::set_caching(response.headers_mut(), caller.0 == Actor::Anonymous);
    Ok(response)
}
