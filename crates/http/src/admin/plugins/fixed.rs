//! Where plugins are parts of the program, which is where it is WebAssembly: whatever would change one is told so.

use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use smartcms_app::plugins::PluginAdminError;

use super::super::answer::Answer;
use super::super::failure::AdminError;
use super::super::form::{FilesOf, Form, PluginSize, form_post};
use super::super::person::Person;
use super::super::visit::Visit;
use super::told;
use crate::state::AppState;

/// What the address of another version ends with; there is no page at it.
const UPGRADE: &str = "/upgrade";

/// The routes of all that is sent from the pages about plugins.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/admin/plugins", form_post(sent_file))
        .route("/admin/plugins/{id}", form_post(sent))
        .route("/admin/plugins/{id}/upgrade", form_post(sent_file))
        .route("/admin/plugins/{id}/settings", form_post(sent))
}

async fn sent(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    uri: Uri,
    _: Form,
) -> Answer {
    refused(&state, &visit, &person, &uri)
}

/// The file is not read.
async fn sent_file(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    uri: Uri,
    _: FilesOf<PluginSize>,
) -> Answer {
    refused(&state, &visit, &person, &uri)
}

fn refused(state: &AppState, visit: &Visit, person: &Person, uri: &Uri) -> Answer {
    if !person.actor.may_manage_site() {
        return Err(AdminError::Denied);
    }
    let page = uri.path().strip_suffix(UPGRADE).unwrap_or(uri.path());
    told(state, visit, page, PluginAdminError::Fixed)
}
