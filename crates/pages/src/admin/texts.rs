//! The words of the admin, in the languages that it speaks. A file per language: `key = text with {name}`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::packed::{Parts, parts};

/// A language of the admin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
    /// Arabic, from right to left.
    Arabic,
}

/// The texts of one language.
#[derive(Debug)]
pub struct Texts {
    texts: BTreeMap<&'static str, &'static str>,
    editor: &'static str,
}

static ENGLISH: LazyLock<Texts> = LazyLock::new(|| Texts::read(&parts!("words-en")));
static GERMAN: LazyLock<Texts> = LazyLock::new(|| Texts::read(&parts!("words-de")));
static ARABIC: LazyLock<Texts> = LazyLock::new(|| Texts::read(&parts!("words-ar")));

impl Language {
    /// Every language, the first one for those who ask for none of them.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::Arabic];

    /// Its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Arabic => "ar",
        }
    }

    /// What it calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::Arabic => "العربية",
        }
    }

    /// `rtl` or `ltr`.
    pub fn direction(self) -> &'static str {
        if self == Self::Arabic { "rtl" } else { "ltr" }
    }

    /// The language with this tag, or with the tag before its first `-`.
    pub fn parse(tag: &str) -> Option<Self> {
        let first = tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self::ALL.into_iter().find(|it| it.tag() == first)
    }

    /// The one that a browser likes best, from its `Accept-Language`; those without a `q` come first.
    pub fn preferred(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for part in header.split(',').take(20) {
            let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
            let quality =
                rest.trim().strip_prefix("q=").map_or(1.0, |it| it.parse().unwrap_or(0.0));
            let better = best.is_none_or(|(least, _)| quality > least) && quality > 0.0;
            if let Some(language) = Self::parse(tag).filter(|_| better) {
                best = Some((quality, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

impl Texts {
    /// The texts of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
            Language::Arabic => &ARABIC,
        }
    }

    /// The text with this key.
    pub fn get(&self, key: &str) -> Option<&'static str> {
        self.texts.get(key).copied()
    }

    /// The text with this key, with these values in it; the key itself where there is none.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        filled(self.get(key).unwrap_or(key), values.iter().copied())
    }

    /// Every key.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.texts.keys().copied()
    }

    /// The words of the editor, as JSON.
    pub(super) fn editor(&self) -> &'static str {
        self.editor
    }

    fn read(parts: &Parts) -> Self {
        let lines = parts.text("words").lines().filter(|line| !line.starts_with('#'));
        let pairs = lines.filter_map(|line| line.split_once('='));
        let texts = pairs.map(|(key, text)| (key.trim(), text.trim())).collect();
        Self { texts, editor: parts.text("editor") }
    }
}

/// A text with values in the places of their names.
pub(super) fn filled<'a>(text: &str, values: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    values.fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}
