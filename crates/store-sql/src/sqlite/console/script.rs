//! Scripts: where a statement ends, and the statements that SQLite does not know.
//!
//! SQLite finds the end of a statement by reading it, and stops at the first word it does not know, so that
//! `CREATE FUNCTION` has to be found before.

/// A statement and where it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Located<'a> {
    /// Counted from one.
    pub(super) number: usize,
    /// The line that it begins in, counted from one.
    pub(super) line: usize,
    /// As it is written, without what ends it.
    pub(super) text: &'a str,
    pub(super) statement: Result<Statement, String>,
}

/// What a statement is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// For SQLite.
    Sql,
    /// `.init_wasm_func_table`
    MakeTable,
    /// `CREATE FUNCTION [IF NOT EXISTS] name LANGUAGE wasm AS 'text' | x'…'`
    CreateFunction { name: String, unless_there: bool, body: Vec<u8> },
    /// `DROP FUNCTION [IF EXISTS] name`
    DropFunction { name: String, if_there: bool },
}

/// Statements, one after the other.
pub(super) struct Script<'a> {
    rest: &'a str,
    line: usize,
    number: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A name or a number.
    Word,
    /// `'…'`
    Text,
    /// `x'…'`
    Blob,
    /// `"…"`, `[…]` or backticks.
    Quoted,
    /// `;`
    End,
    Other,
}

#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    kind: Kind,
    text: &'a str,
    /// Where it ends in the text that was read.
    end: usize,
}

impl<'a> Script<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.trim_start_matches('\u{feff}'), line: 1, number: 0 }
    }

    /// Goes on by so many bytes.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn located(&mut self, length: usize, statement: Result<Statement, String>) -> Located<'a> {
        self.number += 1;
        let line = self.line;
        let text = self.take(length).trim_end().trim_end_matches(';').trim_end();
        Located { number: self.number, line, text, statement }
    }

    /// A line that begins with a dot is a command, as in the shells of SQLite and libSQL.
    fn command(&mut self) -> Located<'a> {
        let length = self.rest.find('\n').unwrap_or(self.rest.len());
        let command = self.rest.get(..length).unwrap_or_default().trim().trim_end_matches(';');
        let statement = match command.trim_end() {
            ".init_wasm_func_table" => Ok(Statement::MakeTable),
            _ => Err("there is no such command; .init_wasm_func_table is the only one".to_owned()),
        };
        self.located(length, statement)
    }
}

impl<'a> Iterator for Script<'a> {
    type Item = Located<'a>;

    fn next(&mut self) -> Option<Located<'a>> {
        loop {
            let skipped = self.rest.len() - skip(self.rest).len();
            self.take(skipped);
            if self.rest.starts_with('.') {
                return Some(self.command());
            }
            let rest = self.rest;
            let (mut at, mut tokens) = (0, Vec::new());
            loop {
                match token(rest, at) {
                    Err(reason) => return Some(self.located(rest.len(), Err(reason))),
                    Ok(None) if tokens.is_empty() => return None,
                    Ok(Some(Token { kind: Kind::End, end, .. })) if tokens.is_empty() => {
                        self.take(end);
                        break;
                    }
                    Ok(Some(Token { kind: Kind::End, end, .. })) => {
                        return Some(self.located(end, recognised(&tokens)));
                    }
                    Ok(None) => return Some(self.located(rest.len(), recognised(&tokens))),
                    Ok(Some(found)) => {
                        at = found.end;
                        // Only the first ones say what a statement is.
                        if tokens.len() < 12 {
                            tokens.push(found);
                        }
                    }
                }
            }
        }
    }
}

/// The text without the spaces and comments that it begins with; an open comment goes to the end, as in SQLite.
fn skip(mut text: &str) -> &str {
    loop {
        let shorter = text.trim_start();
        let next = if let Some(comment) = shorter.strip_prefix("--") {
            comment.find('\n').and_then(|it| comment.get(it..)).unwrap_or_default()
        } else if let Some(comment) = shorter.strip_prefix("/*") {
            comment.find("*/").and_then(|it| comment.get(it + 2..)).unwrap_or_default()
        } else {
            return shorter;
        };
        text = next;
    }
}

fn token(whole: &str, at: usize) -> Result<Option<Token<'_>>, String> {
    let text = skip(whole.get(at..).unwrap_or_default());
    let begin = whole.len() - text.len();
    let Some(first) = text.chars().next() else { return Ok(None) };
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || !c.is_ascii();
    let (kind, length) = match first {
        ';' => (Kind::End, 1),
        '\'' => (Kind::Text, quoted(text, '\'')?),
        'x' | 'X' if text.get(1..).is_some_and(|it| it.starts_with('\'')) => {
            (Kind::Blob, 1 + quoted(text.get(1..).unwrap_or_default(), '\'')?)
        }
        '"' | '`' => (Kind::Quoted, quoted(text, first)?),
        '[' => (Kind::Quoted, text.find(']').map(|it| it + 1).ok_or_else(|| open('['))?),
        _ if is_word(first) => (Kind::Word, text.find(|c: char| !is_word(c)).unwrap_or(text.len())),
        _ => (Kind::Other, first.len_utf8()),
    };
    let end = begin + length;
    Ok(Some(Token { kind, text: whole.get(begin..end).unwrap_or_default(), end }))
}

/// How long a text in quotes is, with them; two in a row stand for one.
fn quoted(text: &str, quote: char) -> Result<usize, String> {
    let mut at = 1;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let found = rest.find(quote).ok_or_else(|| open(quote))?;
        at += found + 1;
        if !text.get(at..).is_some_and(|it| it.starts_with(quote)) {
            return Ok(at);
        }
        at += 1;
    }
}

fn open(quote: char) -> String {
    format!("a {quote} is opened and never closed")
}

fn recognised(tokens: &[Token<'_>]) -> Result<Statement, String> {
    let is = |at: usize, word: &str| {
        tokens.get(at).is_some_and(|it| it.kind == Kind::Word && it.text.eq_ignore_ascii_case(word))
    };
    if !is(1, "function") {
        return Ok(Statement::Sql);
    }
    if is(0, "create") {
        let unless_there = is(2, "if") && is(3, "not") && is(4, "exists");
        return created(tokens, unless_there);
    }
    if is(0, "drop") {
        let if_there = is(2, "if") && is(3, "exists");
        let begin = if if_there { 4 } else { 2 };
        return match tokens.get(begin..) {
            Some([found]) => Ok(Statement::DropFunction { name: name(*found)?, if_there }),
            _ => Err("the form is DROP FUNCTION [IF EXISTS] name".to_owned()),
        };
    }
    Ok(Statement::Sql)
}

fn created(tokens: &[Token<'_>], unless_there: bool) -> Result<Statement, String> {
    let begin = if unless_there { 5 } else { 2 };
    let form = || {
        "the form is CREATE FUNCTION [IF NOT EXISTS] name LANGUAGE wasm AS 'text of a module' or x'module in hexadecimal'"
            .to_owned()
    };
    let Some([found, language, wasm, begins, body]) = tokens.get(begin..) else {
        return Err(form());
    };
    let said = |token: &Token<'_>, word: &str| token.text.eq_ignore_ascii_case(word);
    if !said(language, "language") || !said(begins, "as") {
        return Err(form());
    }
    if !["wasm", "'wasm'", "\"wasm\""].iter().any(|it| said(wasm, it)) {
        return Err(format!("the language {} is not known; wasm is the only one", wasm.text));
    }
    let body = match body.kind {
        Kind::Text => inside(body.text, '\'').into_bytes(),
        Kind::Blob => hexadecimal(body.text.get(1..).unwrap_or_default())?,
        _ => return Err(form()),
    };
    Ok(Statement::CreateFunction { name: name(*found)?, unless_there, body })
}

fn name(token: Token<'_>) -> Result<String, String> {
    let name = match (token.kind, token.text.chars().next()) {
        (Kind::Word, _) => token.text.to_owned(),
        (Kind::Quoted, Some('[')) => token.text.trim_matches(['[', ']']).to_owned(),
        (Kind::Quoted | Kind::Text, Some(quote)) => inside(token.text, quote),
        _ => return Err(format!("`{}` is no name of a function", token.text)),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
        return Err(format!(
            "`{name}` is no name of a function: at most 64 letters, digits and _ are"
        ));
    }
    Ok(name)
}

/// What stands between quotes.
fn inside(text: &str, quote: char) -> String {
    let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    inner.replace(&format!("{quote}{quote}"), &quote.to_string())
}

fn hexadecimal(quoted: &str) -> Result<Vec<u8>, String> {
    let digits = quoted.trim_matches('\'').as_bytes();
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
    bytes.ok_or_else(|| "the module is not an even number of hexadecimal digits".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Script, Statement};

    fn read(script: &str) -> Vec<(usize, &str, Result<Statement, String>)> {
        Script::new(script).map(|it| (it.line, it.text, it.statement)).collect()
    }

    #[test]
    fn statements_end_where_they_end() {
        let script = "-- first; of all\nSELECT ';', \"a;b\", [c;d], `e;f` /* ; */ ; ;\n\n SELECT 'it''s; so';SELECT 3";
        let texts: Vec<_> = read(script).into_iter().map(|(line, text, _)| (line, text)).collect();
        assert_eq!(
            texts,
            [
                (2, "SELECT ';', \"a;b\", [c;d], `e;f` /* ; */"),
                (4, "SELECT 'it''s; so'"),
                (4, "SELECT 3")
            ]
        );
        assert!(read(" ; -- nothing").is_empty());
        assert!(read("").is_empty());
    }

    #[test]
    fn functions_are_found_in_every_spelling() {
        let create = |name: &str, unless_there, body: &[u8]| {
            let (name, body) = (name.to_owned(), body.to_vec());
            Ok(Statement::CreateFunction { name, unless_there, body })
        };
        for (text, expected) in [
            ("CREATE FUNCTION f LANGUAGE wasm AS x'00fF';", create("f", false, &[0, 255])),
            (
                "create function if not exists \"f\" language WASM as '(mod''ule;)'",
                create("f", true, b"(mod'ule;)"),
            ),
            (
                "DROP FUNCTION /* it */ IF EXISTS f",
                Ok(Statement::DropFunction { name: "f".to_owned(), if_there: true }),
            ),
            (
                "drop function f;",
                Ok(Statement::DropFunction { name: "f".to_owned(), if_there: false }),
            ),
            (".init_wasm_func_table", Ok(Statement::MakeTable)),
            ("CREATE TABLE function (a)", Ok(Statement::Sql)),
        ] {
            let found = read(text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].2, expected, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_statement_is_said() {
        for (text, words) in [
            ("SELECT 'open", "never closed"),
            (".tables", "no such command"),
            ("CREATE FUNCTION f", "the form is"),
            ("CREATE FUNCTION f LANGUAGE lua AS 'x'", "the language lua"),
            ("CREATE FUNCTION f LANGUAGE wasm AS x'0'", "hexadecimal"),
            ("CREATE FUNCTION f LANGUAGE wasm AS x'zz'", "hexadecimal"),
            ("CREATE FUNCTION \"f;g\" LANGUAGE wasm AS x'00'", "no name"),
            ("DROP FUNCTION", "the form is"),
        ] {
            let found = read(text);
            let error = found[0].2.as_ref().unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
