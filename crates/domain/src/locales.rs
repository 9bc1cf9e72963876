//! Languages of content.

use std::fmt;

/// The longest tag, in bytes.
pub const LOCALE_LEN_MAX: usize = 35;
/// The most locales of one site.
pub const LOCALES_MAX: usize = 100;

/// A language tag of BCP 47: `en`, `pt-BR`, `zh-Hant-TW`; written as RFC 5646 §2.1.1 recommends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locale(String); // Invariant: checked and written in one way by `parse`.

/// Why a text or a list of locales cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocaleError {
    /// It is no tag.
    #[error("`{0}` is not a language tag like en, pt-BR or zh-Hant-TW")]
    NotATag(String),
    /// It is there twice.
    #[error("the locale {0} is there twice")]
    Twice(Locale),
    /// There are more than [`LOCALES_MAX`].
    #[error("there are {0} locales; {LOCALES_MAX} is the limit")]
    TooMany(usize),
}

impl Locale {
    /// Checks a tag: a language of two or three letters, then parts of two to eight letters and digits.
    pub fn parse(text: &str) -> Result<Self, LocaleError> {
        let wrong = || LocaleError::NotATag(text.chars().take(LOCALE_LEN_MAX).collect());
        let mut parts = text.split('-');
        let language = parts.next().unwrap_or_default();
        let is_language =
            matches!(language.len(), 2 | 3) && language.bytes().all(|it| it.is_ascii_alphabetic());
        if !is_language || text.len() > LOCALE_LEN_MAX {
            return Err(wrong());
        }
        let mut tag = language.to_ascii_lowercase();
        for part in parts {
            let fits = (2..=8).contains(&part.len());
            if !fits || !part.bytes().all(|it| it.is_ascii_alphanumeric()) {
                return Err(wrong());
            }
            tag.push('-');
            tag.push_str(&written(part));
        }
        Ok(Self(tag))
    }

    /// `en`, for samples and tests.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language alone: `pt` of `pt-BR`.
    pub fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// Whether its script runs from right to left, by its language or its script.
    pub fn is_right_to_left(&self) -> bool {
        const LANGUAGES: [&str; 10] =
            ["ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ur", "yi"];
        let script = self.0.split('-').find(|it| it.len() == 4);
        match script {
            Some(script) => matches!(script, "Arab" | "Hebr" | "Thaa" | "Syrc" | "Nkoo"),
            None => LANGUAGES.contains(&self.language()),
        }
    }

    /// The tag with its last part taken away: `zh-Hant` of `zh-Hant-TW` (RFC 4647 §3.4).
    fn broader(&self) -> Option<Self> {
        self.0.rsplit_once('-').map(|(start, _)| Self(start.to_owned()))
    }
}

/// A script is written `Hant`, a region `BR`, everything else in small letters.
fn written(part: &str) -> String {
    match part.len() {
        2 => part.to_ascii_uppercase(),
        4 if part.bytes().all(|it| it.is_ascii_alphabetic()) => {
            let (first, rest) = part.split_at(1);
            format!("{}{}", first.to_ascii_uppercase(), rest.to_ascii_lowercase())
        }
        _ => part.to_ascii_lowercase(),
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The languages of a site: one that everything falls back to, and others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locales {
    default: Locale,
    others: Vec<Locale>,
}

impl Locales {
    /// Joins the languages of a site.
    pub fn new(default: Locale, others: Vec<Locale>) -> Result<Self, LocaleError> {
        if others.len() >= LOCALES_MAX {
            return Err(LocaleError::TooMany(others.len() + 1));
        }
        let locales = Self { default, others };
        let mut sorted: Vec<&Locale> = locales.iter().collect();
        crate::sorting::sort(&mut sorted);
        match sorted.windows(2).find(|it| it.first() == it.last()).and_then(|it| it.first()) {
            Some(twice) => Err(LocaleError::Twice((*twice).clone())),
            None => Ok(locales),
        }
    }

    /// A site of one language.
    pub fn only(default: Locale) -> Self {
        Self { default, others: Vec::new() }
    }

    /// The language that content has when nobody says.
    pub fn default(&self) -> &Locale {
        &self.default
    }

    /// Every language, the default first.
    pub fn iter(&self) -> impl Iterator<Item = &Locale> {
        std::iter::once(&self.default).chain(&self.others)
    }

    /// Whether content can be in this language.
    pub fn contains(&self, locale: &Locale) -> bool {
        self.iter().any(|it| it == locale)
    }

    /// Where to look for what is not there in a language: in broader ones, then in the default one.
    /// `fr-CA` falls back to `fr`, then to the default. The language itself comes first.
    pub fn fallbacks(&self, locale: &Locale) -> Vec<Locale> {
        let broader = std::iter::successors(Some(locale.clone()), Locale::broader);
        let mut found: Vec<Locale> = broader.filter(|it| self.contains(it)).collect();
        if !found.contains(&self.default) {
            found.push(self.default.clone());
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::{Locale, LocaleError, Locales};

    fn locale(tag: &str) -> Locale {
        Locale::parse(tag).unwrap()
    }

    #[test]
    fn a_tag_is_written_in_one_way() {
        for (text, tag) in [("EN", "en"), ("pt-br", "pt-BR"), ("ZH-hant-tw", "zh-Hant-TW")] {
            assert_eq!(locale(text).as_str(), tag);
        }
        for bad in ["", "e", "english", "en_US", "en-", "en-x", "12", "en-abcdefghi", "en-ä1"] {
            assert!(Locale::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_missing_is_looked_for_in_broader_languages_then_in_the_default() {
        let locales = Locales::new(locale("en"), vec![locale("fr"), locale("fr-CA")]).unwrap();
        assert_eq!(locales.fallbacks(&locale("fr-CA")), ["fr-CA", "fr", "en"].map(locale));
        assert_eq!(locales.fallbacks(&locale("en")), [locale("en")]);
        assert_eq!(locales.fallbacks(&locale("de")), [locale("en")]);
        let twice = Locales::new(locale("en"), vec![locale("EN")]);
        assert_eq!(twice, Err(LocaleError::Twice(locale("en"))));
    }

    #[test]
    fn the_direction_follows_the_script() {
        assert!(locale("ar").is_right_to_left());
        assert!(locale("uz-Arab").is_right_to_left());
        assert!(!locale("az-Latn").is_right_to_left());
        assert!(!locale("en").is_right_to_left());
    }
}
