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

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn only_what_a_terminal_obeys_is_marked() {
        assert_eq!(printable("Zoë:\n\tname"), "Zoë:\n\tname");
        assert_eq!(
            printable("\u{1b}[31mred\u{7}\r\u{9b}x"),
            "\u{fffd}[31mred\u{fffd}\u{fffd}\u{fffd}x"
        );
    }
}
