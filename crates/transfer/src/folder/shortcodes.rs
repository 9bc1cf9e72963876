//! Shortcodes and tags of the generators inside Markdown.
//!
//! Those that say the same as Markdown become Markdown. Others stay as text, and are noted.

use serde_json::{Map, Value};

use super::REFERENCE;
use super::flavour::Flavour;
use crate::html::{attributes_of, escape_attribute};
use crate::note::NoteKind;
use crate::wordpress::embedded;

/// Tags of Liquid that decide what a page shows: text with them is a program.
const LOGIC: &[&str] =
    &["for", "if", "unless", "case", "assign", "capture", "paginate", "tablerow"];

/// What was found in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Replaced {
    pub(super) text: String,
    pub(super) notes: Vec<(NoteKind, String)>,
    /// Whether the text is made by a program when the site is built.
    pub(super) is_program: bool,
}

/// What a tag may name: settings of the site and values of the page.
pub(super) struct Names<'a> {
    pub(super) site: &'a Map<String, Value>,
    pub(super) page: &'a Map<String, Value>,
}

/// Until where text is passed over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// The end of a code block of Markdown.
    Fence(char),
    /// A tag, up to which everything is meant to be read.
    Raw(&'static str),
    /// A tag, up to which everything is a program's text.
    Code(&'static str),
    /// A tag, up to which nothing is shown.
    Comment(&'static str),
}

/// Markdown with what could be understood replaced.
pub(super) fn replaced(flavour: Flavour, text: &str, names: &Names<'_>) -> Replaced {
    let mut done = Replaced::default();
    if flavour == Flavour::Plain || (!text.contains("{{") && !text.contains("{%")) {
        done.text = text.to_owned();
        return done;
    }
    let mut reader = Reader { flavour, names, seen: Vec::new(), until: None, done };
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let marker = ['`', '~'].into_iter().find(|it| start.starts_with(&it.to_string().repeat(3)));
        match (reader.until, marker) {
            (None, Some(marker)) => reader.until = Some(Until::Fence(marker)),
            (Some(Until::Fence(open)), Some(marker)) if open == marker => reader.until = None,
            (Some(Until::Fence(_)), _) => {}
            _ => {
                reader.line(line);
                continue;
            }
        }
        reader.done.text.push_str(line);
    }
    let Reader { mut seen, mut done, .. } = reader;
    seen.sort();
    seen.dedup();
    let messages = seen.into_iter().map(|name| {
        let message = format!("the shortcode `{name}` is not known here; it stays as text");
        (NoteKind::ShortcodeKept, message)
    });
    done.notes.extend(messages);
    done
}

struct Reader<'a> {
    flavour: Flavour,
    names: &'a Names<'a>,
    seen: Vec<String>,
    until: Option<Until>,
    done: Replaced,
}

impl Reader<'_> {
    fn line(&mut self, line: &str) {
        let mut rest = line;
        while !rest.is_empty() {
            rest = match self.until {
                Some(until) => self.passed_over(rest, until),
                None => self.next(rest),
            };
        }
    }

    /// Text up to the tag that ends what is passed over; what is left of the line.
    fn passed_over<'t>(&mut self, rest: &'t str, until: Until) -> &'t str {
        let (Until::Raw(name) | Until::Code(name) | Until::Comment(name)) = until else {
            self.until = None;
            return rest;
        };
        let ends = rest.match_indices("{").find_map(|(at, _)| {
            let (code, _) = code_at(rest.get(at..)?)?;
            (name_of(code) == name).then_some((at, code))
        });
        let (before, after) = match ends {
            Some((at, code)) => {
                self.until = None;
                (
                    rest.get(..at).unwrap_or_default(),
                    rest.get(at + code.len()..).unwrap_or_default(),
                )
            }
            None => (rest, ""),
        };
        if !matches!(until, Until::Comment(_)) {
            self.done.text.push_str(before);
        }
        if matches!(until, Until::Code(_)) && ends.is_some() {
            if !self.done.text.ends_with('\n') {
                self.done.text.push('\n');
            }
            self.done.text.push_str("```");
        }
        after
    }

    /// Text up to behind the next tag; what is left of the line.
    fn next<'t>(&mut self, rest: &'t str) -> &'t str {
        let Some(at) = ["{{", "{%"].into_iter().filter_map(|it| rest.find(it)).min() else {
            self.done.text.push_str(rest);
            return "";
        };
        let (before, code) = rest.split_at(at);
        self.done.text.push_str(before);
        let Some((code, after)) = code_at(code) else {
            self.done.text.push_str(code);
            return "";
        };
        let line = self.done.text.rsplit('\n').next().unwrap_or_default();
        if line.matches('`').count() % 2 == 1 {
            self.done.text.push_str(code); // In code of one line it is meant to be read.
            return after;
        }
        if self.opens(code) {
            return after;
        }
        match self.replacement(code) {
            Some(text) => self.done.text.push_str(&text),
            None => {
                let name = name_of(code);
                self.done.is_program |= self.flavour == Flavour::Jekyll
                    && code.starts_with("{%")
                    && LOGIC.contains(&name.as_str());
                self.seen.push(name);
                self.done.text.push_str(code);
            }
        }
        after
    }

    /// Whether a tag opens something that is passed over.
    fn opens(&mut self, code: &str) -> bool {
        let inner = inner(code);
        let (name, arguments) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        let language = || arguments.split_whitespace().next().unwrap_or_default().trim_matches('"');
        let is_line = self.flavour == Flavour::Hugo && code.contains("/>}}");
        self.until = match (self.flavour, name) {
            (Flavour::Jekyll, "raw") if code.starts_with("{%") => Some(Until::Raw("endraw")),
            (Flavour::Jekyll, "comment") => Some(Until::Comment("endcomment")),
            (Flavour::Jekyll, "highlight") => {
                self.done.text.push_str(&format!("```{}", language()));
                Some(Until::Code("endhighlight"))
            }
            (Flavour::Hugo, "highlight") if !is_line => {
                self.done.text.push_str(&format!("```{}", language()));
                Some(Until::Code("/highlight"))
            }
            _ => return false,
        };
        true
    }

    fn replacement(&self, code: &str) -> Option<String> {
        match self.flavour {
            Flavour::Hugo => hugo(code),
            Flavour::Zola => zola(code),
            Flavour::Jekyll => self.jekyll(code),
            Flavour::Plain => None,
        }
    }

    fn jekyll(&self, code: &str) -> Option<String> {
        let inner = inner(code);
        let (name, arguments) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        let arguments = arguments.trim();
        if code.starts_with("{%") {
            return match name {
                "post_url" | "link" => Some(format!("{REFERENCE}{}", arguments.trim_matches('"'))),
                "gist" => {
                    let gist = arguments.split_whitespace().next()?;
                    Some(format!("<https://gist.github.com/{gist}>"))
                }
                _ => None,
            };
        }
        let (value, filters) = inner.split_once('|').unwrap_or((inner, ""));
        let value = value.trim();
        let known = [
            "relative_url",
            "absolute_url",
            "escape",
            "xml_escape",
            "strip",
            "prepend: site.baseurl",
            "prepend: site.url",
            "",
        ];
        if !filters.split('|').all(|it| known.contains(&it.trim())) {
            return None;
        }
        if let Some(text) = value.strip_prefix(['"', '\'']) {
            return text.strip_suffix(['"', '\'']).map(str::to_owned);
        }
        if matches!(value, "site.baseurl" | "site.url") {
            return Some(String::new());
        }
        let text_of = |map: &Map<String, Value>, name: &str| match map.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let of_site = value.strip_prefix("site.").and_then(|it| text_of(self.names.site, it));
        of_site.or_else(|| text_of(self.names.page, value.strip_prefix("page.")?))
    }
}

/// A tag that begins here, and what follows it.
fn code_at(text: &str) -> Option<(&str, &str)> {
    let close = if text.starts_with("{%") {
        "%}"
    } else if text.starts_with("{{") {
        "}}"
    } else {
        return None;
    };
    let len = text.find(close)? + close.len();
    text.split_at_checked(len)
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
    inner.get(..end).unwrap_or_default().to_owned()
}

fn hugo(code: &str) -> Option<String> {
    // `{{</* name */>}}` is how a text writes about shortcodes.
    if let Some(shown) = code.strip_prefix("{{</*").and_then(|it| it.strip_suffix("*/>}}")) {
        return Some(format!("{{{{<{shown}>}}}}"));
    }
    if let Some(shown) = code.strip_prefix("{{%/*").and_then(|it| it.strip_suffix("*/%}}")) {
        return Some(format!("{{{{%{shown}%}}}}"));
    }
    let inner = inner(code);
    let (name, arguments) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let argument = |name: &str| attributes_of(arguments, name).map(str::to_owned);
    let first = || {
        let word = arguments.split_whitespace().next()?.trim_matches(['"', '`']);
        Some(word).filter(|it| !it.is_empty() && !it.contains('='))
    };
    match name {
        "figure" => figure(&argument),
        "ref" | "relref" => {
            let target = argument("path").or_else(|| first().map(str::to_owned))?;
            Some(format!("{REFERENCE}{target}"))
        }
        "youtube" => {
            let id = argument("id").or_else(|| first().map(str::to_owned))?;
            Some(embedded(&format!("https://www.youtube.com/watch?v={id}")))
        }
        "vimeo" => {
            let id = argument("id").or_else(|| first().map(str::to_owned))?;
            Some(embedded(&format!("https://vimeo.com/{id}")))
        }
        "instagram" => Some(embedded(&format!("https://www.instagram.com/p/{}/", first()?))),
        "tweet" | "twitter" | "twitter_simple" | "x" | "x_simple" => {
            let id = argument("id").or_else(|| first().map(str::to_owned))?;
            let user = argument("user").unwrap_or_else(|| "i/web".to_owned());
            Some(embedded(&format!("https://twitter.com/{user}/status/{id}")))
        }
        "gist" => {
            let mut words = arguments.split_whitespace().map(|it| it.trim_matches('"'));
            Some(embedded(&format!("https://gist.github.com/{}/{}", words.next()?, words.next()?)))
        }
        _ => None,
    }
}

/// A picture, with words beneath it where there are any.
fn figure(argument: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let src = argument("src")?;
    let alt = argument("alt").unwrap_or_default();
    let caption = argument("caption").or_else(|| argument("title")).unwrap_or_default();
    let link = argument("link");
    if caption.is_empty() && link.is_none() {
        return Some(format!("![{alt}]({src})"));
    }
    if caption.is_empty() {
        return Some(format!("[![{alt}]({src})]({})", link.unwrap_or_default()));
    }
    let (src, alt) = (escape_attribute(&src), escape_attribute(&alt));
    let image = format!("<img src=\"{src}\" alt=\"{alt}\">");
    let image = match link {
        Some(link) => format!("<a href=\"{}\">{image}</a>", escape_attribute(&link)),
        None => image,
    };
    Some(format!("<figure>{image}<figcaption>{caption}</figcaption></figure>"))
}

/// `{{ youtube(id="x") }}`.
fn zola(code: &str) -> Option<String> {
    let (name, arguments) = inner(code).split_once('(')?;
    let argument = |name: &str| {
        let spaced = arguments.trim_end().trim_end_matches(')').replace(',', " ");
        attributes_of(&spaced, name).map(str::to_owned)
    };
    match name.trim() {
        "youtube" => {
            Some(embedded(&format!("https://www.youtube.com/watch?v={}", argument("id")?)))
        }
        "vimeo" => Some(embedded(&format!("https://vimeo.com/{}", argument("id")?))),
        "streamable" => Some(embedded(&format!("https://streamable.com/{}", argument("id")?))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::super::flavour::Flavour;
    use super::{Names, replaced};

    #[track_caller]
    fn check(flavour: Flavour, text: &str, expected: &str, kept: usize) {
        let site = Map::from_iter([("title".to_owned(), json!("My site"))]);
        let page = Map::from_iter([("mood".to_owned(), json!("calm"))]);
        let got = replaced(flavour, text, &Names { site: &site, page: &page });
        assert_eq!(got.text, expected);
        assert_eq!(got.notes.len(), kept, "{:?}", got.notes);
    }

    #[test]
    fn what_says_the_same_as_markdown_becomes_it() {
        check(
            Flavour::Hugo,
            "{{< figure src=\"/a.png\" alt=\"A\" >}} [b]({{< relref \"b.md#c\" >}})",
            "![A](/a.png) [b](smartcms-file:b.md#c)",
            0,
        );
        check(
            Flavour::Hugo,
            "{{< figure src=\"/a.png\" caption=\"C \\\"\" >}}{{< vimeo 12 >}}",
            "<figure><img src=\"/a.png\" alt=\"\"><figcaption>C \\</figcaption></figure><figure class=\"embed\"><a href=\"https://vimeo.com/12\">https://vimeo.com/12</a></figure>",
            0,
        );
        check(
            Flavour::Hugo,
            "{{< highlight go \"linenos=table\" >}}\na {{ b }}\n{{< /highlight >}}\n{{</* x */>}}",
            "```go\na {{ b }}\n```\n{{< x >}}",
            0,
        );
        check(
            Flavour::Jekyll,
            "{% highlight ruby linenos %}\nx {{ y }}\n{% endhighlight %}\n![a]({{ site.baseurl }}/a.png)",
            "```ruby\nx {{ y }}\n```\n![a](/a.png)",
            0,
        );
        check(
            Flavour::Jekyll,
            "[a]({% post_url 2020-01-02-a %}) {{ '/my b.png' | relative_url }} {{ site.title }} {{ page.mood }}",
            "[a](smartcms-file:2020-01-02-a) /my b.png My site calm",
            0,
        );
        check(
            Flavour::Jekyll,
            "a {% raw %}{{ b }}\n{% x %}{% endraw %} c{% comment %} d\ne{% endcomment %} f",
            "a {{ b }}\n{% x %} c f",
            0,
        );
        check(
            Flavour::Zola,
            "{{ youtube(id=\"a\", autoplay=true) }}",
            "<figure class=\"embed\"><a href=\"https://www.youtube.com/watch?v=a\">https://www.youtube.com/watch?v=a</a></figure>",
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
        check(Flavour::Hugo, "a `{{< x >}}` b", "a `{{< x >}}` b", 0);
        check(Flavour::Hugo, "a {{ that never ends", "a {{ that never ends", 0);
        check(Flavour::Plain, "{{ x }}", "{{ x }}", 0);
    }

    #[test]
    fn a_text_that_decides_is_a_program() {
        let names = Names { site: &Map::new(), page: &Map::new() };
        let text = "{% for post in site.posts %}{{ post.title }}{% endfor %}";
        assert!(replaced(Flavour::Jekyll, text, &names).is_program);
        assert!(!replaced(Flavour::Jekyll, "{% include x %}", &names).is_program);
    }
}
