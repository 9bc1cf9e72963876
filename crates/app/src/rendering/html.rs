//! What HTML may hold, wherever it came from.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;
use smartcms_domain::blocks::{is_id, safe_address};

static CLASSES: LazyLock<HashMap<&'static str, HashSet<&'static str>>> = LazyLock::new(classes);

static READERS: LazyLock<Builder<'static>> = LazyLock::new(builder);

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Takes everything out of HTML that could act: scripts, styles, handlers, frames, forms, and addresses
/// other than web, mail and telephone ones.
pub fn sanitise_html(html: &str) -> String {
    let clean = READERS.clean(html).to_string();
    // Parsers take it at the beginning for no part of the text. What stood before this one was taken out.
    if clean.starts_with(BYTE_ORDER_MARK) {
        return clean.trim_start_matches(BYTE_ORDER_MARK).to_owned();
    }
    clean
}

/// The rules for readers and, without `rel` on links, for what is stored.
pub(super) fn builder() -> Builder<'static> {
    let mut builder = Builder::default();
    // Headings carry ids so that a table of contents can link to them; footnotes link both ways.
    let with_id = ["h1", "h2", "h3", "h4", "h5", "h6", "li", "sup", "a", "section"];
    for tag in with_id {
        builder.add_tag_attributes(tag, ["id"]);
    }
    builder
        .add_tags(["section", "input", "audio", "video", "source", "track"])
        .add_tag_attributes("audio", ["src", "preload", "loop"])
        .add_tag_attributes("video", ["src", "poster", "preload", "loop", "width", "height"])
        .add_tag_attributes("source", ["src", "type"])
        .add_tag_attributes("track", ["src", "kind", "srclang", "label", "default"])
        // Without scripts nothing else starts and stops them, and none starts by itself.
        .set_tag_attribute_value("audio", "controls", "")
        .set_tag_attribute_value("video", "controls", "")
        .add_tag_attributes("input", ["checked", "disabled"])
        .set_tag_attribute_value("input", "disabled", "")
        .add_tag_attribute_values("input", "type", ["checkbox"])
        .add_tag_attributes("img", ["loading", "srcset", "sizes", "data-asset"])
        .add_tag_attributes("a", ["aria-label"])
        .add_tag_attributes("details", ["open"])
        .add_tag_attributes("nav", ["aria-label"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .allowed_classes(classes());
    for tag in ["code", "pre", "nav", "span", "div", "p", "section", "ol", "ul", "li", "sup", "a"] {
        builder.rm_tag_attributes(tag, ["class"]);
    }
    builder.add_tag_attributes("code", ["class"]).attribute_filter(attribute);
    builder
}

/// Attributes whose values are looked at: languages of code, and addresses that the sanitiser does not know as such.
fn attribute<'a>(element: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    match (element, name) {
        ("code", "class") => {
            let languages: Vec<_> = value.split_whitespace().filter(|it| is_language(it)).collect();
            (!languages.is_empty()).then(|| languages.join(" ").into())
        }
        (element, "class") => {
            let known = CLASSES.get(element);
            let any = value.split_whitespace().any(|it| known.is_some_and(|all| all.contains(it)));
            any.then(|| value.into())
        }
        ("img", "srcset") => {
            let is_safe =
                |it: &str| safe_address(it.split_whitespace().next().unwrap_or_default()).is_some();
            value.split(',').all(|it| is_safe(it.trim())).then(|| value.into())
        }
        ("img", "data-asset") => is_id(value).then(|| value.into()),
        _ => Some(value.into()),
    }
}

/// The longest name of a language, in bytes.
const LANGUAGE_BYTES_MAX: usize = 40;

fn is_language(class: &str) -> bool {
    class.strip_prefix("language-").is_some_and(|name| {
        (1..=LANGUAGE_BYTES_MAX).contains(&name.len())
            && name.chars().all(|it| it.is_alphanumeric() || "+#._-".contains(it))
    })
}

/// Classes of our own renderer and of plugins that our themes know how to show.
fn classes() -> HashMap<&'static str, HashSet<&'static str>> {
    HashMap::from([
        ("nav", HashSet::from(["toc"])),
        ("section", HashSet::from(["footnotes"])),
        ("sup", HashSet::from(["footnote-ref"])),
        ("a", HashSet::from(["footnote-backref"])),
        ("div", HashSet::from(["note", "warning"])),
        ("aside", HashSet::from(["note", "tip", "important", "warning", "caution"])),
        ("figure", HashSet::from(["embed"])),
        ("p", HashSet::from(["title"])),
    ])
}

#[cfg(test)]
mod tests {
    use super::sanitise_html;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(sanitise_html(html), expected);
    }

    #[test]
    fn what_is_clean_stays_as_it_is_also_where_a_byte_order_mark_came_to_the_beginning() {
        check("\0\u{feff}a", "a");
        check("<script></script>\u{feff}\u{feff}<b>a</b>", "<b>a</b>");
        check("a\u{feff}", "a\u{feff}");
    }

    #[test]
    fn what_could_act_is_taken_out() {
        check("<script>alert(1)</script><p onclick=\"x()\">a</p>", "<p>a</p>");
        check("<a href=\"javascript:alert(1)\">a</a>", "<a rel=\"noopener noreferrer\">a</a>");
        check("<img src=\"data:text/html,x\" onerror=\"x()\">", "<img>");
        check("<iframe src=\"https://example.com\"></iframe>", "");
        check("<form action=\"/x\"><button>go</button></form>", "go");
        check("<p style=\"position:fixed\" class=\"admin\">a</p>", "<p>a</p>");
        check("<svg><script>alert(1)</script></svg>", "");
    }

    #[test]
    fn what_only_shows_stays() {
        check("<h2 id=\"a\">A</h2>", "<h2 id=\"a\">A</h2>");
        check(
            "<nav class=\"toc\"><ul><li>a</li></ul></nav>",
            "<nav class=\"toc\"><ul><li>a</li></ul></nav>",
        );
        let code = "<pre><code class=\"language-rust\">fn</code></pre>";
        check(code, code);
    }

    #[test]
    fn sounds_and_films_play_when_the_reader_wants_it() {
        check(
            "<video autoplay src=\"/a.mp4\" poster=\"javascript:x\" onplay=\"x()\"></video>",
            "<video src=\"/a.mp4\" controls=\"\"></video>",
        );
        check(
            "<audio controls><source src=\"/a.mp3\" type=\"audio/mpeg\"></audio>",
            "<audio controls=\"\"><source src=\"/a.mp3\" type=\"audio/mpeg\"></audio>",
        );
        check("<audio src=\"javascript:x\"></audio>", "<audio controls=\"\"></audio>");
    }

    #[test]
    fn a_task_list_box_can_only_be_looked_at() {
        let got =
            sanitise_html("<input type=\"checkbox\" checked=\"\"><input type=\"text\" name=\"x\">");
        assert!(!got.contains("text") && !got.contains("name"), "{got}");
        assert_eq!(got.matches("disabled").count(), 2, "{got}");
    }
}
