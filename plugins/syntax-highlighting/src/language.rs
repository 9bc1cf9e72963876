//! What the lexer knows of a language.

/// A text in code: how it begins and ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quote {
    pub(crate) open: &'static str,
    pub(crate) close: &'static str,
    /// Whether `\` takes the meaning from what follows it.
    pub(crate) escapes: bool,
    /// Whether it may go on in the next line. One that may not ends with its line, closed or not.
    pub(crate) many_lines: bool,
}

/// What stands behind the name of a value, and whether space has to follow: in YAML, `a:b` is one word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    pub(crate) sign: char,
    pub(crate) before_space: bool,
}

/// A language, as far as a reader sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Language {
    /// What authors write behind the fence, in small letters.
    pub(crate) names: &'static [&'static str],
    pub(crate) line_comments: &'static [&'static str],
    /// Whether a comment has to stand at the beginning of a word: `a#b` is none in a shell.
    pub(crate) comments_begin_words: bool,
    pub(crate) block_comments: &'static [(&'static str, &'static str)],
    pub(crate) quotes: &'static [Quote],
    /// Whether `'` begins a lifetime or a single character, and no text.
    pub(crate) single_characters: bool,
    /// Whether there are texts like `r#"…"#`.
    pub(crate) raw_texts: bool,
    /// Words with spaces between.
    pub(crate) keywords: &'static str,
    pub(crate) constants: &'static str,
    /// Keywords behind which a name is defined.
    pub(crate) defining: &'static str,
    /// Whether capitals are the same as small letters.
    pub(crate) any_case: bool,
    /// Signs that words may have beside letters, digits and `_`.
    pub(crate) in_words: &'static str,
    /// Signs that begin a word which is a keyword: annotations, directives.
    pub(crate) marks: &'static str,
    pub(crate) keys: Option<Key>,
    /// Whether `[…]` at the beginning of a line is a heading.
    pub(crate) sections: bool,
}

/// A text in `"`.
pub(crate) const DOUBLE: Quote = quote("\"", true, false);
/// A text in `'`.
pub(crate) const SINGLE: Quote = quote("'", true, false);
/// A text in `'` in which nothing has another meaning.
pub(crate) const LITERAL: Quote = quote("'", false, true);
/// A text in `` ` ``.
pub(crate) const BACKTICK: Quote = quote("`", true, true);

/// A text that begins and ends alike.
pub(crate) const fn quote(sign: &'static str, escapes: bool, many_lines: bool) -> Quote {
    Quote { open: sign, close: sign, escapes, many_lines }
}

/// A language in which nothing has a meaning: what others begin with.
pub(crate) const NONE: Language = Language {
    names: &[],
    line_comments: &[],
    comments_begin_words: false,
    block_comments: &[],
    quotes: &[DOUBLE, SINGLE],
    single_characters: false,
    raw_texts: false,
    keywords: "",
    constants: "",
    defining: "",
    any_case: false,
    in_words: "",
    marks: "",
    keys: None,
    sections: false,
};

/// A language that looks like C.
pub(crate) const LIKE_C: Language = Language {
    line_comments: &["//"],
    block_comments: &[("/*", "*/")],
    quotes: &[DOUBLE],
    single_characters: true,
    constants: "true false null NULL nullptr",
    defining: "class struct enum union interface namespace",
    marks: "@",
    ..NONE
};

/// A language with comments behind `#`.
pub(crate) const WITH_HASHES: Language = Language {
    line_comments: &["#"],
    comments_begin_words: true,
    constants: "true false null",
    ..NONE
};

impl Language {
    /// Whether a word is one of those in a list.
    pub(crate) fn has(&self, list: &str, word: &str) -> bool {
        list.split_ascii_whitespace()
            .any(|it| it == word || (self.any_case && it.eq_ignore_ascii_case(word)))
    }
}
