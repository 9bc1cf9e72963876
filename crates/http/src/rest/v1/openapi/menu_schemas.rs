//! Menus, as JSON Schema.

use serde_json::Value;
use smartcms_domain::menus::{MENU_ADDRESS_LEN_MAX, MENU_ITEMS_MAX};

use super::schemas::{Named, maybe, page_of, reference, revision_number, text, time, whole};
use crate::json::json;

/// The schemas.
pub(super) fn of_menus() -> Vec<Named> {
    let items = |name: &str| json!({ "type": "array", "items": reference(name) });
    let seen = json!({ "name": text(), "items": items("menu.link") });
    let written = json!({ "name": text(), "items": items("menu.item"),
        "revision": revision_number(), "updated_at": time() });
    let link = json!({ "label": text(), "url": maybe("string"), "new_tab": { "type": "boolean" },
        "items": items("menu.link") });
    let new = json!({ "items": { "type": "array", "maxItems": MENU_ITEMS_MAX,
        "items": reference("menu.item") } });
    // As readers see it, or as it was written.
    let menu = json!({ "anyOf": [reference("menu.seen"), reference("menu.written")] });
    vec![
        ("menu", menu),
        ("menus", page_of(reference("menu"))),
        ("menu.seen", whole(seen, &["name", "items"])),
        ("menu.link", whole(link, &["label", "url", "new_tab", "items"])),
        ("menu.written", whole(written, &["name", "items", "revision", "updated_at"])),
        ("menu.item", item()),
        ("menu.new", whole(new, &["items"])),
    ]
}

fn item() -> Value {
    whole(
        json!({ "label": maybe("string"),
            "labels": { "type": ["object", "null"], "additionalProperties": text() },
            "entry": { "type": ["string", "null"], "format": "uuid" },
            "collection": maybe("string"),
            "to": { "type": ["string", "null"], "maxLength": MENU_ADDRESS_LEN_MAX },
            "new_tab": maybe("boolean"),
            "items": { "type": ["array", "null"], "items": reference("menu.item") } }),
        &[],
    )
}
