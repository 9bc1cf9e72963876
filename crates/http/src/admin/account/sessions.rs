//! `GET` and `POST /admin/account/sessions`: where a person is signed in.

use axum::extract::State;
use axum::response::Response;
use smartcms_app::people::{list_sessions, revoke_other_sessions, revoke_session};
use smartcms_pages::admin::{FlashKind, SessionsPage};
use uuid::Uuid;

use super::{SESSIONS_PATH, tabs};
use crate::admin::answer::{self, Answer};
use crate::admin::failure::AdminError;
use crate::admin::form::Form;
use crate::admin::people_words::session_row;
use crate::admin::person::Person;
use crate::admin::sign_in::By;
use crate::admin::visit::Visit;
use crate::session::CurrentSession;
use crate::state::AppState;

/// Shows them.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    person: Person,
) -> Answer {
    let sessions = list_sessions(&person.context(&state.app), session.user.id).await?;
    let row = |it| session_row(&visit, it, Some(session.id));
    let page = SessionsPage {
        frame: visit.frame(&state, visit.say("nav.account", &[])),
        tabs: tabs(&visit, SESSIONS_PATH),
        rows: sessions.iter().map(row).collect(),
    };
    answer::page(&state, &page)
}

/// Ends one of them, or all others.
pub(super) async fn end(
    State(state): State<AppState>,
    visit: Visit,
    CurrentSession(session): CurrentSession,
    person: Person,
    By(client): By,
    form: Form,
) -> Result<Response, AdminError> {
    match form.action() {
        ("others", _) => {
            let ended = revoke_other_sessions(&state.app, &session, &client).await?;
            let text = visit.say("sessions.ended_others", &[("n", &ended.to_string())]);
            Ok(visit.news(&state, SESSIONS_PATH, FlashKind::Done, text))
        }
        ("end", id) => {
            let id = Uuid::try_parse(id).map_err(|_| AdminError::NotFound)?;
            revoke_session(&person.context(&state.app), session.user.id, id).await?;
            Ok(visit.done(&state, SESSIONS_PATH, "sessions.ended"))
        }
        _ => Err(AdminError::NotFound),
    }
}
