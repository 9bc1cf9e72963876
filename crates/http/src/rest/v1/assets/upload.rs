//! `POST /api/v1/assets`: a new file, as the body itself or in a form. It is passed on as it comes.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use http_body_util::{BodyExt, Limited};
use smartcms_app::App;
use smartcms_app::assets::{StoredAsset, Upload, begin_upload};
use smartcms_domain::Problem;

use super::body::{AssetBody, changed};
use super::explain;
use super::parts::{NAMES, Texts, broken, text_of, unknown_field};
use crate::body::is_over_limit;
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;

/// What a form may have beside its file: boundaries and texts.
const FORM_BYTES_MAX: u64 = 256 * 1024;

/// Stores a file: 201 for a new one, 200 for one that was there.
pub(crate) async fn upload(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    caller: Caller,
    request: Request,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    let parameters = Parameters::parse(&uri, &NAMES)?;
    let texts = Texts::of_request(&parameters, &headers);
    let stored = if is_form(&headers) {
        of_form(&app, &caller, &headers, request, texts).await?
    } else {
        of_body(&app, &caller, &headers, request.into_body(), texts).await?
    };
    Ok(answer(&app, &caller, &stored))
}

fn is_form(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    value.is_some_and(|it| it.trim_start().to_ascii_lowercase().starts_with("multipart/form-data"))
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn of_body(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    mut body: Body,
    texts: Texts,
) -> Result<StoredAsset, HttpProblem> {
    let ctx = caller.context(app);
    let explained = |error| explain(caller, error);
    let mut upload = begin_upload(&ctx, announced(headers)).await.map_err(explained)?;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| incomplete())?;
        if let Ok(chunk) = frame.into_data() {
            upload.write(chunk).await.map_err(explained)?;
        }
    }
    let name = texts.name.unwrap_or_default();
    upload.finish(&name, texts.description).await.map_err(explained)
}

async fn of_form(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    request: Request,
    mut texts: Texts,
) -> Result<StoredAsset, HttpProblem> {
    let ctx = caller.context(app);
    let explained = |error| explain(caller, error);
    // A form is a little larger than its file.
    let expected = announced(headers).map(|it| it.saturating_sub(FORM_BYTES_MAX));
    let bytes_max = app.media.settings.upload_bytes_max.saturating_add(FORM_BYTES_MAX);
    let request = request.map(|body| {
        Body::new(Limited::new(body, usize::try_from(bytes_max).unwrap_or(usize::MAX)))
    });
    let mut first = Some(begin_upload(&ctx, expected).await.map_err(explained)?);
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|rejection| HttpProblem::bad_request("request.body", rejection.body_text()))?;
    let mut file: Option<Upload<'_>> = None;
    while let Some(mut field) = form.next_field().await.map_err(|it| cut(app, it))? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" => {
                let mut upload = first.take().ok_or_else(second_file)?;
                texts.name = texts.name.or_else(|| field.file_name().map(str::to_owned));
                while let Some(chunk) = field.chunk().await.map_err(|it| cut(app, it))? {
                    upload.write(chunk).await.map_err(explained)?;
                }
                file = Some(upload);
            }
            known if NAMES.contains(&known) => {
                let text = text_of(&mut field, known).await?;
                texts.set(known, text)?;
            }
            other => return Err(unknown_field(other)),
        }
    }
    let upload = file.ok_or_else(no_file)?;
    let name = texts.name.unwrap_or_default();
    upload.finish(&name, texts.description).await.map_err(explained)
}

/// A form that ended early, or was ended because it is too large.
fn cut(app: &App, error: axum::extract::multipart::MultipartError) -> HttpProblem {
    if is_over_limit(&error) {
        let bytes_max = app.media.settings.upload_bytes_max;
        let too_large = smartcms_app::assets::AssetError::TooLarge { bytes_len: None, bytes_max };
        return HttpProblem::from(too_large);
    }
    broken(error)
}

fn answer(app: &App, caller: &Caller, stored: &StoredAsset) -> Response {
    let asset = &stored.asset;
    let body = AssetBody::new(app, caller, asset, &[]).with_duplicate(stored.duplicate);
    let status = if stored.duplicate { StatusCode::OK } else { StatusCode::CREATED };
    let mut response = changed(status, asset, &body);
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/assets/{}", asset.id)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn incomplete() -> HttpProblem {
    let detail = "the body ended before it was complete".to_owned();
    HttpProblem::bad_request("request.body-incomplete", detail)
}

fn no_file() -> HttpProblem {
    let message = "the form has no field `file`";
    let problem = Problem::field("file", "required", message);
    HttpProblem::bad_request("request.body", message.to_owned()).with_problems(vec![problem])
}

fn second_file() -> HttpProblem {
    let message = "the form has more than one `file`; send one form for each";
    let problem = Problem::field("file", "twice", message);
    HttpProblem::bad_request("request.body", message.to_owned()).with_problems(vec![problem])
}
