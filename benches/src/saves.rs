//! Entries to save.

use serde_json::Value;
use smartcms_app::ports::{EntryFacts, EntryWrite};
use smartcms_domain::Timestamp;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Entry, EntryId, Fields, NewEntry, RevisionRecord, Slug};
use smartcms_domain::events::{Event, EventKind};
use smartcms_domain::locales::Locale;
use uuid::Uuid;

/// What one document holds, in bytes.
pub const DOCUMENT_BYTES: usize = 5 * 1024;

/// The body of a document of [`DOCUMENT_BYTES`].
#[must_use]
pub fn body() -> String {
    let line = "A line of an ordinary post, with words that compress no better than others do.\n";
    line.chars().cycle().take(DOCUMENT_BYTES).collect()
}

/// The first save of the entry with this number.
pub fn first(number: u128, body: &str) -> anyhow::Result<EntryWrite> {
    let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | number);
    let at = Timestamp::from_millis(i64::try_from(number)?)?;
    let collection = CollectionName::parse("posts")?;
    let slug = Slug::parse(&format!("entry-{number}"))?;
    let mut fields = Fields::default();
    fields.set("title", Value::from(format!("Entry {number}")));
    fields.set("body", Value::from(body));
    let entry = Entry::create(
        NewEntry {
            id: EntryId::new(id),
            collection,
            locale: Locale::english(),
            group: None,
            slug,
            fields,
            created_by: "token bench".to_owned(),
        },
        at,
    );
    let record = RevisionRecord {
        revision: entry.revision,
        change: EventKind::EntryCreated,
        slug: entry.slug.clone(),
        fields: entry.fields.clone(),
        author: "token bench".to_owned(),
        message: None,
        help: Vec::new(),
        at,
    };
    let event = Event {
        id,
        kind: EventKind::EntryCreated,
        at,
        collection: entry.collection.clone(),
        entry: entry.id,
        revision: entry.revision,
    };
    Ok(EntryWrite { entry, previous: None, record, event, facts: EntryFacts::default() })
}
