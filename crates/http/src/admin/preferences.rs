//! `GET` and `POST /admin/preferences`: the language and the zone of one person, kept in their browser.

use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use smartcms_pages::admin::{ChoiceContext, Language, PreferencesPage, Zone};

use super::answer::{self, Answer};
use super::cookies;
use super::failure::AdminError;
use super::form::Form;
use super::person::Person;
use super::visit::{Visit, is_secure};
use crate::state::AppState;

/// A year, in seconds.
const YEAR: u32 = 31_536_000;

/// Shows them.
pub(super) async fn show(State(state): State<AppState>, visit: Visit, _: Person) -> Answer {
    let languages = Language::ALL.map(|it| ChoiceContext {
        value: it.tag().to_owned(),
        label: it.own_name().to_owned(),
        selected: it == visit.language,
    });
    let zones = Zone::names().into_iter().map(|it| ChoiceContext {
        label: it.replace('_', " "),
        selected: it == visit.zone.name(),
        value: it,
    });
    let frame = visit.frame(&state, visit.say("preferences.title", &[]));
    let page = PreferencesPage { frame, languages: languages.to_vec(), zones: zones.collect() };
    answer::page(&state, &page)
}

/// Keeps them.
pub(super) async fn change(
    State(state): State<AppState>,
    mut visit: Visit,
    _: Person,
    form: Form,
) -> Result<Response, AdminError> {
    visit.language = Language::parse(form.get("language")).unwrap_or(visit.language);
    visit.zone = Zone::parse(form.get("zone")).unwrap_or(visit.zone);
    let mut response = visit.done(&state, "/admin/preferences", "preferences.saved");
    let secure = is_secure(&state);
    let values = [(cookies::LANGUAGE, visit.language.tag()), (cookies::ZONE, visit.zone.name())];
    for (name, value) in values {
        if let Some(cookie) = cookies::write(name, value, YEAR, secure) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    Ok(response)
}
