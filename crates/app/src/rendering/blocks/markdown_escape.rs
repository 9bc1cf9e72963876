//! Text as Markdown that means nothing but the text.

/// What begins something wherever it stands.
const ANYWHERE: [char; 8] = ['\\', '`', '*', '[', ']', '<', '~', '|'];

/// Escapes what Markdown would read as more than text. `at_start`: whether the text begins a block.
pub(super) fn escape(text: &str, at_start: bool) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let next = rest.peek().copied();
        if at_start && before.is_none() && character == ' ' {
            escaped.push_str("&#32;");
        } else {
            if needs_backslash(character, before, next) {
                escaped.push('\\');
            }
            escaped.push(character);
        }
        before = Some(character);
    }
    if at_start { escape_start(escaped) } else { escaped }
}

fn needs_backslash(character: char, before: Option<char>, next: Option<char>) -> bool {
    let in_word = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
    match character {
        '_' => !(in_word(before) && in_word(next)),
        '&' => next.is_some_and(|it| it == '#' || it.is_ascii_alphabetic()),
        '!' => next.is_none_or(|it| it == '['),
        // What would become a link by itself.
        ':' => next.is_none_or(|it| it == '/'),
        '.' => before == Some('w') && next.is_some(),
        other => ANYWHERE.contains(&other),
    }
}

/// Escapes what means something only at the beginning of a line.
fn escape_start(text: String) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let at = match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => digits,
        Some(b'#' | b'>' | b'-' | b'+' | b'=') if digits == 0 => 0,
        _ => return text,
    };
    let (before, after) = text.split_at(at);
    format!("{before}\\{after}")
}

/// Text for attributes and text of raw HTML inside Markdown: no character that Markdown or HTML would read.
pub(super) fn escape_html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            it if it.is_ascii_punctuation() || it == ' ' && needs_entity(&escaped) => {
                escaped.push_str(&format!("&#{};", u32::from(it)));
            }
            it => escaped.push(it),
        }
    }
    if escaped.ends_with(' ') {
        escaped.pop();
        escaped.push_str("&#32;");
    }
    escaped
}

/// A space at the beginning, or after another.
fn needs_entity(before: &str) -> bool {
    before.is_empty() || before.ends_with([' ', ';'])
}
