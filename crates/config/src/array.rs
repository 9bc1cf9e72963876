//! An array of texts as TOML writes it, for builds that read no TOML: the parser of the whole language is larger than what is
//! left to read there.

/// The texts of an array such as `["a", 'b']`; `None` for what is none.
pub(crate) fn texts_of(text: &str) -> Option<Vec<String>> {
    let mut rest = text.trim_start().strip_prefix('[')?.trim_start();
    let mut texts = Vec::new();
    loop {
        if let Some(after) = rest.strip_prefix(']') {
            return after.trim().is_empty().then_some(texts);
        }
        let (text, after) = text_at(rest)?;
        texts.push(text);
        rest = after.trim_start();
        match rest.strip_prefix(',') {
            Some(after) => rest = after.trim_start(),
            None if rest.starts_with(']') => {}
            None => return None,
        }
    }
}

/// The text in quotes that begins here, and what comes after it.
fn text_at(rest: &str) -> Option<(String, &str)> {
    if let Some(inside) = rest.strip_prefix('\'') {
        let (text, after) = inside.split_once('\'')?;
        return Some((text.to_owned(), after));
    }
    let mut is_escaped = false;
    let ends = |(at, it): (usize, char)| {
        let ends = it == '"' && !is_escaped && at > 0;
        is_escaped = it == '\\' && !is_escaped;
        ends.then_some(at + 1)
    };
    let end = rest.starts_with('"').then(|| rest.char_indices().find_map(ends))??;
    let (quoted, after) = rest.split_at_checked(end)?;
    Some((serde_json::from_str(quoted).ok()?, after))
}

#[cfg(test)]
mod tests {
    use super::texts_of;

    #[track_caller]
    fn check(text: &str) {
        let table = toml::from_str::<toml::Table>(&format!("list = {text}"));
        let theirs = table.ok().and_then(|mut it| it.remove("list")?.try_into().ok());
        assert_eq!(texts_of(text), theirs, "{text}");
    }

    #[test]
    fn it_reads_what_toml_reads() {
        for text in [
            "[]",
            " [ ] ",
            "[\"a\"]",
            "[\"a\", 'b',]",
            "[ \"a \\\" \\\\\" , '\\' ]",
            "[\"10.0.0.1\", \"::1\"]",
            "[\n\"https://a.example\"\n]",
            "[::1]:80",
            "[1, 2]",
            "[\"a\" \"b\"]",
            "[\"a\"",
            "[\"a\"] x",
            "a, b",
            "",
            "[,]",
        ] {
            check(text);
        }
    }
}
