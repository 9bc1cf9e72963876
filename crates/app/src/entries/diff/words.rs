//! Text cut into words, and what stands between them.

/// The pieces of a text in order: words, blanks, and every other character for itself. Together they are the text.
pub(super) fn words(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, character) in text.char_indices() {
        let class = class(character);
        if let Some(before) = last
            && !goes_on(before, class)
        {
            pieces.extend(text.get(start..at));
            start = at;
        }
        last = Some(if class == Class::Joined { last.unwrap_or(class) } else { class });
    }
    pieces.extend(text.get(start..).filter(|it| !it.is_empty()));
    pieces
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Blank,
    /// Belongs to what stands before it.
    Joined,
    /// A word for itself: signs, and the letters of scripts that have no blanks.
    Alone,
}

fn class(character: char) -> Class {
    match character {
        // Combining marks, the joiner of emoji, variation selectors, skin tones.
        '\u{300}'..='\u{36f}'
        | '\u{200d}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{1f3fb}'..='\u{1f3ff}' => Class::Joined,
        // Thai to Khmer and everything from the radicals of Chinese on are written without blanks between words.
        '\u{e00}'..='\u{eff}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{10ffff}' => Class::Alone,
        it if it.is_alphanumeric() => Class::Word,
        it if it.is_whitespace() => Class::Blank,
        _ => Class::Alone,
    }
}

fn goes_on(before: Class, class: Class) -> bool {
    class == Class::Joined || (class == before && class != Class::Alone)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_blanks_and_signs_are_cut_apart() {
        assert_eq!(words("It's  A1, ok"), ["It", "'", "s", "  ", "A1", ",", " ", "ok"]);
        assert_eq!(words("Zu\u{308}rich 日本"), ["Zu\u{308}rich", " ", "日", "本"]);
        assert!(words("").is_empty());
    }
}
