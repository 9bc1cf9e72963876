//! Making collections, changing them and taking them away.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use smartcms_app::App;
use smartcms_app::collections::{
    CollectionError, CollectionPlan, CreateCollection, Reach, RemoveCollection, ReplaceCollection,
    create_collection, get_collection, remove_collection, replace_collection,
};
use smartcms_app::ports::DefinitionRecord;
use smartcms_domain::Problem;

use super::body::{self, CollectionBody, READ_ONLY, read_only, tag};
use crate::body::{read_document, read_optional_object};
use crate::caller::Caller;
use crate::preconditions::required_match;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};
use crate::segments::Segments;

/// `POST /api/v1/collections`: the words of a file, and `name`.
pub(super) async fn create(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    let parameters = Parameters::parse(&uri, &["dry_run"])?;
    let reach = Reach { dry_run: parameters.flag("dry_run")?, force: false };
    let mut document = read_document(&headers, body).await?;
    let Some(Value::String(name)) = document.remove("name") else {
        let message = "`name` has to be there, and be text";
        let problem = Problem::field("name", "required", message);
        let refused = HttpProblem::bad_request("request.body", message.to_owned());
        return Err(refused.with_problems(vec![problem]));
    };
    let document = Value::Object(document);
    let command = CreateCollection { name, document, reach };
    let made = create_collection(&caller.context(&app), command).await?;
    if reach.dry_run {
        return Ok(planned(&made.plan));
    }
    let mut response = answer(StatusCode::CREATED, &made.now);
    let location = format!("/api/v1/collections/{}", made.now.definition.name);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// `PUT /api/v1/collections/{name}`: the whole definition. What a `GET` answers is taken as it came.
pub(super) async fn replace(
    State(app): State<App>,
    uri: Uri,
    Segments(name): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    let reach = reach(&uri)?;
    let seen = required_match(&headers)?;
    let mut document = read_document(&headers, body).await?;
    let stored = get_collection(&caller.context(&app), &name).await?;
    refuse_other(&stored, &mut document)?;
    let document = Value::Object(document);
    let command = ReplaceCollection { name, document, seen, reach };
    let changed = replace_collection(&caller.context(&app), command).await?;
    if reach.dry_run {
        return Ok(planned(&changed.plan));
    }
    Ok(answer(StatusCode::OK, &changed.now))
}

/// `DELETE /api/v1/collections/{name}`: with its entries when it is forced.
pub(super) async fn remove(
    State(app): State<App>,
    uri: Uri,
    Segments(name): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    let reach = reach(&uri)?;
    let seen = required_match(&headers)?;
    read_optional_object(&headers, body).await?.finish()?;
    let command = RemoveCollection { name, seen, reach };
    let plan = remove_collection(&caller.context(&app), command).await?;
    if reach.dry_run {
        return Ok(planned(&plan));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn reach(uri: &Uri) -> Result<Reach, HttpProblem> {
    let parameters = Parameters::parse(uri, &["dry_run", "force"])?;
    Ok(Reach { dry_run: parameters.flag("dry_run")?, force: parameters.flag("force")? })
}

/// Takes out what cannot be changed, which has to be what it is.
fn refuse_other(
    stored: &DefinitionRecord,
    document: &mut Map<String, Value>,
) -> Result<(), HttpProblem> {
    for key in std::iter::once("name").chain(READ_ONLY) {
        let is = match key {
            "name" => json!(stored.definition.name.as_str()),
            other => read_only(stored, other),
        };
        if document.remove(key).is_some_and(|it| it != is) {
            let message = format!("`{key}` is {is} and cannot be changed");
            let problem = Problem::field(key, "read-only", message);
            return Err(CollectionError::Invalid(vec![problem]).into());
        }
    }
    Ok(())
}

fn answer(status: StatusCode, record: &DefinitionRecord) -> Response {
    let response = reply::json(status, JSON, &CollectionBody(record));
    reply::tagged(response, tag(record), false)
}

fn planned(plan: &CollectionPlan) -> Response {
    let mut response = reply::json(StatusCode::OK, JSON, &body::plan(plan));
    reply::set_caching(response.headers_mut(), false);
    response
}
