//! What people write and paste, and what becomes of it.

use serde_json::json;
use smartcms_app::rendering::{
    blocks_to_html, blocks_to_markdown, html_to_blocks, html_to_markdown, markdown_to_blocks,
    markdown_to_text, sanitise_blocks,
};
use smartcms_domain::blocks::Document;

#[track_caller]
fn html(markdown: &str, expected: &str) {
    let got = blocks_to_html(&markdown_to_blocks(markdown));
    assert_eq!(got.replace('\n', ""), expected);
}

#[track_caller]
fn same_markdown(markdown: &str) {
    assert_eq!(blocks_to_markdown(&markdown_to_blocks(markdown)), markdown);
}

#[test]
fn markdown_as_people_write_it_comes_back_to_the_letter() {
    same_markdown(
        "# Title\n\nSome *text* with **bold *both***, `code` and [a link](https://example.com \"T\").\n",
    );
    same_markdown("- one\n- two\n  - three\n\n1. first\n2. second\n");
    same_markdown("- [x] done\n- [ ] not yet\n");
    same_markdown("> a quote\n>\n> goes on\n");
    same_markdown("> [!NOTE]\n> Mind the gap.\n");
    same_markdown("```rust\nfn main() {}\n```\n");
    same_markdown("| a | b |\n| --- | --: |\n| 1 | **2** |\n");
    same_markdown("A note[^one].\n\n[^one]: The note.\n");
    same_markdown("![A cat](/cat.png \"Cat\")\n");
    same_markdown("snake_case, 3 \\< 4 & it's 5:30 (really) - fine! Yes.\n");
}

#[test]
fn headings_have_ids_of_their_own() {
    html(
        "# A b\n\n## A b\n\n# A b 2\n",
        "<h1 id=\"a-b\">A b</h1><h2 id=\"a-b-2\">A b</h2><h1 id=\"a-b-2-2\">A b 2</h1>",
    );
}

#[test]
fn footnotes_stand_at_the_end_and_lead_back() {
    let got = blocks_to_html(&markdown_to_blocks("a[^x]\n\n[^x]: note\n\nb\n"));
    assert!(got.contains("href=\"#fn-x\"") && got.contains("id=\"fn-x\""), "{got}");
    assert!(got.find(">note<").unwrap() > got.find("<p>b").unwrap(), "{got}");
}

#[test]
fn pasted_html_becomes_blocks() {
    let markdown = html_to_markdown(
        "<div><h2>Hi</h2><p>a <b>b</b><br>c</p><ul><li>x<ul><li>y</li></ul></li></ul>\
         <figure><img src=/a.png alt=A><figcaption>Cap</figcaption></figure>\
         <iframe src=\"https://video.example/1\"></iframe><script>x()</script></div>",
    );
    assert!(markdown.starts_with("## Hi\n\na **b**\\\nc\n\n- x\n  - y\n"), "{markdown}");
    let figure = "<figure><img src=\"/a.png\" alt=\"A\"><figcaption>Cap</figcaption></figure>";
    let embed = "<figure class=\"embed\"><a href=\"https://video.example/1\">https://video.example/1</a></figure>";
    assert!(markdown.contains(figure) && markdown.contains(embed), "{markdown}");
    assert!(!markdown.contains("x()"), "{markdown}");
}

#[test]
fn blocks_that_nobody_knows_survive_markdown() {
    let json = json!({ "version": 1, "blocks": [
        { "id": "a", "type": "poll", "question": "-->?", "options": [{ "text": "<b>" }] },
        { "id": "b", "type": "forms/contact", "data": { "to": "x@example.com" } },
        { "id": "c", "type": "list", "style": "bulleted", "items": [{ "blocks": [{ "id": "d", "type": "later", "x": 1 }] }] },
    ] });
    let document = Document::parse(&json).unwrap();
    assert_eq!(document.to_json(), json);
    let read = markdown_to_blocks(&blocks_to_markdown(&document));
    assert_eq!(read.without_ids(), document.without_ids());
}

#[test]
fn addresses_that_act_become_text() {
    let document =
        markdown_to_blocks("[a](javascript:x) ![b](data:x) <a href=\"vbscript:x\">c</a>");
    assert!(document.links().is_empty());
    assert_eq!(document.text(), "a b c");
    let json = json!({ "version": 1, "blocks": [{ "type": "embed", "url": "javascript:x" }] });
    let document = sanitise_blocks(Document::parse(&json).unwrap());
    assert_eq!(blocks_to_html(&document).trim(), "<p>javascript:x</p>");
}

#[test]
fn text_for_search_has_no_signs() {
    assert_eq!(markdown_to_text("# A\n\n*b* [c](/d)\n\n- e\n"), "A\nb c\ne");
    assert_eq!(html_to_blocks("<p>a</p><p>b</p>").text(), "a\nb");
}

/// A block of a plugin in Markdown, as JSON without its id.
#[track_caller]
fn fenced(markdown: &str) -> serde_json::Value {
    let document = markdown_to_blocks(markdown).without_ids();
    assert_eq!(markdown_to_blocks(&blocks_to_markdown(&document)).without_ids(), document);
    document.to_json()["blocks"][0].clone()
}

#[test]
fn a_block_of_a_plugin_is_fenced_code_with_its_data_inside() {
    let block = |data| serde_json::json!({ "type": "gallery/grid", "data": data });
    let (empty, some) = (serde_json::json!({}), serde_json::json!({ "a": ["``` b", 1.5] }));
    assert_eq!(fenced("```block gallery/grid\n```\n"), block(empty.clone()));
    assert_eq!(fenced("~~~~ block  gallery/grid \n\n {} \n~~~~\n"), block(empty));
    assert_eq!(fenced("````block gallery/grid\n{\"a\": [\"``` b\", 1.5]}\n````\n"), block(some));
    let nested = markdown_to_blocks("> - ```block gallery/grid\n>   [1]\n>   ```\n");
    assert_eq!(
        markdown_to_blocks(&blocks_to_markdown(&nested)).without_ids(),
        nested.clone().without_ids()
    );
    assert!(nested.to_json().to_string().contains("\"data\":[1]"), "{nested:?}");
}

#[test]
fn what_is_no_block_of_a_plugin_stays_code() {
    for markdown in [
        "```block gallery/grid\n{ broken\n```\n",
        "```block gallery\n{}\n```\n",
        "```block a/b/c\n{}\n```\n",
        "```blocks a/b\n{}\n```\n",
        "    block a/b\n",
    ] {
        assert_eq!(fenced(markdown)["type"], "code", "{markdown}");
    }
    // Code that looks like one comes back as code.
    let code = serde_json::json!({ "version": 1, "blocks": [
        { "type": "code", "language": "block", "info": "a/b", "text": "{}" }
    ] });
    let document = smartcms_domain::blocks::Document::parse(&code).unwrap().without_ids();
    assert_eq!(markdown_to_blocks(&blocks_to_markdown(&document)).without_ids(), document);
}
