//! The stories of the original example system, byte for byte: plain texts in and out, and no one who asks.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use smartcms_app::App;
use smartcms_app::stories::{create_story, generate_story, retrieve_story};

use crate::body;
use crate::problem::HttpProblem;
use crate::reply;
use crate::routing::{get, post};
use crate::state::AppState;

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// The three routes.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/create", post(create))
        .route("/api/retrieve", post(retrieve))
        .route("/api/generate", get(generate).merge(post(generate)))
}

/// The first line is the title, the rest the text.
async fn create(State(app): State<App>, request: Request) -> Result<Response, HttpProblem> {
    let told = text(request).await?;
    let story = create_story(&app, &told).await?;
    Ok(answer(format!("Stored {}\n", story.title)))
}

/// The body is the title. A title has no line's end, so one behind it is not part of it.
async fn retrieve(State(app): State<App>, request: Request) -> Result<Response, HttpProblem> {
    let title = text(request).await?;
    let title = title.strip_suffix('\n').unwrap_or(&title);
    Ok(answer(match retrieve_story(&app, title).await? {
        Some(text) => format!("{text}\n"),
        None => "Story not found\n".to_owned(),
    }))
}

async fn generate(State(app): State<App>) -> Result<Response, HttpProblem> {
    let story = generate_story(&app).await?;
    Ok(answer(format!("{}\n{}\n", story.title, story.text)))
}

async fn text(request: Request) -> Result<String, HttpProblem> {
    let (parts, body) = request.into_parts();
    let bytes = body::read(&parts.headers, body).await?;
    String::from_utf8(bytes.into()).map_err(|_| {
        let detail = "the body is a text in UTF-8".to_owned();
        HttpProblem::bad_request("request.not-text", detail)
    })
}

fn answer(text: String) -> Response<Body> {
    reply::whole(StatusCode::OK, TEXT, text.into())
}
