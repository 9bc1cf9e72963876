//! `POST /api/v1/content/{collection}`: a new entry.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::assist::take_suggestions;
use smartcms_app::entries::{CreateEntry, create_entry, create_entry_with_id};

use super::entry_body::changed;
use crate::body::read_object;
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::segments::Segments;

/// Stores a new draft: `{"fields": {…}, "id"?, "slug"?, "locale"?, "translation_of"?, "message"?}`.
pub(crate) async fn create(
    State(app): State<App>,
    uri: Uri,
    Segments(collection): Segments<String>,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    Parameters::refuse_all(&uri)?;
    let mut members = read_object(&headers, body).await?;
    let id = members.id("id");
    let slug = members.text("slug");
    let locale = members.text("locale");
    let translation_of = members.id("translation_of");
    let fields = members.fields("fields");
    let message = members.text("message");
    let suggestions = members.texts("suggestions").unwrap_or_default();
    if fields.is_none() {
        members.missing("fields");
    }
    members.finish()?;
    let fields = fields.unwrap_or_default();
    let command = CreateEntry { collection, locale, translation_of, slug, fields, message };
    let ctx = caller.context(&app);
    let help = take_suggestions(&ctx, &suggestions).await?;
    let ctx = ctx.with_help(&help);
    let created = match id {
        Some(id) => create_entry_with_id(&ctx, id, command).await,
        None => create_entry(&ctx, command).await,
    };
    let entry = created.map_err(|it| caller.explain(it))?;
    let mut response = changed(&app, StatusCode::CREATED, &entry);
    let location = format!("/api/v1/content/{}/{}", entry.collection, entry.id);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
