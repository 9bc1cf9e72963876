//! `GET /api/v1/content/{collection}`: one page of a collection.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Serialize;
use smartcms_app::App;
use smartcms_app::entries::{ListEntries, Listed, list_entries, list_locale};
use smartcms_domain::Problem;
use smartcms_domain::actors::Actor;

use super::entry_body::{EntryBody, WithAssets};
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
    /// What the items point to, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) included: Option<Vec<T>>,
    /// What the client should know about its query.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) warnings: Vec<String>,
}

const PARAMETERS: [&str; 8] =
    ["status", "limit", "cursor", "locale", "fallback", "sort", "fields", "include"];

/// Lists entries.
pub(crate) async fn list(
    State(app): State<App>,
    uri: Uri,
    Segments(collection): Segments<String>,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    let (parameters, conditions) = Parameters::parse_list(&uri, &PARAMETERS)?;
    let selection = Selection::parse(parameters.get("status"))?;
    let listing = selection.listing();
    let limit = parameters.limit()?;
    let ctx = caller.context(&app);
    let locale = list_locale(&ctx, parameters.get("locale")).map_err(|it| caller.explain(it))?;
    let fallback = parameters.flag("fallback")?;
    if fallback && locale.is_none() {
        let message = "`fallback` needs one language in `locale`, not `*`".to_owned();
        let problem = Problem::field("fallback", "no-language", message.clone());
        let problem =
            HttpProblem::unprocessable("request.query", message).with_problems(vec![problem]);
        return Err(problem);
    }
    let sort = parameters.names("sort").unwrap_or_default();
    let shape = parameters.shape();
    // A place is good only in the list it came from.
    let order = cursor::Order::new(listing, &sort);
    let read = |text| order.read(text).ok_or_else(cursor::malformed);
    let after = parameters.get("cursor").map(read).transpose()?;
    let query = ListEntries {
        collection,
        listing,
        locale,
        fallback,
        conditions,
        sort,
        limit,
        after,
        shape,
    };
    let Listed { page, included, warnings } =
        list_entries(&ctx, query).await.map_err(|it| caller.explain(it))?;
    let entries = included.entries.as_deref();
    let page = Page {
        items: page.entries.iter().map(|it| EntryBody::new(&app, it, selection.state())).collect(),
        next: page.next.map(|it| order.write(&it)),
        included: entries.map(|it| EntryBody::of_included(&app, it)),
        warnings,
    };
    let body = WithAssets::new(&app, &caller, page, &included);
    let mut response = reply::json(StatusCode::OK, JSON, &body);
    reply::set_caching(response.headers_mut(), caller.0 == Actor::Anonymous);
    Ok(response)
}
