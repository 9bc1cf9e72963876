//! What HTML may hold, wherever it came from.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;

static READERS: LazyLock<Builder<'static>> = LazyLock::new(builder);

/// Takes everything out of HTML that could act: scripts, styles, handlers, frames, forms, and addresses
/// other than web, mail and telephone ones.
pub fn sanitise_html(html: &str) -> String {
    READERS.clean(html).to_string()
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
        .add_tags(["section", "input"])
        .add_tag_attributes("input", ["checked", "disabled"])
        .set_tag_attribute_value("input", "disabled", "")
        .add_tag_attribute_values("input", "type", ["checkbox"])
        .add_tag_attributes("img", ["loading"])
        .add_tag_attributes("details", ["open"])
        .add_tag_attributes("nav", ["aria-label"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .allowed_classes(classes());
    for tag in ["code", "pre", "nav", "span", "div", "p", "section", "ol", "ul", "li", "sup", "a"] {
        builder.rm_tag_attributes(tag, ["class"]);
    }
    builder
}

/// Classes of our own renderer and of plugins that our themes know how to show.
fn classes() -> HashMap<&'static str, HashSet<&'static str>> {
    let languages = [
        "language-rust",
        "language-toml",
        "language-json",
        "language-js",
        "language-javascript",
        "language-ts",
        "language-typescript",
        "language-python",
        "language-go",
        "language-c",
        "language-sh",
        "language-bash",
        "language-console",
        "language-html",
        "language-css",
        "language-sql",
        "language-wit",
        "language-wat",
        "language-text",
        "language-yaml",
        "language-diff",
        "language-markdown",
    ];
    HashMap::from([
        ("code", HashSet::from(languages)),
        ("nav", HashSet::from(["toc"])),
        ("section", HashSet::from(["footnotes"])),
        ("sup", HashSet::from(["footnote-ref"])),
        ("a", HashSet::from(["footnote-backref"])),
        ("div", HashSet::from(["note", "warning"])),
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
    fn a_task_list_box_can_only_be_looked_at() {
        let got =
            sanitise_html("<input type=\"checkbox\" checked=\"\"><input type=\"text\" name=\"x\">");
        assert!(!got.contains("text") && !got.contains("name"), "{got}");
        assert_eq!(got.matches("disabled").count(), 2, "{got}");
    }
}
