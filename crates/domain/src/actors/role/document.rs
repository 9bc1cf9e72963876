//! Roles as documents: how they are written in the API and kept in the store.
//!
//! ```json
//! {
//!   "label": "Copywriter",
//!   "base": "contributor",
//!   "collections": {
//!     "posts": { "read_drafts": "any", "create": "any", "update": "own", "fields": { "price": "read_only" } },
//!     "*": { "read_drafts": "own" }
//!   },
//!   "assets": ["list", "upload"],
//!   "site": "none"
//! }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::custom::{LABEL_LEN_MAX, ROLE_COLLECTIONS_MAX, ROLE_FIELDS_MAX};
use super::{CollectionRule, CustomRole, FieldReach, Reach, RoleName, SiteRight};
use crate::Problem;
use crate::actors::{AssetPermission, Permission, Rank};
use crate::collections::{CollectionName, FieldName};

/// What stands for every collection without a rule of its own.
const ELSEWHERE: &str = "*";
const KEYS: [&str; 5] = ["label", "base", "collections", "assets", "site"];

type Problems = Vec<Problem>;
type Rules = BTreeMap<CollectionName, CollectionRule>;

impl CustomRole {
    /// Reads a document, or says all that is wrong with it.
    pub fn read(name: RoleName, document: &Value) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::new();
        if name.built_in().is_some() {
            let message = format!("`{name}` is a built-in role, which cannot be changed");
            problems.push(Problem::field("name", "built-in", message));
        }
        let Some(members) = object("", document, &KEYS, &mut problems) else {
            return Err(problems);
        };
        let label = label(members, &mut problems);
        let base = base(members, &mut problems);
        let (collections, elsewhere) = rules(members, &mut problems);
        let assets = assets(members, &mut problems);
        let site = member(members, "site")
            .and_then(|it| choice("site", it, SiteRight::ALL, SiteRight::name, &mut problems));
        match base {
            Some(base) if problems.is_empty() => {
                Ok(Self { name, label, base, collections, elsewhere, assets, site })
            }
            _ => Err(problems),
        }
    }

    /// The document of this role, without its name.
    pub fn document(&self) -> Value {
        let rules = self.collections.iter().map(|(name, rule)| (name.to_string(), rule));
        let elsewhere = self.elsewhere.iter().map(|rule| (ELSEWHERE.to_owned(), rule));
        let rules: Map<String, Value> =
            rules.chain(elsewhere).map(|(name, rule)| (name, rule.document())).collect();
        let mut document = Map::new();
        document.insert("label".to_owned(), json!(self.label));
        document.insert("base".to_owned(), json!(self.base.name()));
        document.insert("collections".to_owned(), Value::Object(rules));
        if let Some(held) = &self.assets {
            let names: Vec<_> = held.iter().map(|it| it.name()).collect();
            document.insert("assets".to_owned(), json!(names));
        }
        if let Some(site) = self.site {
            document.insert("site".to_owned(), json!(site.name()));
        }
        Value::Object(document)
    }
}

impl CollectionRule {
    fn document(&self) -> Value {
        let reaches = Permission::ALL.into_iter().map(|it| (it, self.reach(it)));
        let given = reaches.filter(|(_, reach)| *reach != Reach::None);
        let mut members: Map<String, Value> =
            given.map(|(it, reach)| (it.name().to_owned(), json!(reach.name()))).collect();
        if !self.fields.is_empty() {
            let fields: Map<String, Value> =
                self.fields.iter().map(|(name, it)| (name.clone(), json!(it.name()))).collect();
            members.insert("fields".to_owned(), Value::Object(fields));
        }
        Value::Object(members)
    }
}

fn label(members: &Map<String, Value>, problems: &mut Problems) -> String {
    let text = member(members, "label").and_then(Value::as_str).unwrap_or_default().trim();
    let well = (1..=LABEL_LEN_MAX).contains(&text.chars().count());
    if !well || text.chars().any(char::is_control) {
        let message =
            format!("a role needs a `label` of 1 to {LABEL_LEN_MAX} printable characters");
        problems.push(Problem::field("label", "required", message));
    }
    text.to_owned()
}

fn base(members: &Map<String, Value>, problems: &mut Problems) -> Option<Rank> {
    let bases = Rank::ALL.into_iter().filter(|it| *it != Rank::Owner);
    let Some(value) = member(members, "base") else {
        let message = "a role needs a `base`: the built-in role that holds where no rule does";
        problems.push(Problem::field("base", "required", message));
        return None;
    };
    choice("base", value, bases, Rank::name, problems)
}

fn rules(members: &Map<String, Value>, problems: &mut Problems) -> (Rules, Option<CollectionRule>) {
    let (mut rules, mut elsewhere) = (Rules::new(), None);
    let Some(value) = member(members, "collections") else { return (rules, elsewhere) };
    let Some(given) = value.as_object() else {
        let message = "`collections` has to be an object: rules by the names of collections";
        problems.push(Problem::field("collections", "kind", message));
        return (rules, elsewhere);
    };
    if given.len() > ROLE_COLLECTIONS_MAX {
        let message = format!("a role has rules for at most {ROLE_COLLECTIONS_MAX} collections");
        problems.push(Problem::field("collections", "too-many", message));
        return (rules, elsewhere);
    }
    for (name, value) in given {
        let path = format!("collections.{name}");
        let Some(rule) = rule(&path, value, problems) else { continue };
        match CollectionName::parse(name) {
            _ if name == ELSEWHERE => elsewhere = Some(rule),
            Ok(name) => drop(rules.insert(name, rule)),
            Err(error) => problems.push(Problem::field(&path, "malformed", error.to_string())),
        }
    }
    (rules, elsewhere)
}

fn rule(path: &str, value: &Value, problems: &mut Problems) -> Option<CollectionRule> {
    let keys: Vec<&str> = Permission::ALL.iter().map(|it| it.name()).chain(["fields"]).collect();
    let members = object(path, value, &keys, problems)?;
    let given = Permission::ALL.map(|permission| {
        let found = member(members, permission.name())?;
        choice(&format!("{path}.{}", permission.name()), found, Reach::ALL, Reach::name, problems)
    });
    let place = |permission| Permission::ALL.iter().position(|it| *it == permission);
    let mut rule = CollectionRule::new(|permission| {
        let found = place(permission).and_then(|it| given.get(it).copied());
        found.flatten().unwrap_or_default()
    });
    refuse_blind(path, &rule, problems);
    if let Some(fields) = member(members, "fields") {
        rule.fields = fields_of(&format!("{path}.fields"), fields, problems);
    }
    Some(rule)
}

/// Who changes an entry is shown it: a right that reaches further than reading does would show what is hidden.
fn refuse_blind(path: &str, rule: &CollectionRule, problems: &mut Problems) {
    let seen = rule.reach(Permission::ReadDrafts);
    for permission in Permission::ALL {
        let reach = match permission {
            Permission::Create => rule.reach(permission).min(Reach::Own),
            _ => rule.reach(permission),
        };
        if reach > seen {
            let (name, reach) = (permission.name(), reach.name());
            let message = format!(
                "`{name}` needs `read_drafts` to be `{reach}` too: who does it is shown the entry"
            );
            problems.push(Problem::field(&format!("{path}.{name}"), "blind", message));
        }
    }
}

fn fields_of(path: &str, value: &Value, problems: &mut Problems) -> BTreeMap<String, FieldReach> {
    let Some(given) = value.as_object().filter(|it| it.len() <= ROLE_FIELDS_MAX) else {
        let message =
            format!("`fields` has to be an object of at most {ROLE_FIELDS_MAX} names of fields");
        problems.push(Problem::field(path, "kind", message));
        return BTreeMap::new();
    };
    let mut fields = BTreeMap::new();
    for (name, value) in given {
        let path = format!("{path}.{name}");
        if let Err(error) = FieldName::parse(name) {
            problems.push(Problem::field(&path, "malformed", error.to_string()));
            continue;
        }
        let reach = choice(&path, value, FieldReach::ALL, FieldReach::name, problems);
        match reach {
            Some(FieldReach::Change) | None => {}
            Some(reach) => drop(fields.insert(name.clone(), reach)),
        }
    }
    fields
}

fn assets(
    members: &Map<String, Value>,
    problems: &mut Problems,
) -> Option<BTreeSet<AssetPermission>> {
    let value = member(members, "assets")?;
    let Some(list) = value.as_array() else {
        let message = "`assets` has to be a list of list, upload, change and delete";
        problems.push(Problem::field("assets", "kind", message));
        return None;
    };
    let held = list.iter().filter_map(|it| {
        choice("assets", it, AssetPermission::ALL, AssetPermission::name, problems)
    });
    Some(held.collect())
}

/// A member; null counts as absent.
fn member<'a>(members: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    members.get(key).filter(|it| !it.is_null())
}

fn object<'a>(
    path: &str,
    value: &'a Value,
    keys: &[&str],
    problems: &mut Problems,
) -> Option<&'a Map<String, Value>> {
    let Some(members) = value.as_object() else {
        let message = "this has to be an object of keys and values";
        problems.push(Problem::field(path, "kind", message));
        return None;
    };
    for key in members.keys().filter(|key| !keys.contains(&key.as_str())) {
        let message =
            format!("there is no `{key}` here{}", crate::meant(key, keys.iter().copied()));
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        problems.push(Problem::field(&path, "unknown-key", message));
    }
    Some(members)
}

/// One of the things that a text can stand for.
fn choice<T: Copy>(
    path: &str,
    value: &Value,
    all: impl IntoIterator<Item = T>,
    name: impl Fn(T) -> &'static str,
    problems: &mut Problems,
) -> Option<T> {
    let all: Vec<T> = all.into_iter().collect();
    let found = value.as_str().and_then(|text| all.iter().copied().find(|it| name(*it) == text));
    if found.is_none() {
        let names: Vec<&str> = all.iter().map(|it| name(*it)).collect();
        let message = format!("this has to be one of {}, not {value}", names.join(", "));
        problems.push(Problem::field(path, "unknown", message));
    }
    found
}
