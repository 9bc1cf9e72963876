//! Shortcodes and tags of the generators inside Markdown.
//!
//! Those that say the same as Markdown become Markdown. Others stay as text, and are noted.

use super::flavour::Flavour;
use crate::html::attributes_of;
use crate::note::NoteKind;

/// Markdown with what could be understood replaced.
pub(super) fn replaced(
    flavour: Flavour,
    text: &str,
    notes: &mut Vec<(NoteKind, String)>,
) -> String {
    if !text.contains("{{") && !text.contains("{%") {
        return text.to_owned();
    }
    let mut replaced = String::with_capacity(text.len());
    let mut fence: Option<char> = None;
    let mut seen = Vec::new();
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let marker = ['`', '~'].into_iter().find(|it| start.starts_with(&it.to_string().repeat(3)));
        match (fence, marker) {
            (None, Some(marker)) => fence = Some(marker),
            (Some(open), Some(marker)) if open == marker => fence = None,
            (None, None) => {
                replaced.push_str(&line_of(flavour, line, &mut seen));
                continue;
            }
            _ => {}
        }
        replaced.push_str(line);
    }
    seen.sort();
    seen.dedup();
    let messages = seen.into_iter().map(|name| {
        let message = format!("the shortcode `{name}` is not known here; it stays as text");
        (NoteKind::ShortcodeKept, message)
    });
    notes.extend(messages);
    replaced
}

fn line_of(flavour: Flavour, line: &str, seen: &mut Vec<String>) -> String {
    let mut replaced = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = ["{{", "{%"].into_iter().filter_map(|it| rest.find(it)).min() {
        let (before, code) = rest.split_at(at);
        replaced.push_str(before);
        let close = if code.starts_with("{%") { "%}" } else { "}}" };
        let Some(len) = code.find(close) else {
            rest = code;
            break;
        };
        let (code, after) = code.split_at(len + close.len());
        match replacement(flavour, code) {
            Some(text) => replaced.push_str(&text),
            None => {
                seen.push(name_of(code));
                replaced.push_str(code);
            }
        }
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

/// What stands between the braces.
fn inner(code: &str) -> &str {
    let trimmed =
        code.trim_start_matches(['{', '%', '<', '-']).trim_end_matches(['}', '%', '>', '-', '/']);
    trimmed.trim()
}

fn name_of(code: &str) -> String {
    let inner = inner(code);
    let end = inner.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(inner.len());
    inner.get(..end).unwrap_or_default().trim_start_matches('/').to_owned()
}

fn replacement(flavour: Flavour, code: &str) -> Option<String> {
    let inner = inner(code);
    let (name, arguments) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let argument = |name: &str| attributes_of(arguments, name).map(str::to_owned);
    match (flavour, name) {
        (Flavour::Jekyll, "site.baseurl" | "site.url" | "raw" | "endraw") => Some(String::new()),
        (Flavour::Jekyll, "highlight") => Some(format!("```{}", arguments.split(' ').next()?)),
        (Flavour::Hugo, "highlight") => {
            let language = arguments.split(' ').next()?.trim_matches('"');
            Some(format!("```{language}"))
        }
        (Flavour::Jekyll, "endhighlight") | (Flavour::Hugo, "/highlight") => Some("```".to_owned()),
        (Flavour::Jekyll, _)
            if arguments.starts_with("| relative_url")
                || arguments.starts_with("| absolute_url") =>
        {
            Some(name.trim_matches(['"', '\'']).to_owned())
        }
        (Flavour::Hugo, "figure") => {
            let alt = argument("alt").or_else(|| argument("caption")).unwrap_or_default();
            let title = argument("caption").map(|it| format!(" \"{it}\"")).unwrap_or_default();
            Some(format!("![{alt}]({}{title})", argument("src")?))
        }
        (Flavour::Hugo, "youtube") => {
            let id = argument("id").unwrap_or_else(|| arguments.trim_matches('"').to_owned());
            Some(format!("<https://www.youtube.com/watch?v={id}>"))
        }
        (Flavour::Hugo, "vimeo") => {
            Some(format!("<https://vimeo.com/{}>", arguments.trim_matches('"')))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::flavour::Flavour;
    use super::replaced;

    #[track_caller]
    fn check(flavour: Flavour, text: &str, expected: &str, kept: usize) {
        let mut notes = Vec::new();
        assert_eq!(replaced(flavour, text, &mut notes), expected);
        assert_eq!(notes.len(), kept, "{notes:?}");
    }

    #[test]
    fn what_says_the_same_as_markdown_becomes_it() {
        check(
            Flavour::Hugo,
            "{{< figure src=\"/a.png\" alt=\"A\" >}} {{< youtube abc >}}",
            "![A](/a.png) <https://www.youtube.com/watch?v=abc>",
            0,
        );
        check(
            Flavour::Jekyll,
            "{% highlight ruby %}\nx\n{% endhighlight %}\n![a]({{ site.baseurl }}/a.png)",
            "```ruby\nx\n```\n![a](/a.png)",
            0,
        );
    }

    #[test]
    fn others_stay_and_are_noted_once() {
        check(
            Flavour::Hugo,
            "{{< chart 1 >}} {{< chart 2 >}}",
            "{{< chart 1 >}} {{< chart 2 >}}",
            1,
        );
        check(Flavour::Zola, "{{ gallery(n=1) }}", "{{ gallery(n=1) }}", 1);
        check(Flavour::Hugo, "```\n{{< x >}}\n```\n", "```\n{{< x >}}\n```\n", 0);
        check(Flavour::Hugo, "a {{ that never ends", "a {{ that never ends", 0);
    }
}
