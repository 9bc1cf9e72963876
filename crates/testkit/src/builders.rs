//! Short ways to say what a test is about.

use serde_json::Value;
use smartcms_app::ports::{EntryFacts, EntryWrite};
use smartcms_domain::Timestamp;
use smartcms_domain::collections::{
    CollectionDefinition, CollectionName, FieldDefinition, FieldKind, FieldName, UrlPattern,
};
use smartcms_domain::entries::{Entry, EntryId, Fields, NewEntry, RevisionRecord, Slug};
use smartcms_domain::events::{Event, EventKind};
use smartcms_domain::locales::Locale;
use smartcms_domain::plugins::{Grants, PluginId};
use uuid::Uuid;

/// The collection `posts` of a new site.
pub fn posts() -> CollectionDefinition {
    definition(
        "posts",
        ("Posts", "Post"),
        "/posts/{slug}",
        vec![
            field("title", FieldKind::Text, true),
            field("excerpt", FieldKind::LongText, false),
            field("body", FieldKind::Markdown, false),
            field("reading_minutes", FieldKind::Integer, false),
        ],
    )
}

/// The collection `pages` of a new site.
pub fn pages() -> CollectionDefinition {
    let fields =
        vec![field("title", FieldKind::Text, true), field("body", FieldKind::Markdown, false)];
    let pages = definition("pages", ("Pages", "Page"), "/{slug}", fields);
    CollectionDefinition { listed: false, ..pages }
}

/// The name of a collection.
pub fn collection(name: &str) -> CollectionName {
    CollectionName::parse(name).unwrap()
}

/// A language.
pub fn locale(tag: &str) -> Locale {
    Locale::parse(tag).unwrap()
}

/// A slug.
pub fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

/// The id of a plugin.
pub fn plugin(id: &str) -> PluginId {
    PluginId::parse(id).unwrap()
}

/// Grants from their texts.
pub fn grants(texts: &[&str]) -> Grants {
    texts.iter().map(|it| it.parse().unwrap()).collect()
}

/// The instant this many milliseconds after the epoch.
pub fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).unwrap()
}

/// Fields from a JSON object.
pub fn fields(object: Value) -> Fields {
    serde_json::from_value(object).unwrap()
}

/// An id that ends with this number.
pub fn entry_id(number: u128) -> EntryId {
    EntryId::new(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | number))
}

/// A new draft with the slug as its title.
pub fn draft(collection: &CollectionName, number: u128, name: &str) -> Entry {
    let fields = fields(serde_json::json!({ "title": name }));
    let created = at(1_000 + i64::try_from(number).unwrap());
    let new = NewEntry {
        id: entry_id(number),
        collection: collection.clone(),
        locale: locale("en"),
        group: None,
        slug: slug(name),
        fields,
        created_by: "token test".to_owned(),
    };
    Entry::create(new, created)
}

/// The first write of an entry.
pub fn created(entry: &Entry) -> EntryWrite {
    write(None, entry.clone(), EventKind::EntryCreated)
}

/// The write that follows the one of `before`.
pub fn changed(before: &Entry, entry: Entry, kind: EventKind) -> EntryWrite {
    write(Some(before), entry, kind)
}

fn write(before: Option<&Entry>, entry: Entry, kind: EventKind) -> EntryWrite {
    let record = RevisionRecord {
        revision: entry.revision,
        change: kind,
        slug: entry.slug.clone(),
        fields: entry.fields.clone(),
        author: "token test".to_owned(),
        message: Some(format!("{kind}, says the test")),
        help: Vec::new(),
        at: entry.updated_at,
    };
    let number =
        entry.id.as_uuid().as_u128().wrapping_shl(16) | u128::from(entry.revision.number());
    let event = Event {
        id: Uuid::from_u128(number),
        kind,
        at: entry.updated_at,
        collection: entry.collection.clone(),
        entry: entry.id,
        revision: entry.revision,
    };
    let previous = before.map(|it| it.revision);
    EntryWrite { previous, entry, record, event, facts: EntryFacts::default() }
}

fn definition(
    name: &str,
    (label, label_one): (&str, &str),
    url: &str,
    fields: Vec<FieldDefinition>,
) -> CollectionDefinition {
    let definition = CollectionDefinition {
        name: collection(name),
        label: label.to_owned(),
        label_one: label_one.to_owned(),
        url: Some(UrlPattern::parse(url).unwrap()),
        listed: true,
        fields,
        title: FieldName::parse("title").unwrap(),
        body: Some(FieldName::parse("body").unwrap()),
        image: None,
        taxonomy: None,
        drafts: true,
    };
    definition.check().unwrap()
}

fn field(name: &str, kind: FieldKind, required: bool) -> FieldDefinition {
    let definition = FieldDefinition::new(FieldName::parse(name).unwrap(), kind);
    FieldDefinition { required, localized: true, ..definition }
}
