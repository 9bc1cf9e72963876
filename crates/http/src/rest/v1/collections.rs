//! `GET /api/v1/collections`: the types of content and their fields.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Serialize;
use smartcms_app::App;
use smartcms_domain::actors::Actor;
use smartcms_domain::collections::{CollectionDefinition, FieldDefinition, FieldName};

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
    url: Option<String>,
    listed: bool,
    title: &'a str,
    body: Option<&'a str>,
    image: Option<&'a str>,
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
    let all = app.collections.all();
    let items = all.iter().map(|it| collection(&caller.0, it)).collect();
    let body = Page { items, next: None, included: None, warnings: Vec::new() };
    let mut response = reply::json(StatusCode::OK, JSON, &body);
    reply::set_caching(response.headers_mut(), caller.0 == Actor::Anonymous);
    Ok(response)
}

fn collection<'a>(actor: &Actor, definition: &'a CollectionDefinition) -> CollectionBody<'a> {
    CollectionBody {
        name: definition.name.as_str(),
        label: &definition.label,
        label_one: &definition.label_one,
        url: definition.url.as_ref().map(ToString::to_string),
        listed: definition.listed,
        title: definition.title.as_str(),
        body: definition.body.as_ref().map(FieldName::as_str),
        image: definition.image_field().filter(|it| actor.sees(it)).map(|it| it.name.as_str()),
        fields: definition.fields.iter().filter(|it| actor.sees(it)).map(field).collect(),
    }
}

fn field(definition: &FieldDefinition) -> FieldBody<'_> {
    FieldBody {
        name: definition.name.as_str(),
        kind: definition.kind.name(),
        label: &definition.label,
        required: definition.required,
        len_max: most(definition),
        help: definition.help.as_deref(),
    }
}

fn most(definition: &FieldDefinition) -> Option<usize> {
    usize::try_from(definition.bounds.max.as_ref()?.as_u64()?).ok()
}
