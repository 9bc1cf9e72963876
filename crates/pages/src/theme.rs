//! A theme: templates and the files they refer to, loaded while the server runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::{Serde, Value};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, escape_formatter,
};
use serde::Serialize;

use crate::theme_files::{SortedFiles, THEME_BYTES_MAX, THEME_FILES_MAX, ThemeFile, sort};
use crate::xml::Escaped;
use crate::{EntryPage, HomePage, NotFoundPage, urls};

/// How much work one page may be for a template, in the engine's units: about 64 bytes or one instruction each.
pub const TEMPLATE_FUEL_MAX: u64 = 1_000_000;

/// Templates and files. Cheap to share, unchanging: another theme is another value.
pub struct Theme {
    templates: Environment<'static>,
    files: Arc<BTreeMap<String, ThemeFile>>,
}

/// Why files cannot be a theme.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// Too many files, or too large ones.
    #[error(
        "the theme has {files} files with {bytes} bytes; {THEME_FILES_MAX} files and {THEME_BYTES_MAX} bytes are the limits"
    )]
    TooLarge {
        /// How many.
        files: usize,
        /// How large together.
        bytes: usize,
    },
    /// A template is not UTF-8.
    #[error("the template {0} is not UTF-8 text")]
    NotText(String),
    /// The name of a file says nothing about what it holds.
    #[error(
        "the theme's file {0} is of no kind that a browser would be told; use one of css, svg, png, jpg, webp, avif, gif, ico, woff2, woff, ttf, txt, json, webmanifest, js"
    )]
    UnknownKind(String),
    /// A template has a mistake.
    #[error("the template {template} cannot be used")]
    Template {
        /// Which one.
        template: String,
        /// The mistake and where it is.
        #[source]
        source: Error,
    },
}

/// A page could not be rendered.
#[derive(Debug, thiserror::Error)]
#[error("could not render the template {template}")]
pub struct RenderError {
    /// Which template.
    pub template: &'static str,
    /// Why.
    #[source]
    pub source: Error,
}

impl Theme {
    /// The default theme.
    pub fn embedded() -> Result<Self, ThemeError> {
        Self::from_files(Vec::new())
    }

    /// A theme from the files of a folder: names with `/` between parts, and what they hold. Files that are not
    /// there are those of the default theme. Every template is tried with samples, so a mistake shows now and not
    /// to a reader.
    pub fn from_files(files: Vec<(String, Vec<u8>)>) -> Result<Self, ThemeError> {
        let SortedFiles { templates, files } = sort(files)?;
        let files = Arc::new(files);
        let mut environment = environment(Arc::clone(&files));
        for (name, text) in templates {
            let mistake = |source| ThemeError::Template { template: name.clone(), source };
            environment.add_template_owned(name.clone(), text).map_err(mistake)?;
        }
        let theme = Self { templates: environment, files };
        theme.try_samples().map_err(|error| ThemeError::Template {
            template: error.template.to_owned(),
            source: error.source,
        })?;
        Ok(theme)
    }

    /// The list of entries.
    pub fn render_home(&self, page: &HomePage) -> Result<String, RenderError> {
        self.render("home.html", page)
    }

    /// An entry.
    pub fn render_entry(&self, page: &EntryPage) -> Result<String, RenderError> {
        self.render("entry.html", page)
    }

    /// The answer where nothing is.
    pub fn render_not_found(&self, page: &NotFoundPage) -> Result<String, RenderError> {
        self.render("not_found.html", page)
    }

    /// A file that pages refer to.
    pub fn file(&self, name: &str) -> Option<&ThemeFile> {
        self.files.get(name)
    }

    fn render(&self, template: &'static str, page: &impl Serialize) -> Result<String, RenderError> {
        let found = self.templates.get_template(template);
        let rendered = found.and_then(|it| it.render(Serde(page)));
        rendered.map_err(|source| RenderError { template, source })
    }

    fn try_samples(&self) -> Result<(), RenderError> {
        HomePage::samples().iter().try_for_each(|it| self.render_home(it).map(drop))?;
        EntryPage::samples().iter().try_for_each(|it| self.render_entry(it).map(drop))?;
        NotFoundPage::samples().iter().try_for_each(|it| self.render_not_found(it).map(drop))
    }
}

fn environment(files: Arc<BTreeMap<String, ThemeFile>>) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(TEMPLATE_FUEL_MAX));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(write_value);
    environment.add_function("asset", move |name: &str| match files.get(name) {
        Some(file) => Ok(urls::theme_file(name, &file.version)),
        None => {
            let message = format!("the theme has no file {name}");
            Err(Error::new(ErrorKind::InvalidOperation, message))
        }
    });
    environment
}

/// Writes text escaped, but leaves `/` alone: the engine's own formatter escapes it, which makes addresses unreadable.
fn write_value(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let escapes = matches!(state.auto_escape(), AutoEscape::Html) && !value.is_safe();
    match value.as_str().filter(|_| escapes) {
        Some(text) => {
            write!(out, "{}", Escaped(text)).map_err(|_| Error::from(ErrorKind::WriteFailure))
        }
        None => escape_formatter(out, state, value),
    }
}

#[cfg(test)]
mod tests {
    use super::{Theme, ThemeError};
    use crate::{EntryPage, HomePage, NotFoundPage};

    fn files(name: &str, text: &str) -> Vec<(String, Vec<u8>)> {
        vec![(name.to_owned(), text.as_bytes().to_vec())]
    }

    #[test]
    fn every_template_of_the_default_theme_shows_its_samples_escaped() {
        let theme = Theme::embedded().unwrap();
        let mut pages = Vec::new();
        pages.extend(HomePage::samples().iter().map(|it| theme.render_home(it).unwrap()));
        pages.extend(EntryPage::samples().iter().map(|it| theme.render_entry(it).unwrap()));
        pages.extend(NotFoundPage::samples().iter().map(|it| theme.render_not_found(it).unwrap()));
        for page in pages {
            assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
            assert!(page.contains("<h1"), "{page}");
            assert!(!page.contains("<b>bold</b>") && !page.contains("<soil>"), "{page}");
            assert!(!page.contains("none"), "an absent value is shown: {page}");
            assert!(page.contains("href=\"/theme/theme.css?v="), "{page}");
        }
    }

    #[test]
    fn a_folder_replaces_files_one_by_one() {
        let theme = Theme::from_files(files("not_found.html", "gone: {{ page.path }}")).unwrap();
        let page = NotFoundPage::samples().pop().unwrap();
        assert_eq!(theme.render_not_found(&page).unwrap(), "gone: /no/such&lt;page&gt;");
        assert!(theme.file("theme.css").is_some());
    }

    #[test]
    fn a_mistake_in_a_template_shows_when_the_theme_is_loaded() {
        for text in [
            "{{ page.titel }}",
            "{% if %}",
            "{{ asset('no.css') }}",
            "{% for i in range(10000000) %}{{ i }}{% endfor %}",
        ] {
            let error = Theme::from_files(files("home.html", text)).err().unwrap();
            assert!(
                matches!(error, ThemeError::Template { ref template, .. } if template == "home.html"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_file_that_browsers_would_not_know_is_refused() {
        assert!(matches!(Theme::from_files(files("a.exe", "")), Err(ThemeError::UnknownKind(_))));
    }
}
