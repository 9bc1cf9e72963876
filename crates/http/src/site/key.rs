//! What makes one page of the site another: its path, and the few parameters that it looks at.

use std::borrow::Cow;

use axum::http::Uri;
use smartcms_app::ports::Listing;
use smartcms_pages::urls;

use crate::cursor;

/// The key of a page in the cache. Parameters that no page looks at are left out, so that
/// `/?utm_source=letter` is the same page as `/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageKey<'a> {
    path: &'a str,
    parameter: Option<(&'static str, &'a str)>,
}

impl<'a> PageKey<'a> {
    /// The key of an address.
    pub(crate) fn of(uri: &'a Uri) -> Self {
        let path = uri.path();
        let parameter = uri.query().and_then(|query| parameter(path, query));
        Self { path, parameter }
    }

    /// The same page without its parameter.
    pub(crate) fn plain(self) -> Self {
        Self { parameter: None, ..self }
    }

    /// The parameter's value.
    pub(crate) fn value(self) -> Option<&'a str> {
        self.parameter.map(|(_, value)| value)
    }

    /// The key as text.
    pub(crate) fn text(self) -> Cow<'a, str> {
        match self.parameter {
            None => Cow::Borrowed(self.path),
            Some((name, value)) => Cow::Owned(format!("{}?{name}={value}", self.path)),
        }
    }
}

fn parameter<'a>(path: &str, query: &'a str) -> Option<(&'static str, &'a str)> {
    let name = if path.starts_with(urls::THEME_PREFIX) { urls::VERSION } else { urls::AFTER };
    let mut pairs = query.split('&').filter_map(|it| it.split_once('='));
    let (_, value) = pairs.find(|(it, _)| *it == name)?;
    // Elsewhere nobody but our own lists knows a place: what is none is left out like everything else.
    let is_list = path == urls::HOME || path.starts_with(urls::ARCHIVE);
    let means =
        name == urls::VERSION || is_list || cursor::read(Listing::Published, value).is_some();
    means.then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::PageKey;

    #[track_caller]
    fn check(uri: &str, expected: &str) {
        assert_eq!(PageKey::of(&uri.parse().unwrap()).text(), expected);
    }

    #[test]
    fn only_parameters_that_a_page_looks_at_make_another_page() {
        check("/", "/");
        check("/?utm_source=x", "/");
        check("/?x=1&after=p1&after=p2", "/?after=p1");
        check("/posts/a?after=p1", "/posts/a");
        check("/theme/theme.css?v=12&w=3", "/theme/theme.css?v=12");
        check("/?after", "/");
    }
}
