//! What clients hear of the errors of operations.

use std::error::Error;

use axum::http::{HeaderValue, StatusCode, header};
use smartcms_app::ask::AskError;
use smartcms_app::assets::AssetError;
use smartcms_app::assist::AssistError;
use smartcms_app::audit::AuditError;
use smartcms_app::collections::CollectionError;
use smartcms_app::entries::ContentError;
use smartcms_app::menus::MenuError;
use smartcms_app::people::PeopleError;
use smartcms_app::ports::{HookFailure, RouteError};
use smartcms_app::redirects::RedirectError;
use smartcms_app::roles::RoleError;
use smartcms_app::shared_keys::SharedKeysError;
use smartcms_app::stories::StoryError;
use smartcms_app::tokens::TokenError;
use smartcms_app::webhooks::WebhookError;
use smartcms_app::{Fault, FaultKind};
use smartcms_domain::entries::EntryError;

use super::{HttpProblem, RETRY_AFTER_SECONDS, status_of};
use crate::rest::plan_document;

impl HttpProblem {
    /// What every error says of itself.
    fn of_fault(error: &impl Fault) -> Self {
        let mut problem =
            Self::new(status_of(error.kind()), error.code().to_owned(), error.to_string());
        problem.0.hint = error.hint();
        problem.0.problems = error.problems().to_vec();
        problem
    }

    /// What could not be answered now, and may be soon. Why is for the log alone.
    fn not_now(mut self, cause: impl Error + Send + Sync + 'static) -> Self {
        self.0.detail = "the store does not answer now; try again".to_owned();
        self.0.header = Some((header::RETRY_AFTER, RETRY_AFTER_SECONDS));
        self.0.cause = Some(Box::new(cause));
        self
    }
}

impl From<PeopleError> for HttpProblem {
    fn from(error: PeopleError) -> Self {
        if let PeopleError::TooOften { wait_seconds } = error {
            return Self::too_often(wait_seconds, error.to_string());
        }
        let mut problem = Self::of_fault(&error);
        if problem.0.status == StatusCode::SERVICE_UNAVAILABLE {
            problem = problem.with_header(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        problem.0.cause = Some(Box::new(error));
        problem
    }
}

impl From<ContentError> for HttpProblem {
    fn from(error: ContentError) -> Self {
        let mut problem = Self::of_fault(&error);
        match error {
            ContentError::Hook(HookFailure::Failed(failure)) => return Self::of_plugin(failure),
            ContentError::Hook(HookFailure::Refused { plugin, .. }) => {
                problem.0.plugin = Some(plugin.to_string());
            }
            ContentError::Rule(EntryError::Stale { stored, .. }) => {
                problem.0.revision = Some(stored.number());
            }
            ContentError::Store(source) => return problem.not_now(source),
            ContentError::Meaning(cause) => {
                problem.0.cause = Some(Box::new(cause));
                problem.0.header = Some((header::RETRY_AFTER, RETRY_AFTER_SECONDS));
            }
            _ => {}
        }
        problem
    }
}

impl From<SharedKeysError> for HttpProblem {
    fn from(error: SharedKeysError) -> Self {
        let problem = Self::of_fault(&error);
        match error {
            SharedKeysError::Store(source) => problem.not_now(source),
            _ => problem,
        }
    }
}

impl From<StoryError> for HttpProblem {
    fn from(error: StoryError) -> Self {
        let mut problem = Self::of_fault(&error);
        match error {
            StoryError::Content(error) => return error.into(),
            StoryError::Model(cause) => problem.0.cause = Some(Box::new(cause)),
            StoryError::Off | StoryError::NoNumber => {}
        }
        if problem.0.status == StatusCode::SERVICE_UNAVAILABLE {
            problem = problem.with_header(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        problem
    }
}

impl From<AssistError> for HttpProblem {
    fn from(error: AssistError) -> Self {
        let mut problem = Self::of_fault(&error);
        match error {
            AssistError::Spent { wait_seconds, .. } => {
                return Self::spent(error.code(), wait_seconds, error.to_string());
            }
            AssistError::Content(error) => return error.into(),
            AssistError::Asset(error) => return error.into(),
            AssistError::Store(source) => return problem.not_now(source),
            AssistError::Model(cause) => problem.0.cause = Some(Box::new(cause)),
            _ => {}
        }
        if problem.0.status == StatusCode::SERVICE_UNAVAILABLE {
            problem = problem.with_header(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        problem
    }
}

impl From<AskError> for HttpProblem {
    fn from(error: AskError) -> Self {
        let mut problem = Self::of_fault(&error);
        match error {
            AskError::Spent { wait_seconds } => {
                problem.0.status = StatusCode::TOO_MANY_REQUESTS;
                return problem.with_header(header::RETRY_AFTER, HeaderValue::from(wait_seconds));
            }
            AskError::Content(error) => return error.into(),
            AskError::Store(source) => return problem.not_now(source),
            AskError::Model(cause) => problem.0.cause = Some(Box::new(cause)),
            AskError::Off | AskError::NoModel | AskError::Invalid(_) => {}
        }
        if problem.0.status == StatusCode::SERVICE_UNAVAILABLE {
            problem = problem.with_header(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        problem
    }
}

impl From<MenuError> for HttpProblem {
    fn from(error: MenuError) -> Self {
        let mut problem = Self::of_fault(&error);
        match error {
            MenuError::Stale { stored, .. } => problem.0.revision = stored,
            MenuError::Store(source) => return problem.not_now(source),
            _ => {}
        }
        problem
    }
}

impl From<CollectionError> for HttpProblem {
    fn from(error: CollectionError) -> Self {
        let mut problem = Self::of_fault(&error);
        problem.0.plan = error.plans().first().map(plan_document);
        match error {
            CollectionError::Stale { stored, .. } => problem.0.revision = Some(stored.number()),
            CollectionError::Busy => {
                problem.0.header = Some((header::RETRY_AFTER, RETRY_AFTER_SECONDS));
            }
            CollectionError::Search(source) => return Self::from(source),
            CollectionError::Store(source) => return Self::from(ContentError::Store(source)),
            _ => {}
        }
        problem
    }
}

impl From<AssetError> for HttpProblem {
    fn from(error: AssetError) -> Self {
        let mut problem = Self::of_fault(&error);
        if let AssetError::Stale(stale) = &error {
            problem.0.revision = Some(stale.stored.number());
        }
        let is_later = error.kind() == FaultKind::Unavailable;
        if is_later { problem.not_now(error) } else { problem }
    }
}

/// Errors that are only what their kinds say.
macro_rules! from_fault {
    ($($error:ty),+) => {$(
        impl From<$error> for HttpProblem {
            fn from(error: $error) -> Self {
                let problem = Self::of_fault(&error);
                let is_later = error.kind() == FaultKind::Unavailable;
                if is_later { problem.not_now(error) } else { problem }
            }
        }
    )+};
}

from_fault!(AuditError, RoleError, TokenError, WebhookError, RedirectError);

impl From<RouteError> for HttpProblem {
    fn from(error: RouteError) -> Self {
        match error {
            RouteError::NoRoute => {
                Self::new(StatusCode::NOT_FOUND, "plugin.no-route", error.to_string())
                    .with_hint("`smartcms plugin list` shows the plugins and whether they are on")
            }
            RouteError::Failed(failure) => Self::of_plugin(failure),
        }
    }
}
