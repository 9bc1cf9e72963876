//! `GET /ask` and `POST /ask`, and the same below the other languages of the site: a form, and what the site says.
//!
//! Where the site answers no questions nothing is here: an entry may have the address. The form works without a script;
//! with it, the answer comes from the API as it is written. Pages are made for one reader and never kept.

use std::ops::ControlFlow;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use http_body_util::{BodyExt, Limited};
use smartcms_app::App;
use smartcms_app::ask::{
    AskError, QUESTION_CHARS_MAX, SiteAnswer, answers_questions, prepare_question, run_question,
};
use smartcms_domain::locales::Locale;
use smartcms_pages::{AskAnswer, AskPage, AskPart, NavigationLink, urls};

use super::answer::{Asked, NOT_AT_ALL, PageError, html_answer, not_found, refused};
use super::entry::entry;
use super::frame::{frame, led_in};
use super::read::reader;
use super::search::{alternates, sentence};
use crate::admin::comes_from_here;
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::security_headers;
use crate::state::AppState;
use crate::url_pairs::url_pairs;

/// The largest form, in bytes: a question at its limit, of letters that take twelve bytes each in it.
const FORM_BYTES_MAX: usize = 16 * 1024;
/// The name of the field.
const QUESTION: &str = "question";

/// What became of a question.
enum Outcome {
    /// None was asked.
    NotAsked,
    Answered(SiteAnswer),
    Refused(Refusal),
}

/// Why there is no answer, for the reader.
struct Refusal {
    status: StatusCode,
    text: String,
    header: Option<(HeaderName, HeaderValue)>,
}

/// The page in the language of the site.
pub(crate) async fn ask(State(state): State<AppState>, request: Request) -> Response {
    if !answers_questions(&state.app) {
        return match request.method().is_safe() {
            true => entry(&state, Asked::of(&request)).await,
            false => not_found(&state, request.uri()).await,
        };
    }
    let locale = state.app.site.locales.default().clone();
    ask_in(&state, request, &locale).await
}

/// The other language whose questions are asked at a path like `/de/ask`, where any are answered.
pub(crate) fn ask_language(app: &App, path: &str) -> Option<Locale> {
    let locales = &app.site.locales;
    let found = locales.iter().skip(1).find(|it| urls::ask_in(locales, it) == path).cloned();
    found.filter(|_| answers_questions(app))
}

/// The methods of the page.
pub(crate) fn may_ask(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::POST)
}

/// The page in a language: the form, and with `POST` what the site says.
pub(crate) async fn ask_in(state: &AppState, request: Request, locale: &Locale) -> Response {
    let uri = request.uri().clone();
    let (question, outcome) = match *request.method() {
        Method::POST => posted(state, request, locale).await,
        _ => (String::new(), Outcome::NotAsked),
    };
    match shown(state, locale, question, outcome).await {
        Ok(response) => response,
        Err(error) => refused(state, &uri, error).await,
    }
}

/// The question of a form, and what became of it.
async fn posted(state: &AppState, request: Request, locale: &Locale) -> (String, Outcome) {
    let (parts, body) = request.into_parts();
    let Some(question) = question(body).await else {
        return (String::new(), Outcome::Refused(Refusal::too_large()));
    };
    // Each answer costs tokens: no page of another site makes its visitors spend them unseen.
    if !comes_from_here(&parts.method, &parts.headers) {
        return (question, Outcome::Refused(Refusal::from_elsewhere()));
    }
    let caller = Caller::unknown(&parts);
    let admitted = state.api.admit_question(&caller, parts.extensions.get().copied());
    let outcome = match admitted {
        Ok(()) => answered(&state.app, &question, locale).await.map_err(HttpProblem::from),
        Err(problem) => Err(problem),
    };
    let outcome = match outcome {
        Ok(answer) => Outcome::Answered(answer),
        Err(problem) => Outcome::Refused(problem.into()),
    };
    (question, outcome)
}

async fn answered(app: &App, question: &str, locale: &Locale) -> Result<SiteAnswer, AskError> {
    let prepared = prepare_question(&reader(app), question, Some(locale.as_str())).await?;
    let mut ignore = |_: &str| ControlFlow::Continue(());
    run_question(prepared, &mut ignore).await
}

/// The question in a form, with one character more than may be asked at most: what is too long stays so, and is not shown
/// whole. `None` for a form that is no form of ours.
async fn question(body: Body) -> Option<String> {
    let bytes = Limited::new(body, FORM_BYTES_MAX).collect().await.ok()?.to_bytes();
    let pairs = url_pairs(&bytes);
    let found = pairs.into_iter().find(|(name, _)| name == QUESTION);
    let text = found.map(|(_, it)| it).unwrap_or_default();
    Some(text.chars().take(QUESTION_CHARS_MAX + 1).collect())
}

async fn shown(
    state: &AppState,
    locale: &Locale,
    question: String,
    outcome: Outcome,
) -> Result<Response, PageError> {
    let app = &state.app;
    let (answer, refusal) = match outcome {
        Outcome::NotAsked => (None, None),
        Outcome::Answered(answer) => (Some(shown_answer(answer)), None),
        Outcome::Refused(refusal) => (None, Some(refusal)),
    };
    let part = AskPart {
        language: locale.to_string(),
        direction: smartcms_pages::direction(locale),
        alternates: alternates(app, locale, |it| urls::ask_in(&app.site.locales, it)),
        question,
        problem: refusal.as_ref().map(|it| it.text.clone()),
        answer,
    };
    let site = led_in(app, frame(app, locale).await?.site, locale);
    let page = AskPage::new(site, &urls::ask_in(&app.site.locales, locale), part);
    let html = state.theme.get().render_ask(&page)?;
    let status = refusal.as_ref().map_or(StatusCode::OK, |it| it.status);
    let mut response = html_answer(status, NOT_AT_ALL, html);
    security_headers::add_to_asking(response.headers_mut());
    if let Some((name, value)) = refusal.and_then(|it| it.header) {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

fn shown_answer(answer: SiteAnswer) -> AskAnswer {
    let sources = answer.sources.into_iter();
    let sources = sources.map(|it| NavigationLink::new(it.title, it.path));
    AskAnswer { text: answer.text, sources: sources.collect(), model: answer.model }
}

impl Refusal {
    fn too_large() -> Self {
        let text = format!("A question has at most {QUESTION_CHARS_MAX} characters.");
        Self { status: StatusCode::PAYLOAD_TOO_LARGE, text, header: None }
    }

    fn from_elsewhere() -> Self {
        let text = "This question comes from a page of another site. Ask it here.".to_owned();
        Self { status: StatusCode::FORBIDDEN, text, header: None }
    }
}

impl From<HttpProblem> for Refusal {
    fn from(problem: HttpProblem) -> Self {
        let (status, text, header) = problem.for_a_page();
        Self { status, text: sentence(&text), header }
    }
}
