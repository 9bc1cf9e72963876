//! Blocks as a text that people read and compare, and that nothing reads back.

use serde_json::Value;
use smartcms_domain::blocks::Document;

use super::to_markdown::{COMMENT_END, COMMENT_START, blocks_to_markdown};

/// What begins and ends code in Markdown.
const FENCE: &str = "```";
/// Where a block says in words what it is, the best first.
const WORDS: [&str; 5] = ["alt", "caption", "title", "label", "url"];

/// Markdown for the eye: without the backslashes that only programs need, and with a few words in the place of a block
/// that Markdown has no signs for.
pub fn blocks_to_reading(document: &Document) -> String {
    let mut is_code = false;
    let mut text = String::new();
    for line in blocks_to_markdown(document).lines() {
        if line.starts_with(FENCE) {
            is_code = !is_code;
        }
        let block = line.strip_prefix(COMMENT_START).and_then(|it| it.strip_suffix(COMMENT_END));
        match block {
            _ if is_code => text.push_str(line),
            Some(json) => text.push_str(&in_words(json)),
            None => text.push_str(&unescaped(line)),
        }
        text.push('\n');
    }
    text
}

/// `[image: A heron]`.
fn in_words(json: &str) -> String {
    let Ok(block) = serde_json::from_str::<Value>(json) else { return json.to_owned() };
    let word = |name: &str| block.get(name).and_then(Value::as_str).filter(|it| !it.is_empty());
    let kind = word("type").unwrap_or("block");
    match WORDS.into_iter().find_map(word) {
        Some(words) => format!("[{kind}: {words}]"),
        None => format!("[{kind}]"),
    }
}

fn unescaped(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let escapes = characters.peek().is_some_and(char::is_ascii_punctuation);
        if character != '\\' || !escapes {
            text.push(character);
        } else if let Some(next) = characters.next() {
            text.push(next);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use smartcms_domain::blocks::Document;

    use super::{blocks_to_reading, unescaped};

    #[test]
    fn a_block_without_signs_is_told_in_words() {
        let image = |alt: &str| {
            json!({ "id": "b1a2b3c4d5e6f", "type": "image", "alt": alt,
            "asset": "01a22492-2096-76b8-b919-56487b7e7f23" })
        };
        for (alt, expected) in [("A heron", "[image: A heron]\n"), ("", "[image]\n")] {
            let tree = json!({ "version": 1, "blocks": [image(alt)] });
            assert_eq!(blocks_to_reading(&Document::parse(&tree).unwrap()), expected);
        }
    }

    #[test]
    fn signs_that_mean_themselves_stand_alone() {
        assert_eq!(unescaped(r"Here it is\: 1\* \\ c:\a\"), r"Here it is: 1* \ c:\a\");
    }
}
