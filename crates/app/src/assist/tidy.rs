//! What a model said, as it is suggested.

use super::task::Task;

/// The longest title, in characters.
const TITLE_CHARS_MAX: usize = 200;
/// What search engines show of a description, in characters.
const SEO_CHARS_MAX: usize = 160;
/// The longest description of an image, in characters.
const ALT_CHARS_MAX: usize = 300;

/// The text without what stands around it; on one line where the task asks for one.
pub(super) fn tidied(task: Task, said: &str) -> String {
    let text: String =
        said.chars().filter(|it| !it.is_control() || matches!(it, '\n' | '\t')).collect();
    match task {
        Task::Title => one_line(&text, TITLE_CHARS_MAX),
        Task::SeoDescription => one_line(&text, SEO_CHARS_MAX),
        Task::AltText => one_line(&text, ALT_CHARS_MAX),
        // What follows on a text may begin with the space that stands between them.
        Task::Continue => text.trim_end().to_owned(),
        _ => text.trim().to_owned(),
    }
}

/// The first line that says something, without quotation marks around it, cut at a word.
fn one_line(text: &str, chars_max: usize) -> String {
    let line = text.lines().map(str::trim).find(|it| !it.is_empty()).unwrap_or_default();
    let line = line.trim_start_matches('#').trim();
    let line = line.trim_matches(|it| matches!(it, '"' | '\u{201c}' | '\u{201d}' | '*' | '`'));
    if line.chars().count() <= chars_max {
        return line.to_owned();
    }
    let cut: String = line.chars().take(chars_max).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(before, _)| before);
    whole.trim_end_matches([',', ';', ':', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Task, tidied};

    #[test]
    fn a_title_is_one_line_without_what_models_put_around_it() {
        assert_eq!(tidied(Task::Title, "\n# \"A  fox\"\nand more"), "A  fox");
        assert_eq!(tidied(Task::Title, "\u{1b}[31mRed"), "[31mRed");
    }

    #[test]
    fn a_description_is_cut_at_a_word() {
        let text = tidied(Task::SeoDescription, &"word ".repeat(100));
        assert!(text.len() <= 160 && text.ends_with("word"), "{text}");
    }

    #[test]
    fn what_follows_keeps_the_space_before_it() {
        assert_eq!(tidied(Task::Continue, " and then\n"), " and then");
    }
}
