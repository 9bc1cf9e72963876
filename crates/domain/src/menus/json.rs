//! The items of a menu as JSON: how people write them, and how they are kept.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::menu::{
    MENU_ADDRESS_LEN_MAX, MENU_DEPTH_MAX, MENU_ITEMS_MAX, MENU_LABEL_LEN_MAX, MenuItem, MenuTarget,
};
use crate::Problem;
use crate::collections::CollectionName;
use crate::entries::EntryId;
use crate::locales::Locale;

/// The members of an item.
const MEMBERS: [&str; 7] = ["label", "labels", "entry", "collection", "to", "new_tab", "items"];
/// The most problems that are told.
const PROBLEMS_MAX: usize = 100;
/// What an address elsewhere begins with.
const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];

/// Reads the items of a menu, or tells everything that is wrong with them: `items[0].items[2].label`.
pub fn items_of_json(value: &Value) -> Result<Vec<MenuItem>, Vec<Problem>> {
    let mut reader = Reader { problems: Vec::new(), count: 0 };
    let items = reader.items(value, "items", 1);
    if reader.count > MENU_ITEMS_MAX {
        let message = format!("the menu has {} items; {MENU_ITEMS_MAX} is the limit", reader.count);
        reader.problem("items", "too-many", message);
    }
    if reader.problems.is_empty() { Ok(items) } else { Err(reader.problems) }
}

/// The items of a menu as JSON; what is not there is left out.
pub fn items_to_json(items: &[MenuItem]) -> Value {
    items.iter().map(item_to_json).collect()
}

fn item_to_json(item: &MenuItem) -> Value {
    let mut members = Map::new();
    let mut set = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    if let Some(label) = &item.label {
        set("label", label.as_str().into());
    }
    if !item.labels.is_empty() {
        let labels = item.labels.iter().map(|(tag, it)| (tag.to_string(), it.as_str().into()));
        set("labels", Value::Object(labels.collect()));
    }
    match &item.target {
        MenuTarget::Nothing => {}
        MenuTarget::Entry(id) => set("entry", id.to_string().into()),
        MenuTarget::Collection(name) => set("collection", name.as_str().into()),
        MenuTarget::Address(address) => set("to", address.as_str().into()),
    }
    if item.new_tab {
        set("new_tab", true.into());
    }
    if !item.items.is_empty() {
        set("items", items_to_json(&item.items));
    }
    Value::Object(members)
}

struct Reader {
    problems: Vec<Problem>,
    count: usize,
}

impl Reader {
    fn items(&mut self, value: &Value, place: &str, depth: usize) -> Vec<MenuItem> {
        let Some(list) = value.as_array() else {
            self.problem(place, "kind", "this has to be a list of items".to_owned());
            return Vec::new();
        };
        if depth > MENU_DEPTH_MAX && !list.is_empty() {
            let message = format!("a menu has at most {MENU_DEPTH_MAX} levels");
            self.problem(place, "too-deep", message);
            return Vec::new();
        }
        self.count = self.count.saturating_add(list.len());
        if self.count > MENU_ITEMS_MAX {
            return Vec::new();
        }
        let placed = list.iter().enumerate();
        placed.filter_map(|(at, it)| self.item(it, &format!("{place}[{at}]"), depth)).collect()
    }

    fn item(&mut self, value: &Value, place: &str, depth: usize) -> Option<MenuItem> {
        let Some(members) = value.as_object() else {
            self.problem(place, "kind", "an item has to be an object".to_owned());
            return None;
        };
        for name in members.keys().filter(|it| !MEMBERS.contains(&it.as_str())) {
            let message = format!("an item has `{}`, not `{name}`", MEMBERS.join("`, `"));
            self.problem(&format!("{place}.{name}"), "unknown-key", message);
        }
        let member = |name: &str| members.get(name).filter(|it| !it.is_null());
        let label = member("label").and_then(|it| self.label(it, &format!("{place}.label")));
        let labels = member("labels").map(|it| self.labels(it, &format!("{place}.labels")));
        let target = self.target(members, place);
        let new_tab = member("new_tab").map(|it| self.flag(it, &format!("{place}.new_tab")));
        let below = format!("{place}.items");
        let items = member("items").map(|it| self.items(it, &below, depth + 1));
        if target == Some(MenuTarget::Nothing) && member("label").is_none() {
            let message = "an item without `entry`, `collection` and `to` needs a label".to_owned();
            self.problem(&format!("{place}.label"), "required", message);
        }
        if matches!(target, Some(MenuTarget::Address(_))) && member("label").is_none() {
            let message = "an item that leads to an address needs a label".to_owned();
            self.problem(&format!("{place}.label"), "required", message);
        }
        Some(MenuItem {
            label,
            labels: labels.unwrap_or_default(),
            target: target?,
            new_tab: new_tab.unwrap_or_default(),
            items: items.unwrap_or_default(),
        })
    }

    /// Where an item leads; `None` when something is wrong with it.
    fn target(&mut self, members: &Map<String, Value>, place: &str) -> Option<MenuTarget> {
        let given = |it: &&str| members.get(*it).is_some_and(|it| !it.is_null());
        let names: Vec<&str> = ["entry", "collection", "to"].into_iter().filter(given).collect();
        let (name, value) = match names.as_slice() {
            [] => return Some(MenuTarget::Nothing),
            [one] => (*one, members.get(*one)?),
            [_, second, ..] => {
                let message = "an item has one of `entry`, `collection` and `to`".to_owned();
                self.problem(&format!("{place}.{second}"), "both", message);
                return None;
            }
        };
        let text = value.as_str().unwrap_or_default();
        let target = match name {
            "entry" => EntryId::parse(text).map(MenuTarget::Entry).map_err(|it| it.to_string()),
            "collection" => {
                CollectionName::parse(text).map(MenuTarget::Collection).map_err(|it| it.to_string())
            }
            _ => address(text).map(MenuTarget::Address),
        };
        match target {
            Ok(target) => Some(target),
            Err(message) => {
                self.problem(&format!("{place}.{name}"), name, message);
                None
            }
        }
    }

    fn label(&mut self, value: &Value, place: &str) -> Option<String> {
        let text = value.as_str().map(str::trim).unwrap_or_default();
        let len = text.chars().count();
        if (1..=MENU_LABEL_LEN_MAX).contains(&len) && !text.chars().any(char::is_control) {
            return Some(text.to_owned());
        }
        let message = format!(
            "a label is text of 1 to {MENU_LABEL_LEN_MAX} characters on one line; this has {len}"
        );
        self.problem(place, "label", message);
        None
    }

    fn labels(&mut self, value: &Value, place: &str) -> BTreeMap<Locale, String> {
        let Some(members) = value.as_object() else {
            let message = "`labels` has to be an object with languages as names".to_owned();
            self.problem(place, "kind", message);
            return BTreeMap::new();
        };
        let mut labels = BTreeMap::new();
        for (tag, value) in members {
            let place = format!("{place}.{tag}");
            match Locale::parse(tag) {
                Ok(locale) => labels.extend(self.label(value, &place).map(|it| (locale, it))),
                Err(error) => self.problem(&place, "locale", error.to_string()),
            }
        }
        labels
    }

    fn flag(&mut self, value: &Value, place: &str) -> bool {
        value.as_bool().unwrap_or_else(|| {
            self.problem(place, "kind", "this has to be true or false".to_owned());
            false
        })
    }

    fn problem(&mut self, place: &str, code: &str, message: String) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(Problem::field(place, code, message));
        }
    }
}

/// An address that a page may lead to.
fn address(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.len() > MENU_ADDRESS_LEN_MAX {
        return Err(format!(
            "the address has {} bytes; {MENU_ADDRESS_LEN_MAX} is the limit",
            text.len()
        ));
    }
    let is_path = text.starts_with('/') && !text.starts_with("//");
    let starts =
        |it: &&str| text.get(..it.len()).is_some_and(|start| start.eq_ignore_ascii_case(it));
    let is_elsewhere = SCHEMES.iter().any(|it| starts(it) && text.len() > it.len());
    let odd = |it: char| it.is_whitespace() || it.is_control() || it == '\\';
    if !(is_path || is_elsewhere) || text.chars().any(odd) {
        return Err(
            "an address is a path of the site, like /about, or begins with https://, http://, mailto: or tel:, and has no spaces"
                .to_owned(),
        );
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{items_of_json, items_to_json};

    #[test]
    fn what_is_written_is_read_back() {
        let items = json!([
            { "label": "Home", "to": "/" },
            { "entry": "01900000-0000-7000-8000-000000000001", "new_tab": true },
            { "label": "Topics", "labels": { "de": "Themen" }, "items": [
                { "collection": "posts", "items": [{ "label": "Mail", "to": "mailto:a@b.test" }] }
            ] },
        ]);
        let read = items_of_json(&items).unwrap();
        assert_eq!(items_to_json(&read), items);
        assert_eq!(items_of_json(&json!([])), Ok(Vec::new()));
    }

    #[track_caller]
    fn refused(items: Value, expected: &[(&str, &str)]) {
        let problems = items_of_json(&items).unwrap_err();
        let told: Vec<(String, String)> =
            problems.into_iter().map(|it| (it.field.unwrap_or_default(), it.code)).collect();
        let expected: Vec<(String, String)> =
            expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(told, expected, "{items}");
    }

    #[test]
    fn everything_that_is_wrong_is_told_by_its_place() {
        refused(json!({}), &[("items", "kind")]);
        refused(json!([1]), &[("items[0]", "kind")]);
        refused(json!([{}]), &[("items[0].label", "required")]);
        refused(json!([{ "to": "/a" }]), &[("items[0].label", "required")]);
        let odd =
            json!([{ "label": "a", "items": [{ "label": "", "to": "//evil.test", "url": 1 }] }]);
        refused(
            odd,
            &[
                ("items[0].items[0].url", "unknown-key"),
                ("items[0].items[0].label", "label"),
                ("items[0].items[0].to", "to"),
            ],
        );
        refused(json!([{ "label": "a", "to": "/", "entry": "x" }]), &[("items[0].to", "both")]);
        refused(json!([{ "entry": "x" }]), &[("items[0].entry", "entry")]);
        refused(json!([{ "collection": "X" }]), &[("items[0].collection", "collection")]);
        refused(
            json!([{ "label": "a", "labels": { "x": "a" } }]),
            &[("items[0].labels.x", "locale")],
        );
        refused(json!([{ "label": "a", "new_tab": 1 }]), &[("items[0].new_tab", "kind")]);
        for to in ["javascript:alert(1)", "a b", "/a b", "https://", "\\a", "data:x", ""] {
            refused(json!([{ "label": "a", "to": to }]), &[("items[0].to", "to")]);
        }
    }

    #[test]
    fn a_menu_has_limits() {
        let item = json!({ "label": "a" });
        assert!(items_of_json(&json!(vec![item.clone(); 200])).is_ok());
        refused(json!(vec![item.clone(); 201]), &[("items", "too-many")]);
        let nested =
            |depth| (1..depth).fold(item.clone(), |it, _| json!({ "label": "a", "items": [it] }));
        assert!(items_of_json(&json!([nested(5)])).is_ok());
        let place = "items[0].items[0].items[0].items[0].items[0].items";
        refused(json!([nested(6)]), &[(place, "too-deep")]);
        refused(json!([{ "label": "a".repeat(201) }]), &[("items[0].label", "label")]);
    }
}
