//! Code as text, and as HTML with its parts marked up.

use smartcms_plugin::html::escape;
use syntect::parsing::{ParseState, ScopeStack, SyntaxReference, SyntaxSet};

use crate::kinds::{Kind, Kinds};

/// A line that is longer was not written by hand: nobody reads its colours, and grammars are slow on it.
const LINE_BYTES_MAX: usize = 2000;

/// Names of languages that the grammars call otherwise.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("console", "bash"),
    ("shell-session", "bash"),
    ("golang", "go"),
    ("jsonc", "json"),
    ("json5", "json"),
    ("dockerfile", "Dockerfile"),
    ("docker", "Dockerfile"),
    ("make", "Makefile"),
    ("makefile", "Makefile"),
    ("mjs", "js"),
    ("cts", "ts"),
    ("mts", "ts"),
    ("objc", "m"),
    ("patch", "diff"),
];

/// Languages that are text and nothing else.
const PLAIN: &[&str] = &["text", "txt", "plain", "plaintext", "none"];

/// The grammars.
pub(crate) struct Markup {
    grammars: SyntaxSet,
    kinds: Kinds,
}

impl Markup {
    /// Takes up the grammars; each is read when it is needed.
    pub(crate) fn new() -> Self {
        Self { grammars: two_face::syntax::extra_newlines(), kinds: Kinds::new() }
    }

    /// The code of a language with its parts marked up; none when the language is not known or the code is nothing to
    /// look at.
    pub(crate) fn of(&self, language: &str, code: &str) -> Option<String> {
        if code.lines().any(|line| line.len() > LINE_BYTES_MAX) {
            return None;
        }
        let grammar = self.grammar(language)?;
        let mut state = ParseState::new(grammar);
        let mut stack = ScopeStack::new();
        let mut out = Pieces::default();
        for line in code.split_inclusive('\n') {
            // Grammars see lines with their end, the last one too.
            let ended = if line.ends_with('\n') { line.into() } else { format!("{line}\n") };
            let changes = state.parse_line(&ended, &self.grammars).ok()?;
            let mut from = 0;
            for (at, change) in changes {
                let at = at.min(line.len());
                out.push(line.get(from..at)?, self.kinds.of(&stack));
                stack.apply(&change).ok()?;
                from = at;
            }
            out.push(line.get(from..)?, self.kinds.of(&stack));
        }
        Some(out.finished())
    }

    fn grammar(&self, language: &str) -> Option<&SyntaxReference> {
        let language = language.to_ascii_lowercase();
        if PLAIN.contains(&language.as_str()) {
            return None;
        }
        let other = OTHER_NAMES.iter().find(|it| it.0 == language).map(|it| it.1);
        self.grammars.find_syntax_by_token(other.unwrap_or(&language))
    }
}

/// HTML that grows, with neighbours of one kind in one element.
#[derive(Default)]
struct Pieces {
    html: String,
    open: Option<Kind>,
}

impl Pieces {
    fn push(&mut self, text: &str, kind: Option<Kind>) {
        if text.is_empty() {
            return;
        }
        // Space between two pieces belongs to neither, within one it is part of it.
        let kind = if text.trim().is_empty() && self.open != kind { None } else { kind };
        if self.open != kind {
            self.close();
            if let Some(kind) = kind {
                self.html.push_str(&format!("<{}>", kind.element()));
            }
            self.open = kind;
        }
        self.html.push_str(&escape(text));
    }

    fn close(&mut self) {
        if let Some(kind) = self.open.take() {
            self.html.push_str(&format!("</{}>", kind.element()));
        }
    }

    fn finished(mut self) -> String {
        self.close();
        self.html
    }
}

#[cfg(test)]
mod tests {
    use smartcms_plugin::html::{Tags, unescape};

    use super::{LINE_BYTES_MAX, Markup};

    #[track_caller]
    fn check(language: &str, code: &str, expected: &str) {
        assert_eq!(Markup::new().of(language, code).as_deref(), Some(expected), "{language}");
    }

    #[test]
    fn parts_are_marked_up_in_many_languages() {
        check(
            "rust",
            "// Adds.\nfn add(a: u8) -> u8 { a + 1 }\n",
            "<i>// Adds.\n</i><b>fn</b> <dfn>add</dfn>(a: <b>u8</b>) -&gt; <b>u8</b> { a + <data>1</data> }\n",
        );
        check(
            "python",
            "def f():\n    return \"a<b\\n\"",
            "<b>def</b> <dfn>f</dfn>():\n    <b>return</b> <bdi>&quot;a&lt;b</bdi><data>\\n</data><bdi>&quot;</bdi>",
        );
        for (language, part) in [
            ("js", "<b>const</b>"),
            ("ts", "<b>const</b>"),
            ("go", "<b>const</b>"),
            ("c", "<b>const</b>"),
            ("PHP", "<b>const</b>"),
        ] {
            let start = if language == "PHP" { "<?php\n" } else { "" };
            let html = Markup::new().of(language, &format!("{start}const x = 1;\n")).unwrap();
            assert!(html.contains(part) && html.contains("<data>1</data>"), "{language}: {html}");
        }
        for language in [
            "toml",
            "yaml",
            "json",
            "html",
            "css",
            "bash",
            "console",
            "sql",
            "java",
            "diff",
            "dockerfile",
            "markdown",
            "kotlin",
            "swift",
            "nix",
        ] {
            assert!(Markup::new().of(language, "x\n").is_some(), "{language}");
        }
    }

    #[test]
    fn the_code_itself_is_never_changed() {
        for (language, code) in [
            ("rust", include_str!("markup.rs")),
            ("html", "<p class=\"a\">\n\t<script>let a = '</p>';</script>\n"),
            ("js", "`a ${b + `${c}`} d` // é\r\n/* never closed"),
            ("diff", "-a\n+b\n c"),
            ("python", "\"\"\"never\nclosed"),
        ] {
            let html = Markup::new().of(language, code).unwrap();
            let mut text = String::new();
            let mut from = 0;
            for tag in Tags::of(&html) {
                text.push_str(&html[from..tag.start]);
                from = tag.end;
            }
            text.push_str(&html[from..]);
            assert_eq!(unescape(&text), code);
        }
    }

    #[test]
    fn what_is_no_code_stays_plain() {
        let markup = Markup::new();
        assert_eq!(markup.of("klingon", "a"), None);
        assert_eq!(markup.of("text", "a"), None);
        assert_eq!(markup.of("rust", &"x".repeat(LINE_BYTES_MAX + 1)), None);
        assert_eq!(markup.of("rust", "").as_deref(), Some(""));
    }
}
