//! `GET /api/v1/search`: what has these words, or means something near them.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Serialize;
use smartcms_app::App;
use smartcms_app::entries::{View, list_locale};
use smartcms_app::ports::{RANKED_MAX, SearchMode, SearchPiece};
use smartcms_app::search::{Found, SearchContent, search_content};
use smartcms_domain::Problem;
use smartcms_domain::actors::Actor;

use super::entry_body::{self, EntryBody};
use super::list::Page;
use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::query::Parameters;
use crate::reply::{self, JSON};

const PARAMETERS: [&str; 7] = ["q", "mode", "collection", "locale", "status", "limit", "cursor"];

/// An entry that was found.
#[derive(Serialize)]
struct HitBody<'a> {
    entry: EntryBody<'a>,
    /// Beside others of the same search; higher is better.
    score: f64,
    /// HTML: the title, what was searched for between `<mark>` and `</mark>`.
    title: String,
    /// HTML: a part of the text, marked in the same way.
    snippet: String,
}

/// Searches entries.
pub(crate) async fn search(
    State(app): State<App>,
    uri: Uri,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    let parameters = Parameters::parse(&uri, &PARAMETERS)?;
    let text = parameters
        .get("q")
        .ok_or_else(|| refused("q", "required", "`q` has to say what to search for".to_owned()))?;
    let view = view_of(parameters.get("status"))?;
    let mode = mode_of(parameters.get("mode"))?;
    let names = parameters.get("collection").unwrap_or_default().split(',').map(str::trim);
    let collections: Vec<String> = names.filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let ctx = caller.context(&app);
    let locale = list_locale(&ctx, parameters.get("locale")).map_err(|it| caller.explain(it))?;
    let place = Place::of(&parameters);
    let after =
        parameters.get("cursor").map(|it| place.read(it).ok_or_else(malformed)).transpose()?;
    let query = SearchContent {
        text: text.to_owned(),
        mode,
        collections,
        locale,
        view,
        limit: parameters.limit()?,
        after: after.unwrap_or_default(),
    };
    let Found { hits, next } =
        search_content(&ctx, query).await.map_err(|it| caller.explain(it))?;
    let state = match view {
        View::Published => entry_body::State::Published,
        View::Newest => entry_body::State::Newest,
    };
    let items = hits.iter().map(|hit| HitBody {
        entry: EntryBody::new(&app, &hit.entry, state),
        score: hit.score,
        title: marked(&hit.title),
        snippet: marked(&hit.snippet),
    });
    let next = next.map(|it| place.write(it));
    let body =
        Page { items: items.collect(), next, warnings: Vec::new(), included: Default::default() };
    let mut response = reply::json(StatusCode::OK, JSON, &body);
    reply::set_caching(response.headers_mut(), caller.0 == Actor::Anonymous);
    Ok(response)
}

fn view_of(status: Option<&str>) -> Result<View, HttpProblem> {
    match status {
        None | Some("published") => Ok(View::Published),
        Some("any") => Ok(View::Newest),
        Some(other) => {
            let message = format!("`status` is `published` or `any`, not `{other}`");
            Err(refused("status", "unknown-status", message))
        }
    }
}

fn mode_of(mode: Option<&str>) -> Result<SearchMode, HttpProblem> {
    match mode {
        None | Some("text") => Ok(SearchMode::Text),
        Some("semantic") => Ok(SearchMode::Semantic),
        Some("hybrid") => Ok(SearchMode::Hybrid),
        Some(other) => {
            let message = format!("`mode` is `text`, `semantic` or `hybrid`, not `{other}`");
            Err(refused("mode", "unknown-mode", message))
        }
    }
}

fn refused(field: &str, code: &'static str, message: String) -> HttpProblem {
    let problem = Problem::field(field, code, message.clone());
    HttpProblem::bad_request("request.query", message).with_problems(vec![problem])
}

fn malformed() -> HttpProblem {
    let detail = "`cursor` is not a place in this search".to_owned();
    HttpProblem::unprocessable("request.cursor", detail).with_hint(
        "send the `next` of the page before, with the same search; leave it out for the first",
    )
}

/// Pieces of a text as HTML.
fn marked(pieces: &[SearchPiece]) -> String {
    let mut html = String::new();
    for piece in pieces {
        html.push_str(if piece.is_match { "<mark>" } else { "" });
        for character in piece.text.chars() {
            match character {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '"' => html.push_str("&quot;"),
                '\'' => html.push_str("&#39;"),
                other => html.push(other),
            }
        }
        html.push_str(if piece.is_match { "</mark>" } else { "" });
    }
    html
}

/// Places in what one search found; good in no other.
struct Place(u32);

impl Place {
    fn of(parameters: &Parameters) -> Self {
        // FNV-1a: places of another search are told from those of this one; nothing is protected by it.
        let mut sum = 0x811c_9dc5_u32;
        for name in ["q", "mode", "collection", "locale", "status"] {
            for byte in parameters.get(name).unwrap_or_default().bytes().chain([0xff]) {
                sum = (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193);
            }
        }
        Self(sum)
    }

    fn write(&self, after: u32) -> String {
        format!("{:08x}{after:04x}", self.0)
    }

    fn read(&self, text: &str) -> Option<u32> {
        let after = text.strip_prefix(&format!("{:08x}", self.0))?;
        let after = u32::from_str_radix(after, 16).ok().filter(|it| *it <= 2 * RANKED_MAX)?;
        (self.write(after) == text).then_some(after)
    }
}
