//! `GET …/{id-or-slug}/revisions` and `…/revisions/{number}`: the history of an entry.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use smartcms_app::App;
use smartcms_app::entries::{get_revision, list_revisions};
use smartcms_domain::entries::{Fields, Help, Revision, RevisionRecord};

use super::EntryPath;
use super::change::resolved;
use super::list::Page;
use crate::caller::Caller;
use crate::cursor;
use crate::preconditions::{entity_tag, has_already};
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::segments::Segments;

/// A saved state.
#[derive(Serialize)]
pub(crate) struct RevisionBody<'a> {
    revision: u64,
    change: &'static str,
    slug: &'a str,
    author: &'a str,
    message: Option<&'a str>,
    /// Which models helped to write it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    help: Vec<HelpBody<'a>>,
    at: String,
    /// Lists leave the values out.
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<&'a Fields>,
}

#[derive(Deserialize)]
pub(crate) struct RevisionPath {
    collection: String,
    key: String,
    number: String,
}

/// A suggestion of a model that was taken.
#[derive(Serialize)]
struct HelpBody<'a> {
    task: &'a str,
    model: &'a str,
    prompt: String,
    person: &'a str,
}

impl<'a> HelpBody<'a> {
    fn of(help: &'a Help) -> Self {
        let Help { task, model, person, .. } = help;
        Self { task, model, prompt: help.prompt_digest(), person }
    }
}

impl<'a> RevisionBody<'a> {
    /// Without its values.
    pub(crate) fn in_list(record: &'a RevisionRecord) -> Self {
        Self {
            revision: record.revision.number(),
            change: record.change.name(),
            slug: record.slug.as_str(),
            author: &record.author,
            message: record.message.as_deref(),
            help: record.help.iter().map(HelpBody::of).collect(),
            at: record.at.to_string(),
            fields: None,
        }
    }

    fn whole(record: &'a RevisionRecord) -> Self {
        Self { fields: Some(&record.fields), ..Self::in_list(record) }
    }
}

/// Lists saved states, the newest first.
pub(crate) async fn list(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<EntryPath>,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    let parameters = Parameters::parse(&uri, &["limit", "cursor"])?;
    let limit = parameters.limit()?;
    let read = |text: &str| text.parse().map(Revision::new).map_err(|_| cursor::malformed());
    let before = parameters.get("cursor").map(read).transpose()?;
    let change = resolved(&app, &caller, path, None).await?;
    let ctx = caller.context(&app);
    let found = list_revisions(&ctx, &change.collection, change.id, before, limit).await;
    let records = found.map_err(|it| caller.explain(it))?;
    // States count from 1: a full page that ends with the first is the last.
    let is_full = records.len() == limit as usize;
    let last = records.last().filter(|_| is_full).map(|it| it.revision);
    let body = Page {
        included: None,
        warnings: Vec::new(),
        items: records.iter().map(RevisionBody::in_list).collect(),
        next: last.filter(|it| *it > Revision::FIRST).map(|it| it.to_string()),
    };
    let mut response = reply::json(StatusCode::OK, JSON, &body);
    reply::set_caching(response.headers_mut(), false);
    Ok(response)
}

/// Reads one saved state.
pub(crate) async fn read(
    State(app): State<App>,
    uri: Uri,
    Segments(path): Segments<RevisionPath>,
    headers: HeaderMap,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let Ok(number) = path.number.parse() else {
        return Err(HttpProblem::unknown_route(uri.path()));
    };
    let path = EntryPath { collection: path.collection, key: path.key };
    let change = resolved(&app, &caller, path, None).await?;
    let ctx = caller.context(&app);
    let found = get_revision(&ctx, &change.collection, change.id, Revision::new(number)).await;
    let record = found.map_err(|it| caller.explain(it))?;
    let tag = entity_tag(record.revision);
    if has_already(&headers, &tag) {
        return Ok(reply::not_modified(tag, false));
    }
    let response = reply::json(StatusCode::OK, JSON, &RevisionBody::whole(&record));
    Ok(reply::tagged(response, tag, false))
}
