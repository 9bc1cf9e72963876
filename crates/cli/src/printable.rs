//! Text of strangers for a terminal: a registry or a component must not move its cursor or change its colours.

use std::borrow::Cow;

/// The text with a mark in the place of each control character but line ends and tabs.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    let is_harmful = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if is_harmful(c) { '\u{fffd}' } else { c }).collect())
}

/// The text as one word of a command that people copy into a shell: quoted, where a shell would read more in it.
pub(crate) fn shell_word(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_=:.,/@%+-".contains(c);
    match printable(text) {
        plain if !plain.is_empty() && plain.chars().all(is_plain) => plain,
        other => {
            Cow::Owned(format!("'{}'", other.replace('\n', "\u{fffd}").replace('\'', "'\\''")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{printable, shell_word};

    #[test]
    fn a_shell_reads_one_word_and_runs_nothing() {
        assert_eq!(shell_word("content:read=posts,pages"), "content:read=posts,pages");
        assert_eq!(shell_word("fs=./$(reboot):/a:ro"), "'fs=./$(reboot):/a:ro'");
        assert_eq!(shell_word("it's;\nrm"), "'it'\\''s;\u{fffd}rm'");
        assert_eq!(shell_word(""), "''");
    }

    #[test]
    fn only_what_a_terminal_obeys_is_marked() {
        assert_eq!(printable("Zoë:\n\tname"), "Zoë:\n\tname");
        assert_eq!(
            printable("\u{1b}[31mred\u{7}\r\u{9b}x"),
            "\u{fffd}[31mred\u{fffd}\u{fffd}\u{fffd}x"
        );
    }
}
