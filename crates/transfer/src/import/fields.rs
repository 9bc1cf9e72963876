//! The values of an entry, by the fields that take them.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value, json};
use smartcms_domain::collections::{FieldDefinition, FieldKind};
use smartcms_domain::entries::{EntryId, Fields};

use super::data::set_data;
use super::parts::Import;
use super::shape::{AUTHORS, EXCERPT, PARENT, PICTURE, Shape, TEXTS};
use super::tally::Tally;
use crate::html::plain_text;
use crate::item::ImportedEntry;
use crate::note::NoteKind;

/// Under which name the address of a picture is kept that could not be copied.
pub(super) const KEPT_PICTURE: &str = "picture";

impl Import {
    /// The values of an entry; what was done to them is noted on it.
    pub(super) async fn fields(
        &self,
        shape: &Shape,
        entry: &mut ImportedEntry,
        tally: &mut Tally,
    ) -> Fields {
        let mut fields = Fields::default();
        let mut notes = Vec::new();
        set_title(shape, &entry.title, &mut fields, &mut notes);
        for message in notes {
            entry.note(NoteKind::TextRepaired, message);
        }
        let mut kept = Map::new();
        let body = shape.definition.body.as_ref();
        if let Some(field) = body.and_then(|it| shape.definition.field(it.as_str())) {
            let body = self.body(entry, field, tally).await;
            fields.set(field.name.as_str(), body.value);
            if !body.kept.is_empty() {
                kept.insert("blocks".to_owned(), json!(body.kept));
            }
        }
        self.set_excerpt(shape, entry, &mut fields);
        self.set_relations(shape, entry, &mut fields, &mut kept);
        self.set_picture(shape, entry, &mut fields, &mut kept, tally).await;
        set_data(shape, entry, kept, &mut fields);
        fields
    }

    fn set_excerpt(&self, shape: &Shape, entry: &mut ImportedEntry, fields: &mut Fields) {
        let Some(excerpt) = entry.excerpt.take() else { return };
        let Some(field) = shape.field_of(EXCERPT, TEXTS) else {
            entry.note(NoteKind::FieldLeft, "its excerpt has no place");
            return;
        };
        let (text, is_shortened) = shortened(&excerpt, field);
        if is_shortened {
            entry.note(
                NoteKind::TextRepaired,
                "its excerpt was longer than the field allows, and was shortened",
            );
        }
        fields.set(field.name.as_str(), Value::String(text));
    }

    /// Authors, terms and the entry above, as relations where the site has them, else as data.
    fn set_relations(
        &self,
        shape: &Shape,
        entry: &mut ImportedEntry,
        fields: &mut Fields,
        kept: &mut Map<String, Value>,
    ) {
        let mut wanted: Vec<Wanted> = Vec::new();
        let authors = entry.authors.iter().map(|it| (it.clone(), self.id("author", it)));
        let names = AUTHORS.iter().map(|it| (*it).to_owned()).collect();
        wanted.push(Wanted { what: "authors".to_owned(), names, targets: authors.collect() });
        let mut by_taxonomy: BTreeMap<&str, Vec<(String, EntryId)>> = BTreeMap::new();
        for (taxonomy, key) in &entry.terms {
            let id = self.id("term", &format!("{taxonomy}:{key}"));
            by_taxonomy.entry(taxonomy).or_default().push((key.clone(), id));
        }
        for (taxonomy, targets) in by_taxonomy {
            let singular = taxonomy.strip_suffix('s').unwrap_or(taxonomy).to_owned();
            let names = vec![taxonomy.to_owned(), taxonomy.replace('-', "_"), singular];
            wanted.push(Wanted { what: taxonomy.to_owned(), names, targets });
        }
        let above = entry.parent.iter().map(|it| (it.clone(), self.id("entry", it)));
        let names = PARENT.iter().map(|it| (*it).to_owned()).collect();
        wanted.push(Wanted { what: "parent".to_owned(), names, targets: above.collect() });
        for wanted in wanted {
            self.relate(shape, wanted, entry, fields, kept);
        }
    }

    fn relate(
        &self,
        shape: &Shape,
        wanted: Wanted,
        entry: &mut ImportedEntry,
        fields: &mut Fields,
        kept: &mut Map<String, Value>,
    ) {
        let Wanted { what, names, targets } = wanted;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let field = shape.field_of(&names, &["relation"]);
        let (there, missing): (Vec<_>, Vec<_>) =
            targets.into_iter().partition(|(_, id)| field.is_some() && self.plan.has(*id));
        let mut kept_keys: Vec<String> = missing.into_iter().map(|(key, _)| key).collect();
        if let Some(field) = field {
            for key in &kept_keys {
                let message =
                    format!("its {what} `{key}` is not in the source or has no place here");
                entry.note(NoteKind::RelationLeft, message);
            }
            let mut ids: Vec<String> = there.iter().map(|(_, id)| id.to_string()).collect();
            ids.dedup();
            if is_many(field) && !ids.is_empty() {
                fields.set(field.name.as_str(), json!(ids));
            } else if let Some(first) = ids.first() {
                fields.set(field.name.as_str(), json!(first));
                kept_keys.extend(there.into_iter().skip(1).map(|(key, _)| key));
            }
        }
        if !kept_keys.is_empty() {
            kept.insert(what, json!(kept_keys));
        }
    }

    async fn set_picture(
        &self,
        shape: &Shape,
        entry: &mut ImportedEntry,
        fields: &mut Fields,
        kept: &mut Map<String, Value>,
        tally: &mut Tally,
    ) {
        let Some(picture) = entry.picture.take() else { return };
        let listed = self.survey.asset_of_key(&picture).map(|it| it.url.clone());
        let url = listed.unwrap_or_else(|| picture.clone());
        if !url.contains(['/', '.']) {
            let message = format!("its picture {picture} is not in the export");
            entry.note(NoteKind::MediaFailed, message);
            return;
        }
        let texts = std::mem::take(&mut entry.picture_texts);
        let stored = self.store_described(&url, texts, entry, tally).await;
        match (stored, shape.field_of(PICTURE, &["asset"])) {
            (Some(stored), Some(field)) => fields.set(field.name.as_str(), json!(stored.id)),
            _ => {
                kept.insert(KEPT_PICTURE.to_owned(), json!(url));
            }
        }
    }
}

/// What an entry points to.
struct Wanted {
    /// What it is called in notes and data.
    what: String,
    /// Fields that may take it, the likeliest first.
    names: Vec<String>,
    /// The source's keys, and the identities here.
    targets: Vec<(String, EntryId)>,
}

/// Sets the field that names an entry: there is always one, on one line, and not too long.
pub(super) fn set_title(shape: &Shape, title: &str, fields: &mut Fields, notes: &mut Vec<String>) {
    let Some(field) = shape.definition.field(shape.definition.title.as_str()) else { return };
    let title = plain_text(title);
    if title.is_empty() {
        notes.push("it had no title".to_owned());
        fields.set(field.name.as_str(), Value::String("Untitled".to_owned()));
        return;
    }
    let (text, is_shortened) = shortened(&title, field);
    if is_shortened {
        notes.push(format!(
            "its title was longer than the field allows, and was shortened: {title}"
        ));
    }
    fields.set(field.name.as_str(), Value::String(text));
}

pub(super) fn set_text(
    shape: &Shape,
    names: &[&str],
    text: Option<&str>,
    kinds: &[&str],
    fields: &mut Fields,
) {
    let (Some(text), Some(field)) = (text, shape.field_of(names, kinds)) else { return };
    let value = Value::String(shortened(text, field).0);
    // An address that is none would keep its author from being stored.
    let fits = !text.is_empty() && field.problems_of(Some(&value)).is_empty();
    if fits && fields.get(field.name.as_str()).is_none() {
        fields.set(field.name.as_str(), value);
    }
}

/// Text no longer than its field allows, ended at a word.
fn shortened(text: &str, field: &FieldDefinition) -> (String, bool) {
    let most = field.bounds.max.as_ref().and_then(Number::as_u64);
    let most = most.and_then(|it| usize::try_from(it).ok());
    let limit = most.unwrap_or_else(|| field.kind.default_len_max());
    if text.chars().count() <= limit {
        return (text.to_owned(), false);
    }
    let cut: String = text.chars().take(limit.saturating_sub(1)).collect();
    let end = cut.rfind(char::is_whitespace).filter(|it| *it > limit / 2).unwrap_or(cut.len());
    (format!("{}…", cut.get(..end).unwrap_or_default().trim_end()), true)
}

fn is_many(field: &FieldDefinition) -> bool {
    matches!(&field.kind, FieldKind::Relation(relation) if relation.many)
}
