//! `GET /api/v1/collections`: the types of content and their fields.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Serialize;
use smartcms_app::App;
use smartcms_domain::actors::Actor;
use smartcms_domain::collections::{CollectionDefinition, FieldDefinition};

use super::list::Page;
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};

#[derive(Serialize)]
struct CollectionBody<'a> {
    name: &'a str,
    label: &'a str,
    label_one: &'a str,
    url: String,
    listed: bool,
    title: &'a str,
    body: &'a str,
    fields: Vec<FieldBody<'a>>,
}

#[derive(Serialize)]
struct FieldBody<'a> {
    name: &'a str,
    kind: &'static str,
    label: &'a str,
    required: bool,
    len_max: Option<usize>,
    help: Option<&'a str>,
}

/// Lists the collections, in the order of their files. They are few: there is one page.
pub(crate) async fn list(
    State(app): State<App>,
    uri: Uri,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    Parameters::refuse_all(&uri)?;
    let body = Page { items: app.collections.iter().map(collection).collect(), next: None };
    let mut response = reply::json(StatusCode::OK, JSON, &body);
    reply::set_caching(response.headers_mut(), caller.0 == Actor::Anonymous);
    Ok(response)
}

fn collection(definition: &CollectionDefinition) -> CollectionBody<'_> {
    CollectionBody {
        name: definition.name.as_str(),
        label: &definition.label,
        label_one: &definition.label_one,
        url: definition.url.to_string(),
        listed: definition.listed,
        title: definition.title.as_str(),
        body: definition.body.as_str(),
        fields: definition.fields.iter().map(field).collect(),
    }
}

fn field(definition: &FieldDefinition) -> FieldBody<'_> {
    FieldBody {
        name: definition.name.as_str(),
        kind: definition.kind.name(),
        label: &definition.label,
        required: definition.required,
        len_max: definition.len_max,
        help: definition.help.as_deref(),
    }
}
