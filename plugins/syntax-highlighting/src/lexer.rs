//! Takes code apart in one pass. What it does not understand it shows plain; the code itself is never changed.

use crate::language::{Language, Quote};
use crate::pieces::{Kind, Pieces};

/// The most signs `#` around a text.
const HASHES_MAX: usize = 8;
/// The longest single character, with its escape: `'\u{10ffff}'`.
const CHARACTER_BYTES_MAX: usize = 12;

/// Code on its way through a language.
struct Lexer {
    language: &'static Language,
    /// The character before, and whether nothing but space stands before in this line.
    before: Option<char>,
    is_line_start: bool,
    /// Whether the last word defines the next one.
    defines: bool,
}

/// Adds code to what there is, with its parts marked up.
pub(crate) fn mark(language: &'static Language, code: &str, out: &mut Pieces) {
    let mut lexer = Lexer { language, before: None, is_line_start: true, defines: false };
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let (length, kind) = lexer.token(first, rest);
        // A token is never empty, whatever a language says.
        let length = length.clamp(first.len_utf8(), rest.len());
        let Some((token, after)) = rest.split_at_checked(length) else {
            out.push(rest, None);
            return;
        };
        out.push(token, kind);
        lexer.step(token);
        rest = after;
    }
}

impl Lexer {
    fn step(&mut self, token: &str) {
        self.before = token.chars().next_back();
        if !token.trim().is_empty() {
            self.is_line_start = false;
        }
        if token.ends_with('\n') {
            self.is_line_start = true;
        }
    }

    /// How long the next token is, and what it is.
    fn token(&mut self, first: char, rest: &str) -> (usize, Option<Kind>) {
        if first == '\n' {
            return (1, None);
        }
        if first.is_whitespace() {
            let end = rest.find(|c: char| c == '\n' || !c.is_whitespace());
            return (end.unwrap_or(rest.len()), None);
        }
        if let Some(length) = self.comment(rest) {
            return (length, Some(Kind::Comment));
        }
        if self.language.sections && self.is_line_start && first == '[' {
            return (line_end(rest), Some(Kind::Keyword));
        }
        if let Some(length) = self.text(first, rest) {
            let is_key = self.is_key(rest.get(length..).unwrap_or_default());
            self.defines = false;
            return (length, Some(if is_key { Kind::Definition } else { Kind::Text }));
        }
        if first.is_ascii_digit() {
            return (number_end(rest), Some(Kind::Constant));
        }
        let is_mark = self.language.marks.contains(first)
            && rest.chars().nth(1).is_some_and(|it| it.is_alphabetic());
        if is_mark || self.is_in_word(first) {
            let skipped = if is_mark { first.len_utf8() } else { 0 };
            let word = rest.get(skipped..).unwrap_or_default();
            let end = word.find(|c: char| !self.is_in_word(c)).unwrap_or(word.len());
            let word = rest.get(..skipped + end).unwrap_or(rest);
            let kind = if is_mark { Some(Kind::Keyword) } else { self.word(word, rest) };
            return (word.len(), kind);
        }
        self.defines = self.defines && !"({[;=".contains(first);
        (first.len_utf8(), None)
    }

    fn comment(&self, rest: &str) -> Option<usize> {
        let language = self.language;
        for (open, close) in language.block_comments {
            if let Some(inside) = rest.strip_prefix(open) {
                let end = inside.find(close).map(|at| open.len() + at + close.len());
                return Some(end.unwrap_or(rest.len()));
            }
        }
        let is_place =
            !language.comments_begin_words || self.before.is_none_or(char::is_whitespace);
        let begins = language.line_comments.iter().any(|it| rest.starts_with(it));
        (begins && is_place).then(|| line_end(rest))
    }

    fn text(&self, first: char, rest: &str) -> Option<usize> {
        let language = self.language;
        if language.raw_texts && first == 'r' && !self.before.is_some_and(|it| self.is_in_word(it))
        {
            let hashes =
                rest.get(1..)?.chars().take(HASHES_MAX).take_while(|it| *it == '#').count();
            if let Some(inside) = rest.get(1 + hashes..).and_then(|it| it.strip_prefix('"')) {
                let close = format!("\"{}", "#".repeat(hashes));
                let end = inside.find(&close).map(|at| 2 + hashes + at + close.len());
                return Some(end.unwrap_or(rest.len()));
            }
        }
        if language.single_characters && first == '\'' {
            return character_end(rest);
        }
        let quote = language.quotes.iter().find(|it| rest.starts_with(it.open))?;
        Some(text_end(quote, rest))
    }

    fn is_in_word(&self, c: char) -> bool {
        c.is_alphanumeric() || c == '_' || self.language.in_words.contains(c)
    }

    fn word(&mut self, word: &str, rest: &str) -> Option<Kind> {
        let language = self.language;
        let was_defined = std::mem::take(&mut self.defines);
        if self.is_key(rest.get(word.len()..).unwrap_or_default()) {
            return Some(Kind::Definition);
        }
        if language.has(language.constants, word) {
            return Some(Kind::Constant);
        }
        let is_keyword = language.has(language.keywords, word);
        if language.has(language.defining, word) {
            self.defines = true;
            return Some(Kind::Keyword);
        }
        match (is_keyword, was_defined) {
            (true, _) => {
                // `enum class Name`, `static final class Name`.
                self.defines = was_defined;
                Some(Kind::Keyword)
            }
            (false, true) => Some(Kind::Definition),
            (false, false) => None,
        }
    }

    /// Whether what stands before this is the name of a value.
    fn is_key(&self, after: &str) -> bool {
        let Some(key) = self.language.keys else { return false };
        let after = after.trim_start_matches([' ', '\t']);
        let Some(behind) = after.strip_prefix(key.sign) else { return false };
        !key.before_space || behind.is_empty() || behind.starts_with(char::is_whitespace)
    }
}

fn line_end(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

fn number_end(rest: &str) -> usize {
    let mut before = '0';
    for (at, c) in rest.char_indices() {
        let after = rest.get(at + 1..).unwrap_or_default();
        let is_part = match c {
            '.' => after.starts_with(|it: char| it.is_ascii_digit()) && before != '.',
            '+' | '-' => matches!(before, 'e' | 'E') && !rest.starts_with("0x"),
            _ => c.is_ascii_alphanumeric() || c == '_' || c == '%',
        };
        if !is_part {
            return at;
        }
        before = c;
    }
    rest.len()
}

fn text_end(quote: &Quote, rest: &str) -> usize {
    let mut at = quote.open.len();
    while let Some(c) = rest.get(at..).and_then(|it| it.chars().next()) {
        if quote.escapes && c == '\\' {
            let escaped = rest.get(at + 1..).and_then(|it| it.chars().next());
            at += 1 + escaped.map_or(0, char::len_utf8);
        } else if rest.get(at..).is_some_and(|it| it.starts_with(quote.close)) {
            return at + quote.close.len();
        } else if c == '\n' && !quote.many_lines {
            return at;
        } else {
            at += c.len_utf8();
        }
    }
    rest.len()
}

/// Where a single character ends; none where `'` begins something else, such as a lifetime.
fn character_end(rest: &str) -> Option<usize> {
    let mut inside = rest.char_indices().skip(1);
    let (_, first) = inside.next()?;
    if first != '\\' {
        let (at, close) = inside.next()?;
        return (close == '\'').then_some(at + 1);
    }
    inside.next()?;
    let near = inside.take_while(|(at, c)| *at < CHARACTER_BYTES_MAX && *c != '\n');
    near.into_iter().find(|it| it.1 == '\'').map(|(at, _)| at + 1)
}
