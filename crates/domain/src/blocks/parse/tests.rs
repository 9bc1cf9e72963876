use serde_json::{Value, json};

use super::super::document::{BLOCKS_MAX, DEPTH_MAX, TEXT_BYTES_MAX};
use super::super::{Document, PROBLEMS_MAX};

#[track_caller]
fn refused(blocks: Value, path: &str, code: &str) {
    let problems = Document::parse(&json!({ "version": 1, "blocks": blocks })).unwrap_err();
    let found: Vec<_> = problems.iter().map(|it| (it.path.as_str(), it.code)).collect();
    assert!(found.contains(&(path, code)), "{problems:?}");
}

fn paragraph(text: &str) -> Value {
    json!({ "type": "paragraph", "content": [{ "type": "text", "text": text }] })
}

#[test]
fn a_problem_names_its_place() {
    let bad = json!({ "type": "paragraph", "content": [{ "type": "text", "text": 1 }] });
    refused(json!([paragraph("a"), bad]), "blocks[1].content[0].text", "not-a-text");
    refused(json!([{ "type": "paragraph", "contents": [] }]), "blocks[0].contents", "unknown-key");
    refused(json!([{ "type": "heading", "level": 7 }]), "blocks[0].level", "bad-number");
    refused(
        json!([{ "type": "list", "style": "x", "items": [{}] }]),
        "blocks[0].style",
        "unknown-word",
    );
    refused(json!([{ "type": "image", "alt": "a" }]), "blocks[0]", "image-source");
    refused(json!([{ "id": "a b", "type": "divider" }]), "blocks[0].id", "bad-id");
    let mark = json!([{ "type": "text", "text": "a", "marks": [{ "type": "blink" }] }]);
    refused(
        json!([{ "type": "paragraph", "content": mark }]),
        "blocks[0].content[0].marks[0].type",
        "unknown-mark",
    );
}

#[test]
fn another_version_is_refused() {
    for value in [json!({ "version": 2, "blocks": [] }), json!({ "blocks": [] }), json!("text")] {
        assert_eq!(Document::parse(&value).unwrap_err().len(), 1, "{value}");
    }
}

#[test]
fn limits_hold() {
    let mut deep = paragraph("a");
    for _ in 1..DEPTH_MAX {
        deep = json!({ "type": "quote", "blocks": [deep] });
    }
    let whole = |blocks: Value| Document::parse(&json!({ "version": 1, "blocks": blocks }));
    assert!(whole(json!([deep])).is_ok());
    let deeper = whole(json!([{ "type": "quote", "blocks": [deep] }])).unwrap_err();
    assert_eq!(deeper[0].code, "too-deep");
    let many = vec![json!({ "type": "divider" }); BLOCKS_MAX + 1];
    assert_eq!(whole(Value::from(many)).unwrap_err()[0].code, "too-many-blocks");
    let long = "a".repeat(TEXT_BYTES_MAX + 1);
    assert_eq!(whole(json!([paragraph(&long)])).unwrap_err()[0].code, "text-too-long");
    let bad = vec![json!({ "type": "divider", "x": 1 }); PROBLEMS_MAX + 5];
    assert_eq!(whole(Value::from(bad)).unwrap_err().len(), PROBLEMS_MAX);
}

#[test]
fn ids_are_given_by_position_and_equal_ones_anew() {
    let blocks = json!([{ "id": "b1", "type": "divider" }, { "type": "divider" }, { "id": "b1", "type": "divider" }]);
    let document = Document::parse(&json!({ "version": 1, "blocks": blocks })).unwrap();
    let ids: Vec<_> = document.blocks.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["b1", "b2", "b3"]);
}

#[test]
fn headings_links_and_assets_are_found_everywhere() {
    let link =
        json!([{ "type": "text", "text": "a b", "marks": [{ "type": "link", "href": "/x" }] }]);
    let blocks = json!([
        { "type": "heading", "level": 1, "content": link },
        { "type": "quote", "blocks": [{ "type": "heading", "level": 2, "content": link }] },
        { "type": "table", "header": [[{ "type": "image", "asset": "a1" }]], "rows": [] },
        { "type": "image", "asset": "a2", "caption": [{ "type": "text", "text": "cap" }] },
    ]);
    let document = Document::parse(&json!({ "version": 1, "blocks": blocks })).unwrap();
    let anchors: Vec<_> = document.headings().into_iter().map(|it| it.anchor).collect();
    assert_eq!(anchors, ["a-b", "a-b-2"]);
    assert_eq!(document.links().into_iter().collect::<Vec<_>>(), ["/x"]);
    assert_eq!(document.asset_ids().into_iter().collect::<Vec<_>>(), ["a1", "a2"]);
    assert_eq!(document.text(), "a b\na b\ncap");
}
