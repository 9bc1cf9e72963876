//! Forms: the only way in which the admin reads the body of a request, and only with the token of the session.

use std::marker::PhantomData;

use axum::body::Body;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, Request};
use axum::routing::MethodRouter;
use http_body_util::{BodyExt, Limited};
use serde_json::Value;

use super::failure::AdminError;
use super::visit::Visit;
use crate::body::is_over_limit;
use crate::routing::{Handles, post};
use crate::state::AppState;
use crate::url_pairs::url_pairs;

/// The largest form, in bytes: letters of other alphabets take nine bytes each in it.
pub(crate) const FORM_BYTES_MAX: usize = 12 * 1024 * 1024;
/// The most pairs of a form.
const PAIRS_MAX: usize = 20_000;
/// What a form with files may have beside them, in bytes.
const FILES_FORM_BYTES_MAX: u64 = 256 * 1024;
/// The name of the token.
const TOKEN: &str = "csrf";
/// The header in which scripts bring it.
const TOKEN_HEADER: &str = "x-csrf-token";

/// A form that belongs to the session.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form(pub(crate) Vec<(String, String)>);

/// A form with files that belongs to the session; its files are read as they come.
pub(crate) struct FilesOf<L>(Multipart, PhantomData<L>);

/// A form with files for the library.
pub(crate) type Files = FilesOf<MediaSize>;

/// How large a form with files may be.
pub(crate) trait FilesSize: Send + Sync + 'static {
    /// The most bytes of its files.
    fn bytes_max(state: &AppState) -> u64;
}

/// Files for the library.
pub(crate) struct MediaSize;

/// The file of a plugin.
pub(crate) struct PluginSize;

/// What an import brings.
pub(crate) struct TransferSize;

impl FilesSize for MediaSize {
    fn bytes_max(state: &AppState) -> u64 {
        state.app.media.settings.upload_bytes_max
    }
}

impl FilesSize for PluginSize {
    fn bytes_max(state: &AppState) -> u64 {
        state.app.plugin_files.bytes_max().unwrap_or_default()
    }
}

impl FilesSize for TransferSize {
    fn bytes_max(state: &AppState) -> u64 {
        state.app.transfers.upload_bytes_max().unwrap_or_default()
    }
}

/// What a script sends, with the token of the session in a header.
pub(crate) struct Script(pub(crate) Value);

/// What ends the arguments of a handler that a form is sent to. The arguments of handlers are tuples: of those, only
/// tuples that end with [`Form`], [`FilesOf`] or [`Script`] are this.
pub(crate) trait EndsWithForm {}

macro_rules! ends_with_form {
    ($($name:ident)*) => {
        impl<M, $($name),*> EndsWithForm for (M, $($name,)* Form) {}
        impl<M, L, $($name),*> EndsWithForm for (M, $($name,)* FilesOf<L>) {}
        impl<M, $($name),*> EndsWithForm for (M, $($name,)* Script) {}
    };
}
ends_with_form!();
ends_with_form!(A);
ends_with_form!(A B);
ends_with_form!(A B C);
ends_with_form!(A B C D);
ends_with_form!(A B C D E);

/// A route that a form is sent to. It takes no handler that reads the body without the token.
pub(super) fn form_post<H, T>(handler: H) -> MethodRouter<AppState>
where
    H: Handles<T>,
    T: EndsWithForm,
{
    post(handler)
}

impl Form {
    /// The value of a name; the last one where there are several. Empty where there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().rev().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// All values of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Whether the form has the name at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(it, _)| it == name)
    }

    /// What is to be done: the button that sent the form. The last one counts: a button of a script may add one.
    pub(crate) fn action(&self) -> (&str, &str) {
        let text = self.get("do");
        text.split_once(' ').unwrap_or((text, ""))
    }
}

impl FromRequest<AppState> for Form {
    type Rejection = AdminError;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, AdminError> {
        let expected = expected(&request)?;
        let body = Limited::new(request.into_body(), FORM_BYTES_MAX).collect().await;
        let bytes = body.map_err(|error| refused(error.as_ref()))?.to_bytes();
        let pairs = pairs(&bytes)?;
        let form = Self(pairs);
        if !same(form.get(TOKEN), &expected) {
            return Err(AdminError::WrongForm);
        }
        Ok(form)
    }
}

impl<L: FilesSize> FromRequest<AppState> for FilesOf<L> {
    type Rejection = AdminError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, AdminError> {
        let expected = expected(&request)?;
        let is_known = says_token(&request, &expected);
        let limit = usize::try_from(L::bytes_max(state).saturating_add(FILES_FORM_BYTES_MAX));
        let limit = limit.unwrap_or(usize::MAX);
        let request = request.map(|body| Body::new(Limited::new(body, limit)));
        let bad = |text: String| AdminError::BadForm(text);
        let form = Multipart::from_request(request, &()).await;
        let mut form = form.map_err(|it| bad(it.body_text()))?;
        if is_known {
            return Ok(Self(form, PhantomData));
        }
        // The token comes before everything else: nothing is stored for a form that has none.
        let first = form.next_field().await.map_err(|it| bad(it.body_text()))?;
        let first = first.filter(|it| it.name() == Some(TOKEN)).ok_or(AdminError::WrongForm)?;
        // As bytes: as text it might be in any of the world's old encodings, whose tables are large.
        let token = first.bytes().await.map_err(|it| bad(it.body_text()))?;
        if !same(&String::from_utf8_lossy(&token), &expected) {
            return Err(AdminError::WrongForm);
        }
        Ok(Self(form, PhantomData))
    }
}

impl FromRequest<AppState> for Script {
    type Rejection = AdminError;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, AdminError> {
        let expected = expected(&request)?;
        if !says_token(&request, &expected) {
            return Err(AdminError::WrongForm);
        }
        let body = Limited::new(request.into_body(), FORM_BYTES_MAX).collect().await;
        let bytes = body.map_err(|error| refused(error.as_ref()))?.to_bytes();
        let value = crate::strict_json::parse(&bytes);
        value.map(Self).map_err(|error| AdminError::BadForm(error.to_string()))
    }
}

impl<L> FilesOf<L> {
    /// The next field of the form.
    pub(crate) async fn next(&mut self) -> Result<Option<Field<'_>>, AdminError> {
        self.0.next_field().await.map_err(|error| refused(&error))
    }
}

/// Whether the token stands in a header, which no form of another site can set.
fn says_token(request: &Request, expected: &str) -> bool {
    let header = request.headers().get(TOKEN_HEADER).and_then(|it| it.to_str().ok());
    header.is_some_and(|it| same(it, expected))
}

fn expected(request: &Request) -> Result<String, AdminError> {
    let visit = request.extensions().get::<Visit>();
    let token = visit.map(Visit::form_token).unwrap_or_default();
    if token.is_empty() { Err(AdminError::WrongForm) } else { Ok(token) }
}

/// Compares in a time that tells nothing.
fn same(given: &str, expected: &str) -> bool {
    let differing = given.bytes().zip(expected.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    given.len() == expected.len() && differing == 0
}

fn pairs(bytes: &[u8]) -> Result<Vec<(String, String)>, AdminError> {
    let separators = bytes.iter().filter(|it| **it == b'&').count();
    if separators >= PAIRS_MAX {
        return Err(AdminError::BadForm(format!("the form has more than {PAIRS_MAX} values")));
    }
    Ok(url_pairs(bytes))
}

fn refused(error: &(dyn std::error::Error + 'static)) -> AdminError {
    if is_over_limit(error) {
        return AdminError::BadForm("the form is larger than may be sent".to_owned());
    }
    AdminError::BadForm("the form ended before it was complete".to_owned())
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn tokens_are_the_same_or_not() {
        assert!(same("abc", "abc"));
        assert!(!same("abd", "abc") && !same("ab", "abc") && !same("", "abc"));
    }
}
