//! A theme: templates and the files they refer to, loaded while the server runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, escape_formatter};
use serde::Serialize;

use crate::engine::engine;
use crate::mistake::TemplateMistake;
use crate::theme_files::{SortedFiles, THEME_BYTES_MAX, THEME_FILES_MAX, ThemeFile, sort};
use crate::xml::Escaped;
use crate::{
    ArchivePage, AskPage, EntryPage, HomePage, ListKind, ListPage, NotFoundPage, SearchPage, urls,
};

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
    /// Templates have mistakes.
    #[error("the theme's templates cannot be used:\n{}", listed(.0))]
    Templates(Vec<TemplateMistake>),
}

fn listed(mistakes: &[TemplateMistake]) -> String {
    mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// A page could not be rendered.
#[derive(Debug, thiserror::Error)]
#[error("could not render the template {template}: {mistake}")]
pub struct RenderError {
    /// Which template was asked for; the mistake may be in another that it uses.
    pub template: &'static str,
    /// What is wrong, and where.
    pub mistake: TemplateMistake,
}

impl Theme {
    /// The default theme. A test tries its templates with the samples.
    pub fn embedded() -> Result<Self, ThemeError> {
        Self::untried(Vec::new())
    }

    /// A theme from the files of a folder: names with `/` between parts, and what they hold. Files that are not
    /// there are those of the default theme. Every template is tried with samples, so a mistake shows now and not
    /// to a reader.
    pub fn from_files(files: Vec<(String, Vec<u8>)>) -> Result<Self, ThemeError> {
        let theme = Self::untried(files)?;
        let mistakes = theme.mistakes_in_samples();
        if mistakes.is_empty() { Ok(theme) } else { Err(ThemeError::Templates(mistakes)) }
    }

    fn untried(files: Vec<(String, Vec<u8>)>) -> Result<Self, ThemeError> {
        let SortedFiles { templates, files } = sort(files)?;
        let files = Arc::new(files);
        let mut environment = environment(Arc::clone(&files));
        let mut mistakes = Vec::new();
        for (name, text) in templates {
            if let Err(error) = environment.add_template_owned(name.clone(), text.clone()) {
                mistakes.push(TemplateMistake::new(&name, &error, |_| Some(text.clone())));
            }
        }
        // The others are not tried then: templates that are not there would be told as mistakes of those that use them.
        if !mistakes.is_empty() {
            return Err(ThemeError::Templates(mistakes));
        }
        Ok(Self { templates: environment, files })
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

    /// A list of entries that have something in common.
    pub fn render_list(&self, kind: ListKind, page: &ListPage) -> Result<String, RenderError> {
        self.render(kind.template(), page)
    }

    /// All entries by date.
    pub fn render_archive(&self, page: &ArchivePage) -> Result<String, RenderError> {
        self.render("archive.html", page)
    }

    /// What was found.
    pub fn render_search(&self, page: &SearchPage) -> Result<String, RenderError> {
        self.render("search.html", page)
    }

    /// A question and what the site says.
    pub fn render_ask(&self, page: &AskPage) -> Result<String, RenderError> {
        self.render("ask.html", page)
    }

    /// A file that pages refer to.
    pub fn file(&self, name: &str) -> Option<&ThemeFile> {
        self.files.get(name)
    }

    fn render(&self, template: &'static str, page: &impl Serialize) -> Result<String, RenderError> {
        let found = self.templates.get_template(template);
        found.and_then(|it| it.render(Serde(page))).map_err(|error| {
            let source =
                |name: &str| Some(self.templates.get_template(name).ok()?.source().to_owned());
            RenderError { template, mistake: TemplateMistake::new(template, &error, source) }
        })
    }

    /// The mistakes that the samples show, each once: one of a layout fails every page.
    fn mistakes_in_samples(&self) -> Vec<TemplateMistake> {
        let mut mistakes = Vec::new();
        self.try_samples(&mut |rendered| {
            let mistake = rendered.err().map(|it| it.mistake);
            mistakes.extend(mistake.filter(|it| !mistakes.contains(it)));
        });
        mistakes
    }

    fn try_samples(&self, tell: &mut dyn FnMut(Result<String, RenderError>)) {
        HomePage::samples().iter().for_each(|it| tell(self.render_home(it)));
        EntryPage::samples().iter().for_each(|it| tell(self.render_entry(it)));
        for kind in [ListKind::Collection, ListKind::Term, ListKind::Author] {
            ListPage::samples(kind).iter().for_each(|it| tell(self.render_list(kind, it)));
        }
        ArchivePage::samples().iter().for_each(|it| tell(self.render_archive(it)));
        SearchPage::samples().iter().for_each(|it| tell(self.render_search(it)));
        AskPage::samples().iter().for_each(|it| tell(self.render_ask(it)));
        NotFoundPage::samples().iter().for_each(|it| tell(self.render_not_found(it)));
    }
}

fn environment(files: Arc<BTreeMap<String, ThemeFile>>) -> Environment<'static> {
    let mut environment = engine(TEMPLATE_FUEL_MAX);
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
pub(crate) fn write_value(
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
    use crate::NotFoundPage;

    fn files(name: &str, text: &str) -> Vec<(String, Vec<u8>)> {
        vec![(name.to_owned(), text.as_bytes().to_vec())]
    }

    #[test]
    fn every_template_of_the_default_theme_shows_its_samples_escaped() {
        let theme = Theme::embedded().unwrap();
        let mut pages = Vec::new();
        theme.try_samples(&mut |it| pages.push(it.unwrap()));
        assert_eq!(pages.len(), 26);
        for page in pages {
            assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
            assert_eq!(page.matches("<h1").count(), 1, "{page}");
            assert!(!page.contains("<b>bold</b>") && !page.contains("<soil>"), "{page}");
            assert!(!page.contains("none"), "an absent value is shown: {page}");
            assert!(!page.contains(" style="), "the policy lets no inline style through: {page}");
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

    #[track_caller]
    fn refused(files: Vec<(String, Vec<u8>)>) -> String {
        match Theme::from_files(files) {
            Err(error @ ThemeError::Templates(_)) => error.to_string(),
            other => panic!("{:?}", other.err()),
        }
    }

    #[test]
    fn a_mistake_in_a_template_shows_when_the_theme_is_loaded() {
        for text in [
            "{{ page.titel }}",
            "{% if %}",
            "{{ asset('no.css') }}",
            "{% for i in range(10000000) %}{{ i }}{% endfor %}",
        ] {
            assert!(refused(files("home.html", text)).contains("home.html"), "{text}");
        }
    }

    #[test]
    fn a_mistake_has_its_file_its_line_and_the_lines_around_it() {
        let text = "<p>\n{% if is_first %}\n<b>{{ site.titel }}</b>\n{% endif %}\n</p>\nend";
        insta::assert_snapshot!(refused(files("home.html", text)), @r"
        the theme's templates cannot be used:
        home.html:3: undefined value: `site.titel` is undefined
             1 | <p>
             2 | {% if is_first %}
        >    3 | <b>{{ site.titel }}</b>
             4 | {% endif %}
             5 | </p>
        ");
    }

    #[test]
    fn a_mistake_in_the_layout_is_told_once_and_names_the_layout() {
        let message = refused(files("layout.html", "<title>\n{{ page.nothing }}\n</title>"));
        assert_eq!(message.matches("layout.html:2").count(), 1, "{message}");
        assert!(message.contains(">    2 | {{ page.nothing }}"), "{message}");
    }

    #[test]
    fn every_file_with_a_mistake_is_named() {
        let both = [files("home.html", "{% if %}"), files("entry.html", "\n{{ ( }}")].concat();
        let message = refused(both);
        assert!(message.contains("home.html:1") && message.contains("entry.html:2"), "{message}");
    }

    #[test]
    fn a_file_that_browsers_would_not_know_is_refused() {
        assert!(matches!(Theme::from_files(files("a.exe", "")), Err(ThemeError::UnknownKind(_))));
    }
}
