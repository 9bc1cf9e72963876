//! From a form to the document of a role.

use serde_json::{Map, Value, json};
use smartcms_domain::actors::{Permission, Reach};

use crate::admin::form::Form;

/// What the form says: rules for the collections that are ticked, and for others what the base says.
pub(super) fn document_of(form: &Form) -> Value {
    let rules: Map<String, Value> =
        form.all("rule").map(|it| (it.to_owned(), rule(form, it))).collect();
    let mut document = Map::new();
    document.insert("label".to_owned(), json!(form.get("label").trim()));
    document.insert("base".to_owned(), json!(form.get("base")));
    document.insert("collections".to_owned(), Value::Object(rules));
    if form.has("own_assets") {
        document.insert("assets".to_owned(), json!(form.all("asset").collect::<Vec<_>>()));
    }
    if !form.get("site").is_empty() {
        document.insert("site".to_owned(), json!(form.get("site")));
    }
    Value::Object(document)
}

/// The name of the input of a permission in a collection.
pub(super) fn reach_input(collection: &str, permission: &str) -> String {
    format!("r.{collection}.{permission}")
}

/// The name of the input of a field.
pub(super) fn field_input(collection: &str, field: &str) -> String {
    format!("f.{collection}.{field}")
}

fn rule(form: &Form, collection: &str) -> Value {
    let mut members = Map::new();
    for permission in Permission::ALL.map(Permission::name) {
        let input = reach_input(collection, permission);
        let reach = form.get(&input);
        if !reach.is_empty() && reach != Reach::None.name() {
            members.insert(permission.to_owned(), json!(reach));
        }
    }
    let prefix = field_input(collection, "");
    let named = form.0.iter().filter_map(|(name, it)| Some((name.strip_prefix(&prefix)?, it)));
    let fields: Map<String, Value> = named
        .filter(|(_, reach)| *reach != "change")
        .map(|(field, reach)| (field.to_owned(), json!(reach)))
        .collect();
    if !fields.is_empty() {
        members.insert("fields".to_owned(), Value::Object(fields));
    }
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::document_of;
    use crate::admin::form::Form;

    #[test]
    fn only_what_is_ticked_becomes_a_rule() {
        let pairs = [
            ("label", " Copywriter "),
            ("base", "contributor"),
            ("rule", "posts"),
            ("r.posts.read_drafts", "any"),
            ("r.posts.update", "own"),
            ("r.posts.delete", "none"),
            ("f.posts.price", "hidden"),
            ("f.posts.title", "change"),
            ("r.pages.update", "any"),
            ("asset", "list"),
            ("site", ""),
        ];
        let form = Form(pairs.map(|(name, it)| (name.to_owned(), it.to_owned())).to_vec());
        let expected = json!({ "label": "Copywriter", "base": "contributor", "collections": {
            "posts": { "read_drafts": "any", "update": "own", "fields": { "price": "hidden" } } } });
        assert_eq!(
            document_of(&form),
            expected,
            "files are as the base says: the box is not ticked"
        );
    }
}
