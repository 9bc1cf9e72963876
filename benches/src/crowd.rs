//! Very many entries, written into the database of a site while nobody serves it.

use std::path::Path;

use serde_json::json;
use smartcms_app::ports::{EntryChanges, EntryFacts, EntryStore as _, EntryWrite, SideFacts};
use smartcms_domain::Timestamp;
use smartcms_domain::collections::{CollectionName, Reference, Target};
use smartcms_domain::entries::{Entry, EntryId, Fields, NewEntry, RevisionRecord, Slug};
use smartcms_domain::events::{Event, EventKind};
use smartcms_domain::locales::Locale;
use smartcms_store_sql::{SqliteSettings, SqliteStore};
use uuid::Uuid;

use crate::words::Chance;

/// Authors and tags that posts point to.
const AUTHORS: u64 = 100;
const TAGS: u64 = 500;
const TAGS_OF_A_POST: u64 = 3;
/// Words of a post.
const TITLE_LEN: usize = 6;
const BODY_LEN: usize = 120;
/// Entries of one commit.
const BATCH_LEN: u128 = 500;
/// The time between two posts, in milliseconds: some hours.
const POST_MILLIS: i64 = 7_200_000;
const FIRST_POST_AT: i64 = 1_000_000_000_000;

/// Kinds of entries; the numbers of their ids begin there.
const FIRST_AUTHOR: u128 = 1 << 40;
const FIRST_TAG: u128 = 2 << 40;
/// The post with this number more has the next one.
pub const FIRST_POST: u128 = 3 << 40;

/// Fills the site whose database this is with so many public posts, each with an author and tags.
pub async fn fill(database: &Path, posts: u128) -> anyhow::Result<()> {
    let store = SqliteStore::open(database, &SqliteSettings::default())?;
    let mut chance = Chance::new(1);
    let mut people = Vec::new();
    for number in 0..u128::from(AUTHORS) {
        let name = json!({ "name": format!("Author {number}") });
        people.push(public("authors", FIRST_AUTHOR + number, name, Vec::new(), "")?);
    }
    for number in 0..u128::from(TAGS) {
        let name = json!({ "name": format!("Tag {number}") });
        people.push(public("tags", FIRST_TAG + number, name, Vec::new(), "")?);
    }
    store.write(EntryChanges { writes: people, ..EntryChanges::default() }).await?;
    for start in (0..posts).step_by(usize::try_from(BATCH_LEN)?) {
        let numbers = start..(start + BATCH_LEN).min(posts);
        let writes = numbers.map(|it| post(it, &mut chance)).collect::<anyhow::Result<_>>()?;
        store.write(EntryChanges { writes, ..EntryChanges::default() }).await?;
    }
    Ok(())
}

/// The id of the post with this number.
#[must_use]
pub fn post_id(number: u128) -> String {
    id(FIRST_POST + number).to_string()
}

/// The post with this number, as it is first written.
pub fn post(number: u128, chance: &mut Chance) -> anyhow::Result<EntryWrite> {
    let author = id(FIRST_AUTHOR + u128::from(chance.below(AUTHORS)));
    let mut tags: Vec<EntryId> = Vec::new();
    for _ in 0..TAGS_OF_A_POST {
        let tag = id(FIRST_TAG + u128::from(chance.below(TAGS)));
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let (title, body) = (chance.text(TITLE_LEN), chance.text(BODY_LEN));
    let fields = json!({
        "title": title,
        "excerpt": chance.text(20),
        "body": body,
        "authors": [author.to_string()],
        "tags": tags.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    let reference =
        |field: &str, it: EntryId| Reference { field: field.to_owned(), target: Target::Entry(it) };
    let mut references = vec![reference("authors", author)];
    references.extend(tags.into_iter().map(|it| reference("tags", it)));
    public("posts", FIRST_POST + number, fields, references, &body)
}

fn id(number: u128) -> EntryId {
    EntryId::new(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | number))
}

fn public(
    collection: &str,
    number: u128,
    fields: serde_json::Value,
    references: Vec<Reference>,
    text: &str,
) -> anyhow::Result<EntryWrite> {
    let at = i64::try_from(number & 0xff_ffff_ffff)? * POST_MILLIS;
    let at = Timestamp::from_millis(FIRST_POST_AT + at)?;
    let title = fields.get("title").or_else(|| fields.get("name")).and_then(|it| it.as_str());
    let facts = SideFacts {
        references,
        title: title.unwrap_or_default().to_owned(),
        text: text.to_owned(),
    };
    let fields: Fields = serde_json::from_value(fields)?;
    let new = NewEntry {
        id: id(number),
        collection: CollectionName::parse(collection)?,
        locale: Locale::english(),
        group: None,
        slug: Slug::parse(&format!("e{number}"))?,
        fields,
        created_by: "token bench".to_owned(),
    };
    let entry = Entry::create(new, at).publish(at)?;
    Ok(EntryWrite {
        previous: None,
        record: RevisionRecord {
            revision: entry.revision,
            change: EventKind::EntryPublished,
            slug: entry.slug.clone(),
            fields: entry.fields.clone(),
            author: "token bench".to_owned(),
            message: None,
            help: Vec::new(),
            at,
        },
        event: Event {
            id: *entry.id.as_uuid(),
            kind: EventKind::EntryPublished,
            at,
            collection: entry.collection.clone(),
            entry: entry.id,
            revision: entry.revision,
        },
        facts: EntryFacts { newest: Some(facts.clone()), live: Some(facts) },
        entry,
    })
}
