//! What people see in the place of a page.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use smartcms_app::assets::AssetError;
use smartcms_app::assist::AssistError;
use smartcms_app::audit::AuditError;
use smartcms_app::collections::CollectionError;
use smartcms_app::entries::ContentError;
use smartcms_app::events::EventError;
use smartcms_app::menus::MenuError;
use smartcms_app::people::PeopleError;
use smartcms_app::plugins::PluginAdminError;
use smartcms_app::redirects::RedirectError;
use smartcms_app::roles::RoleError;
use smartcms_app::tasks::TaskError;
use smartcms_app::tokens::TokenError;
use smartcms_app::transfers::TransferError;
use smartcms_app::views::ViewError;
use smartcms_app::webhooks::WebhookError;
use smartcms_app::{Fault, FaultKind};
use smartcms_pages::RenderError;
use smartcms_pages::admin::FailurePage;

use super::answer::{html, line};
use super::person::Person;
use super::visit::Visit;
use crate::state::AppState;
use smartcms_domain::with_causes;

/// Why a page is not shown, or an action was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AdminError {
    /// Nothing is at the address.
    #[error("nothing is at this address")]
    NotFound,
    /// The person may not see or do it.
    #[error("this is not allowed to the role")]
    Denied,
    /// The form is of another session, or of another site.
    #[error("the form does not belong to this session")]
    WrongForm,
    /// The form is too large or cut off.
    #[error("{0}")]
    BadForm(String),
    /// The operation did not happen.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The operation did not happen.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// No help with writing is given.
    #[error(transparent)]
    Assist(#[from] AssistError),
    /// The operation on people did not happen.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The operation on roles did not happen.
    #[error(transparent)]
    Role(#[from] RoleError),
    /// The operation on tokens did not happen.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The audit log was not read.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The operation on collections did not happen.
    #[error(transparent)]
    Collection(#[from] CollectionError),
    /// The operation on menus did not happen.
    #[error(transparent)]
    Menu(#[from] MenuError),
    /// The operation on redirects did not happen.
    #[error(transparent)]
    Redirect(#[from] RedirectError),
    /// The operation on webhooks did not happen.
    #[error(transparent)]
    Webhook(#[from] WebhookError),
    /// The operation on views did not happen.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The operation on plugins did not happen.
    #[error(transparent)]
    Plugin(#[from] PluginAdminError),
    /// The operation on tasks did not happen.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// The operation on events of plugins did not happen.
    #[error(transparent)]
    Event(#[from] EventError),
    /// Nothing was moved.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// The page could not be shown.
    #[error(transparent)]
    Render(#[from] RenderError),
}

/// An error on its way to the edge, where the frame for its page is.
#[derive(Clone)]
pub(super) struct Failed(pub(super) std::sync::Arc<AdminError>);

impl IntoResponse for AdminError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Failed(std::sync::Arc::new(self)));
        response
    }
}

impl AdminError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Denied | Self::WrongForm => StatusCode::FORBIDDEN,
            Self::BadForm(_) => StatusCode::BAD_REQUEST,
            Self::Content(error) => status_of(error.kind()),
            Self::Asset(error) => status_of(error.kind()),
            Self::Assist(error) => status_of(error.kind()),
            Self::People(error) => status_of(error.kind()),
            Self::Role(error) => status_of(error.kind()),
            Self::Token(error) => status_of(error.kind()),
            Self::Audit(error) => status_of(error.kind()),
            Self::Collection(error) => status_of(error.kind()),
            Self::Menu(error) => status_of(error.kind()),
            Self::Redirect(error) => status_of(error.kind()),
            Self::Webhook(error) => status_of(error.kind()),
            Self::View(error) => status_of(error.kind()),
            Self::Plugin(error) => status_of(error.kind()),
            Self::Task(error) => status_of(error.kind()),
            Self::Event(error) => status_of(error.kind()),
            Self::Transfer(error) => status_of(error.kind()),
            Self::Render(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The key of the title, and the sentence below it.
    fn words(&self, visit: &Visit) -> (&'static str, String) {
        let say = |key: &str| visit.say(key, &[]);
        if matches!(self, Self::WrongForm) {
            return ("failure.csrf", say("failure.csrf_text"));
        }
        match self.status() {
            StatusCode::NOT_FOUND => ("failure.not_found", say("failure.not_found_text")),
            StatusCode::FORBIDDEN => ("failure.denied", say("failure.denied_text")),
            status if status.is_server_error() => ("failure.failed", say("failure.failed_text")),
            _ => ("failure.refused", self.to_string()),
        }
    }
}

/// The status of a fault of this kind.
pub(super) fn status_of(kind: FaultKind) -> StatusCode {
    match kind {
        FaultKind::NotFound => StatusCode::NOT_FOUND,
        FaultKind::Conflict => StatusCode::CONFLICT,
        FaultKind::Forbidden => StatusCode::FORBIDDEN,
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Limit => StatusCode::PAYLOAD_TOO_LARGE,
        FaultKind::Plugin => StatusCode::BAD_GATEWAY,
        FaultKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        FaultKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What has no page of its own.
pub(super) async fn nowhere(_: Person) -> AdminError {
    AdminError::NotFound
}

/// The page that says what happened. The log has what people cannot mend, under the reference.
pub(super) fn show(state: &AppState, visit: &Visit, error: &AdminError) -> Response {
    let status = error.status();
    let (title, text) = error.words(visit);
    let mut reference = String::new();
    if status.is_server_error() {
        reference = state.app.randomness.id(state.app.clock.now()).to_string();
        tracing::error!(%reference, cause = with_causes(error), "a page of the admin could not be shown");
    }
    if visit.by_script {
        return line(status, text);
    }
    let frame = visit.frame(state, visit.say(title, &[]));
    let page = FailurePage { frame, text, hint: String::new(), reference };
    match state.admin.render(&page) {
        Ok(text) => html(status, text),
        Err(_) => line(status, page.text),
    }
}
