//! The links in a field: in Markdown, in HTML, and in documents of blocks.

use serde_json::Value as Json;
use smartcms_plugin::content::{Field, Value};
use smartcms_plugin::html::{Tags, unescape};

/// A longer address is not asked for, in bytes.
const URL_BYTES_MAX: usize = 1000;
/// Keys of blocks and marks that hold an address.
const KEYS: &[&str] = &["href", "url"];

/// Every address in these fields that a reader can follow: complete ones of the web, and paths of this site.
pub(crate) fn links(fields: &[Field]) -> Vec<String> {
    let mut found = Vec::new();
    for field in fields {
        match &field.value {
            Value::Text(text) => {
                in_markdown(text, &mut found);
                in_html(text, &mut found);
            }
            Value::Json(json) => {
                if let Ok(value) = serde_json::from_str(json) {
                    in_blocks(&value, &mut found);
                }
            }
            _ => {}
        }
    }
    found
}

fn in_markdown(text: &str, found: &mut Vec<String>) {
    // `[text](address "title")`, `[name]: address`, `<address>`; what stands in code is found too, and does no harm.
    for (start, end) in [("](", [')', ' ']), ("]: ", ['\n', ' ']), ("<http", ['>', ' '])] {
        for (at, _) in text.match_indices(start) {
            let from = if start == "<http" { at + 1 } else { at + start.len() };
            let rest = text.get(from..).unwrap_or_default();
            let rest = rest.strip_prefix('<').unwrap_or(rest);
            let mut depth = 0_usize;
            let length = rest.find(|c: char| {
                // Brackets in an address come in pairs.
                if end.contains(&')') && c == '(' {
                    depth += 1;
                }
                let is_inner = c == ')' && depth > 0;
                if is_inner {
                    depth -= 1;
                }
                !is_inner && (end.contains(&c) || c.is_whitespace() || c == '>')
            });
            add(rest.get(..length.unwrap_or(rest.len())).unwrap_or_default(), found);
        }
    }
}

fn in_html(text: &str, found: &mut Vec<String>) {
    for tag in Tags::of(text).filter(|it| it.is("a")) {
        if let Some(href) = tag.attribute("href") {
            add(&unescape(href), found);
        }
    }
}

/// Documents are at most 20 deep, which the host checks; this stack is as deep as they are.
fn in_blocks(value: &Json, found: &mut Vec<String>) {
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        match value {
            Json::Array(items) => left.extend(items.iter().rev()),
            Json::Object(members) => {
                for (name, member) in members.iter().rev() {
                    match member {
                        Json::String(text) if KEYS.contains(&name.as_str()) => add(text, found),
                        Json::Array(_) | Json::Object(_) => left.push(member),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn add(address: &str, found: &mut Vec<String>) {
    let address = address.split('#').next().unwrap_or_default().trim();
    let is_web = ["http://", "https://"].iter().any(|it| {
        address
            .strip_prefix(it)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '['))
    });
    let is_path = address.starts_with('/') && !address.starts_with("//");
    if (is_web || is_path) && address.len() <= URL_BYTES_MAX && !address.contains(char::is_control)
    {
        found.push(address.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use smartcms_plugin::content::Value;
    use smartcms_plugin::fields::field;

    use super::links;

    #[track_caller]
    fn check(value: impl Into<Value>, expected: &[&str]) {
        assert_eq!(links(&[field("body", value)]), expected);
    }

    #[test]
    fn links_are_found_in_every_form_of_text() {
        check(
            "[a](https://example.com/a_(b) \"t\"), [b](</c#d>) <https://example.org/?q=1>",
            &["https://example.com/a_(b)", "/c", "https://example.org/?q=1"],
        );
        check("[a][1]\n\n[1]: http://example.com/\n[2]: /b", &["http://example.com/", "/b"]);
        check(
            "<p><a class=x href='https://example.com/?a=1&amp;b=2'>x</a></p>",
            &["https://example.com/?a=1&b=2"],
        );
        let blocks = r#"{"version":1,"blocks":[{"type":"paragraph","content":[{"type":"text","text":"href","marks":[{"type":"link","href":"/a"}]}]},{"type":"embed","url":"https://example.com/v"}]}"#;
        check(Value::Json(blocks.to_owned()), &["/a", "https://example.com/v"]);
    }

    #[test]
    fn what_nobody_can_follow_is_no_link() {
        check(
            "[a](mailto:a@example.com) [b](#c) [c](//x) [d](javascript:x) [e]() [f](https://)",
            &[],
        );
        check(format!("[a](/{})", "x".repeat(1100)).as_str(), &[]);
        check(Value::Json("{".to_owned()), &[]);
        check(3, &[]);
    }
}
