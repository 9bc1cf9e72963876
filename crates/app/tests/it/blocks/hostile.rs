//! Whatever comes in, nothing that acts goes out.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;
use smartcms_app::rendering::{
    blocks_to_html, blocks_to_markdown, html_to_blocks, markdown_to_blocks, markdown_to_html,
    sanitise_blocks, sanitise_html,
};
use smartcms_domain::blocks::{Document, safe_address};

fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<script>",
        "</script>",
        "alert(1)",
        "<img src=x onerror=",
        "\"",
        "'",
        ">",
        "<",
        "/",
        "<svg/onload=",
        "javascript:",
        "jAvaScript&colon;",
        "[a](",
        ")",
        "](javascript:x)",
        "<a href=",
        "<iframe src=",
        "data:text/html,x",
        "\n",
        "\n\n",
        " ",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<style>",
        "`",
        "```",
        "> ",
        "- ",
        "<math><mi>",
        "<noscript>",
        "<textarea>",
        "<p title=\"",
        "onclick=",
        "&#106;avascript:",
        "\0",
        "<!-- smartcms:block {\"type\":\"html\",\"html\":\"",
        "\"} -->",
        "<table><tr><td>",
        "<details open ontoggle=",
        "![x](",
        "<kbd onfocus=x>",
        "<b>",
        "</b>",
        "<template>",
        "<aside class=note>",
        "<figure>",
    ]);
    vec(prop_oneof![4 => pieces.prop_map(str::to_owned), 1 => ".{0,4}"], 0..14)
        .prop_map(|it| it.concat())
}

/// Whether HTML holds something that acts, by reading it as a browser would.
#[track_caller]
fn check(html: &str) {
    assert_eq!(sanitise_html(html), html, "the sanitiser would take something out");
    super::commonmark::for_each_tag(html, &mut |name, attributes| {
        assert!(!["script", "style", "iframe", "svg", "form", "object"].contains(&name), "{html}");
        for (attribute, value) in attributes {
            assert!(!attribute.starts_with("on") && attribute != "style", "{html}");
            let plain: String = value.chars().filter(|it| !it.is_whitespace()).collect();
            if ["href", "src", "srcset"].contains(&attribute.as_str()) {
                let plain = plain.to_lowercase();
                assert!(!plain.starts_with("javascript:") && !plain.starts_with("data:"), "{html}");
            }
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn markdown_brings_nothing_that_acts(text in hostile()) {
        let document = markdown_to_blocks(&text);
        check(&blocks_to_html(&document));
        check(&sanitise_html(&markdown_to_html(&blocks_to_markdown(&document))));
    }

    #[test]
    fn html_brings_nothing_that_acts(text in hostile()) {
        check(&blocks_to_html(&html_to_blocks(&text)));
    }

    #[test]
    fn json_brings_nothing_that_acts(text in hostile()) {
        let json = json!({ "version": 1, "blocks": [
            { "type": "html", "html": text },
            { "type": "image", "url": text, "alt": text, "title": text },
            { "type": "embed", "url": text },
            { "type": "code", "language": text, "text": text },
            { "type": "callout", "tone": "note", "title": text, "blocks": [] },
            { "type": "paragraph", "content": [
                { "type": "html", "html": text },
                { "type": "text", "text": text, "marks": [{ "type": "link", "href": text, "title": text }] },
            ] },
        ] });
        let document = Document::parse(&json).unwrap();
        // What was stored without passing the sanitiser is shown as safely.
        check(&blocks_to_html(&document));
        let document = sanitise_blocks(document);
        check(&blocks_to_html(&document));
        prop_assert!(document.links().iter().all(|it| safe_address(it).is_some()));
    }
}

#[test]
fn deeply_nested_html_is_read_without_running_out_of_stack() {
    for tag in
        ["div", "b", "blockquote", "ul><li", "span", "table><tr><td", "a href=x", "details", "kbd"]
    {
        let html = format!("<{tag}>").repeat(5_000) + "deep";
        let document = html_to_blocks(&html);
        assert!(document.text().contains("deep"), "{tag}");
        assert!(Document::parse(&document.to_json()).is_ok(), "{tag}");
        check(&blocks_to_html(&document));
    }
}

#[test]
fn deeply_nested_markdown_is_read_without_running_out_of_stack() {
    for text in [
        "> ".repeat(5_000),
        "- ".repeat(5_000),
        "*".repeat(5_000),
        "[".repeat(5_000),
        "**a *b ".repeat(3_000),
    ] {
        let document = markdown_to_blocks(&(text + "deep"));
        assert!(document.text().contains("deep"));
        assert!(Document::parse(&document.to_json()).is_ok());
        assert_eq!(
            markdown_to_blocks(&blocks_to_markdown(&document)).without_ids(),
            document.without_ids()
        );
    }
}
