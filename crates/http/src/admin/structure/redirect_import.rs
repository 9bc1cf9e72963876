//! `/admin/redirects/import`: many redirects at a time, from a table.

use axum::extract::State;
use axum::http::StatusCode;
use smartcms_app::Fault;
use smartcms_app::redirects::{
    IMPORT_LEN_MAX, ListRedirects, RedirectError, import_redirects, list_redirects,
};
use smartcms_domain::redirects::RedirectDraft;
use smartcms_pages::admin::{FlashKind, Mistake, RedirectImportPage};

use super::super::answer::{self, Answer};
use super::super::failure::AdminError;
use super::super::form::Files;
use super::super::person::Person;
use super::super::visit::Visit;
use super::csv::rows;
use super::mistakes::{status, whole};
use super::redirects::URL;
use crate::state::AppState;

/// The largest table, in bytes.
const TABLE_BYTES_MAX: usize = 4 << 20;
/// How many mistakes are shown.
const SHOWN: usize = 50;

/// Shows the form.
pub(in super::super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
) -> Answer {
    let asked = ListRedirects { limit: 1, ..ListRedirects::default() };
    list_redirects(&person.context(&state.app), asked).await?;
    page(&state, &visit, StatusCode::OK, String::new(), Vec::new())
}

/// Stores the redirects of a table, all or none.
pub(in super::super) async fn import(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    mut files: Files,
) -> Answer {
    let text = text_of(&mut files).await?;
    let (lines, drafts) = drafts(&text);
    if drafts.is_empty() {
        let mistake = Mistake {
            input: "text".to_owned(),
            label: visit.say("redirects.table", &[]),
            text: visit.say("redirects.table_empty", &[]),
        };
        return page(&state, &visit, StatusCode::UNPROCESSABLE_ENTITY, text, vec![mistake]);
    }
    match import_redirects(&person.context(&state.app), drafts).await {
        Ok(done) => {
            let (added, present) = (done.added.to_string(), done.present.to_string());
            let values = [("added", added.as_str()), ("present", present.as_str())];
            let news = visit.say("redirects.imported", &values);
            Ok(visit.news(&state, URL, FlashKind::Done, news))
        }
        Err(error @ (RedirectError::Denied(_) | RedirectError::Store(_))) => Err(error.into()),
        Err(error) => {
            let mistakes = mistakes(&visit, &error, &lines);
            page(&state, &visit, status(&error), text, mistakes)
        }
    }
}

fn mistakes(visit: &Visit, error: &RedirectError, lines: &[usize]) -> Vec<Mistake> {
    let mistake = |it: &smartcms_domain::Problem| {
        let place = it.field.as_deref().unwrap_or_default();
        let number = place.strip_prefix("redirects[").and_then(|it| it.split_once(']'));
        let line = number.and_then(|(it, _)| lines.get(it.parse::<usize>().ok()?));
        let text = match line {
            Some(line) => {
                let line = line.to_string();
                visit.say("redirects.line", &[("line", &line), ("text", &it.message)])
            }
            None => it.message.clone(),
        };
        Mistake { input: String::new(), label: String::new(), text }
    };
    let mistakes: Vec<Mistake> = error.problems().iter().take(SHOWN).map(mistake).collect();
    if mistakes.is_empty() { vec![whole(error)] } else { mistakes }
}

/// What was uploaded; what was pasted, where nothing was.
async fn text_of(files: &mut Files) -> Result<String, AdminError> {
    let mut pasted = String::new();
    while let Some(mut field) = files.next().await? {
        let name = field.name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        let bad = |text: String| AdminError::BadForm(text);
        while let Some(chunk) = field.chunk().await.map_err(|it| bad(it.body_text()))? {
            if bytes.len() + chunk.len() > TABLE_BYTES_MAX {
                return Err(bad(format!("the table has more than {TABLE_BYTES_MAX} bytes")));
            }
            bytes.extend_from_slice(&chunk);
        }
        let text =
            String::from_utf8(bytes).map_err(|_| bad("the table is not UTF-8".to_owned()))?;
        match name.as_str() {
            "file" if !text.trim().is_empty() => return Ok(text),
            "text" => pasted = text,
            _ => {}
        }
    }
    Ok(pasted)
}

/// The redirects of a table with the lines where they stand. A first line with the names of the columns is none.
fn drafts(text: &str) -> (Vec<usize>, Vec<RedirectDraft>) {
    let is_head = |row: &[String]| row.first().is_some_and(|it| it.eq_ignore_ascii_case("from"));
    let rows = rows(text).into_iter().filter(|(line, row)| *line > 1 || !is_head(row));
    let draft = |(line, row): (usize, Vec<String>)| {
        let value = |at: usize| row.get(at).cloned().filter(|it| !it.is_empty());
        let draft = RedirectDraft {
            from: value(0).unwrap_or_default(),
            to: value(1),
            entry: None,
            // What is no number is refused as a status that nobody knows.
            status: value(2).map(|it| it.parse().unwrap_or(0)),
        };
        (line, draft)
    };
    // One more than there may be: the operation says what the limit is.
    rows.take(IMPORT_LEN_MAX + 1).map(draft).unzip()
}

fn page(
    state: &AppState,
    visit: &Visit,
    status: StatusCode,
    text: String,
    mistakes: Vec<Mistake>,
) -> Answer {
    let (title, crumb) = (visit.say("redirects.import", &[]), visit.say("redirects.title", &[]));
    let page = RedirectImportPage {
        frame: visit.frame_below(state, title, &[(crumb.as_str(), URL)]),
        text,
        limit: IMPORT_LEN_MAX,
        mistakes,
    };
    answer::page_with(state, status, &page)
}
