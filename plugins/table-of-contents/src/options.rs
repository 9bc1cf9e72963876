//! What the operator set. A setting that makes no sense is told in the log, and its default is used: readers should
//! not lose the table because of a slip.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use smartcms_plugin::{log, settings};

/// The title when none is set.
const TITLE_DEFAULT: &str = "Contents";
/// The longest title, in characters.
const TITLE_CHARACTERS_MAX: usize = 80;
/// The levels that a table may list: `h1` is the title of the page.
const LEVELS: RangeInclusive<u8> = 2..=6;

/// What the operator set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Options {
    /// The name of the table, for those who hear the page, and above it where the theme shows that.
    pub(crate) title: String,
    /// The deepest level of headings that is listed.
    pub(crate) deepest: u8,
    /// A text with fewer headings gets no table.
    pub(crate) fewest: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { title: TITLE_DEFAULT.to_owned(), deepest: 3, fewest: 2 }
    }
}

impl Options {
    /// Reads the settings.
    pub(crate) fn read() -> Self {
        let default = Self::default();
        let title: String = setting("title", default.title.clone());
        let title = title.trim();
        let title = if title.is_empty() { TITLE_DEFAULT } else { title };
        let deepest = setting("deepest", default.deepest);
        let fits = LEVELS.contains(&deepest);
        if !fits {
            log::warn(format!(
                "the setting `deepest` is {deepest}, and has to be 2 to 6; 3 is used"
            ));
        }
        Self {
            title: title.chars().take(TITLE_CHARACTERS_MAX).collect(),
            deepest: if fits { deepest } else { default.deepest },
            fewest: setting("fewest", default.fewest).max(1),
        }
    }
}

fn setting<T>(name: &str, default: T) -> T
where
    T: FromStr + Clone,
    T::Err: Display,
{
    settings::get_or(name, default.clone()).unwrap_or_else(|error| {
        log::warn(format!("{error}; its default is used"));
        default
    })
}

#[cfg(test)]
mod tests {
    use smartcms_plugin::testing;

    use super::Options;

    #[test]
    fn a_setting_that_makes_no_sense_is_told_and_left_out() {
        testing::set_setting("deepest", "9");
        testing::set_setting("fewest", "many");
        testing::set_setting("title", "  ");
        assert_eq!(Options::read(), Options::default());
        let told = testing::logged();
        assert_eq!(told.len(), 2);
        assert!(told.iter().any(|it| it.1.contains("`fewest`") && it.1.contains("many")));
    }
}
