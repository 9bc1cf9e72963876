//! Definitions, and the one moment in which they change.

use std::sync::Arc;

use serde_json::{Value, json};
use smartcms_app::ports::{
    DefinitionRecord, DefinitionStore, Digest, EntryChanges, EntryFacts, EntryPurge, EntryRewrite,
    EntryStore, Listing, Origin, Outbox, RedefineError, Redefinition, SearchIndex, Side, SideFacts,
    StagedEntry, WriteError,
};
use smartcms_domain::collections::{
    CollectionDefinition, FieldDefinition, FieldKind, FieldName, Reference, Target,
};
use smartcms_domain::entries::{Entry, Revision};
use smartcms_domain::events::EventKind;
use uuid::Uuid;

use crate::builders::{
    at, changed, collection, created, draft, entry_id, fields, plugin, posts, slug,
};

/// A store that keeps definitions beside entries.
pub trait DefiningStore: DefinitionStore + EntryStore + Outbox + SearchIndex {}
impl<S: DefinitionStore + EntryStore + Outbox + SearchIndex> DefiningStore for S {}

/// The promises of [`DefinitionStore`], and of [`EntryStore::duplicates`]. The store has to be new.
pub async fn definitions(store: &dyn DefiningStore) {
    records(store).await;
    rewriting(store).await;
    purging(store).await;
    unique(store).await;
    computing(store).await;
}

/// Which component computed the values of a plugin changes with the definitions, and with nothing else.
async fn computing(store: &dyn DefiningStore) {
    let by = |byte: u8| (plugin("text"), Digest::from_bytes([byte; 32]));
    let other = (plugin("another"), Digest::from_bytes([9; 32]));
    for (computed, known) in [
        (vec![by(1), other.clone()], vec![other.clone(), by(1)]),
        (vec![], vec![other.clone(), by(1)]),
        (vec![by(2)], vec![other.clone(), by(2)]),
    ] {
        let next = Redefinition { computed, ..change(store, Vec::new()).await };
        store.redefine(next.clone()).await.unwrap();
        assert_eq!(store.definitions().await.unwrap().computed, known);
        let stale = Redefinition { computed: vec![by(7)], ..next };
        assert!(matches!(store.redefine(stale).await, Err(RedefineError::Stale)));
        assert_eq!(store.definitions().await.unwrap().computed, known);
    }
}

const CHANGE: Uuid = Uuid::from_u128(0xc0);

fn named(name: &str) -> CollectionDefinition {
    CollectionDefinition { name: collection(name), url: None, ..posts() }
}

fn record(definition: CollectionDefinition, revision: u64) -> DefinitionRecord {
    DefinitionRecord {
        definition,
        origin: Origin::File,
        revision: Revision::new(revision),
        changed_at: at(1_000),
        changed_by: "operator".to_owned(),
    }
}

/// A change of these definitions, and of nothing else.
async fn change(store: &dyn DefiningStore, records: Vec<DefinitionRecord>) -> Redefinition {
    let known = store.definitions().await.unwrap();
    let stays = |it: &&DefinitionRecord| {
        records.iter().all(|new| new.definition.name != it.definition.name)
    };
    let all = known.records.iter().filter(stays).chain(&records);
    let all = all.map(|it| Arc::new(it.definition.clone())).collect();
    Redefinition {
        change: CHANGE,
        generation: known.generation,
        records,
        removed: Vec::new(),
        computed: Vec::new(),
        looked_at: Vec::new(),
        seen: store.newest().await.unwrap(),
        all,
    }
}

async fn records(store: &dyn DefiningStore) {
    assert_eq!(store.definitions().await.unwrap().records, [], "nothing was applied");
    let before = store.generation().await.unwrap();
    let both = vec![record(named("b"), 1), record(named("a"), 1)];
    let first = change(store, both.clone()).await;
    let generation = store.redefine(first.clone()).await.unwrap();
    assert!(generation > before);
    assert_eq!(store.generation().await.unwrap(), generation);
    let [b, a] = both.try_into().unwrap();
    let known = store.definitions().await.unwrap();
    assert_eq!((known.generation, known.records), (generation, vec![a, b]), "by name, whole");
    assert!(matches!(store.redefine(first).await, Err(RedefineError::Stale)), "another was first");
    let other = DefinitionRecord { origin: Origin::Database, ..record(named("a"), 2) };
    let next =
        Redefinition { removed: vec![collection("b")], ..change(store, vec![other.clone()]).await };
    let next_generation = store.redefine(next).await.unwrap();
    assert_eq!(store.definitions().await.unwrap().records, [other]);
    let stale = |generation| EntryChanges {
        generation: Some(generation),
        ..created(&draft(&collection("a"), 90, "stale")).into()
    };
    let refused = store.write(stale(generation)).await;
    assert!(matches!(refused, Err(WriteError::Redefined)), "it was checked by other definitions");
    store.write(stale(next_generation)).await.unwrap();
}

/// The rewrite of an entry whose newest and public values are these afterwards.
fn rewrite(before: &Entry, newest: Value, live: Option<Value>, event: u128) -> StagedEntry {
    let entry = before.clone().redefined(fields(newest), live.map(fields), at(9_000)).unwrap();
    let write = changed(before, entry.clone(), EventKind::EntryPublished);
    let target = Target::Entry(entry_id(77));
    let references = vec![Reference { field: "new".to_owned(), target }];
    let facts = SideFacts { references, ..SideFacts::default() };
    let live = entry.live.as_ref().map(|_| facts.clone());
    StagedEntry::Rewrite(Box::new(EntryRewrite {
        previous: before.revision,
        author: "operator".to_owned(),
        message: "the definition changed".to_owned(),
        event: smartcms_domain::events::Event {
            id: Uuid::from_u128(event),
            at: at(9_000),
            ..write.event
        },
        facts: EntryFacts { newest: Some(facts), live },
        entry,
    }))
}

async fn stored(store: &dyn DefiningStore, entry: &Entry) -> Entry {
    EntryStore::find(store, entry.id).await.unwrap().unwrap()
}

async fn rewriting(store: &dyn DefiningStore) {
    let here = collection("rewritten");
    let plain = draft(&here, 100, "plain");
    store.write(created(&plain).into()).await.unwrap();
    let first = draft(&here, 101, "public");
    let public = first.clone().publish(at(2_000)).unwrap();
    let newer =
        public.clone().save(slug("newer"), fields(json!({ "title": "D" })), at(3_000)).unwrap();
    store.write(created(&first).into()).await.unwrap();
    store.write(changed(&first, public.clone(), EventKind::EntryPublished).into()).await.unwrap();
    store.write(changed(&public, newer.clone(), EventKind::EntryUpdated).into()).await.unwrap();
    let staged = |event| {
        vec![
            rewrite(&plain, json!({ "new": "plain" }), None, event),
            rewrite(&newer, json!({ "new": "D" }), Some(json!({ "new": "public" })), event + 1),
        ]
    };
    let ids = vec![plain.id, newer.id];
    let definition = change(store, vec![record(named("rewritten"), 1)]).await;
    let definition = Redefinition { looked_at: vec![here.clone()], ..definition };
    store.stage(CHANGE, ids.clone(), staged(1)).await.unwrap();
    assert_eq!(stored(store, &plain).await, plain, "what is put aside is seen by nobody");
    store.forget_staged().await.unwrap();
    store.stage(CHANGE, ids.clone(), staged(3)).await.unwrap();
    store.stage(CHANGE, ids, staged(5)).await.unwrap();
    store.stage(Uuid::from_u128(0xc1), vec![plain.id], staged(7)).await.unwrap();
    // Something happens before the swap.
    let late = draft(&here, 102, "late");
    store.write(created(&late).into()).await.unwrap();
    let moved = store.redefine(definition.clone()).await;
    assert!(matches!(moved, Err(RedefineError::Moved)), "{moved:?}");
    assert_eq!(stored(store, &plain).await, plain);
    let events = store.newest().await.unwrap();
    store.redefine(Redefinition { seen: events, ..definition }).await.unwrap();
    let after = stored(store, &plain).await;
    assert_eq!(
        (after.revision, after.fields),
        (Revision::new(2), fields(json!({ "new": "plain" })))
    );
    assert_eq!(after.updated_at, at(9_000));
    let after = stored(store, &newer).await;
    let live = after.live.clone().unwrap();
    assert_eq!((after.revision, live.revision), (Revision::new(5), Revision::new(4)));
    assert_eq!((after.slug.as_str(), live.slug.as_str()), ("newer", "public"));
    assert_eq!(live.fields, fields(json!({ "new": "public" })));
    history(store, &newer).await;
    let recorded = store.after(events, 10).await.unwrap();
    let mut ids: Vec<u128> = recorded.iter().map(|it| it.event.id.as_u128()).collect();
    ids.sort_unstable();
    assert_eq!(ids, [5, 6], "each once, those of this change alone");
    let pointing = store.referrers(Target::Entry(entry_id(77)), 10).await.unwrap();
    assert_eq!(pointing.len(), 2);
    assert_eq!(stored(store, &late).await, late);
    let pending = store.pending(1_000).await.unwrap();
    assert!(pending.contains(&plain.id) && pending.contains(&newer.id), "the search reads them");
}

async fn history(store: &dyn DefiningStore, entry: &Entry) {
    let records = store.revisions(entry.id, None, 10).await.unwrap();
    let told: Vec<_> = records
        .iter()
        .map(|it| (it.revision.number(), it.slug.as_str(), it.fields.clone()))
        .collect();
    let title = |name: &str| fields(json!({ "title": name }));
    let new = |name: &str| fields(json!({ "new": name }));
    assert_eq!(
        told,
        [
            (5, "newer", new("D")),
            (4, "public", new("public")),
            (3, "newer", title("D")),
            (2, "public", title("public")),
            (1, "public", title("public")),
        ]
    );
    let first = records.first().unwrap();
    assert_eq!(
        (first.author.as_str(), first.message.as_deref()),
        ("operator", Some("the definition changed"))
    );
    assert_eq!(first.change, EventKind::EntryPublished);
}

async fn purging(store: &dyn DefiningStore) {
    let here = collection("leaving");
    let leaving = draft(&here, 200, "leaving");
    let write = created(&leaving);
    store.write(write.clone().into()).await.unwrap();
    store.redefine(change(store, vec![record(named("leaving"), 1)]).await).await.unwrap();
    let event = smartcms_domain::events::Event {
        id: Uuid::from_u128(0xdead),
        kind: EventKind::EntryPurged,
        ..write.event
    };
    let purge = |previous| {
        StagedEntry::Purge(EntryPurge { id: leaving.id, previous, event: event.clone() })
    };
    let gone = Redefinition {
        removed: vec![here.clone()],
        looked_at: vec![here.clone()],
        ..change(store, Vec::new()).await
    };
    store.stage(CHANGE, vec![leaving.id], vec![purge(Revision::new(9))]).await.unwrap();
    let stale = store.redefine(gone.clone()).await;
    assert!(matches!(stale, Err(RedefineError::Moved)), "another revision is stored: {stale:?}");
    store.stage(CHANGE, vec![leaving.id], vec![purge(leaving.revision)]).await.unwrap();
    store.redefine(gone).await.unwrap();
    assert_eq!(EntryStore::find(store, leaving.id).await.unwrap(), None);
    assert_eq!(store.revisions(leaving.id, None, 10).await.unwrap(), []);
    let known = store.definitions().await.unwrap();
    assert!(known.records.iter().all(|it| it.definition.name != here));
    let last = store.newest().await.unwrap();
    let last = store.after(smartcms_app::ports::EventCursor(last.0 - 1), 1).await.unwrap();
    assert_eq!(last.first().unwrap().event, event);
    let query = smartcms_app::ports::EntryQuery {
        author: None,
        collection: here,
        listing: Listing::Newest(None),
        locale: None,
        fallbacks: Vec::new(),
        filter: None,
        sort: Vec::new(),
        limit: 10,
        after: None,
    };
    assert_eq!(store.list(&query).await.unwrap().entries, []);
}

async fn unique(store: &dyn DefiningStore) {
    let here = collection("unique_now");
    let code = FieldName::parse("code").unwrap();
    let with = |number: u128, value: Value| {
        let name = format!("e{number}");
        let entry = draft(&here, number, &name);
        Entry { fields: fields(json!({ "title": name, "code": value })), ..entry }
    };
    let entries = [
        with(300, json!("a")),
        with(301, json!("a")),
        with(302, json!("b")),
        with(303, json!("b")),
    ];
    for entry in &entries {
        store.write(created(entry).into()).await.unwrap();
    }
    let found = store.duplicates(&here, &code, 10).await.unwrap();
    let told: Vec<_> =
        found.iter().map(|it| (it.side, it.value.clone(), it.entries.clone())).collect();
    let pair = |value: &str, number: u128| {
        (Side::Newest, json!(value), vec![entry_id(number), entry_id(number + 1)])
    };
    assert_eq!(told, [pair("a", 300), pair("b", 302)]);
    assert_eq!(store.duplicates(&here, &code, 1).await.unwrap().len(), 1);
    let mut definition = named("unique_now");
    let field = FieldDefinition::new(code.clone(), FieldKind::Text);
    definition.fields.push(FieldDefinition { unique: true, ..field });
    let wanted = change(store, vec![record(definition, 1)]).await;
    let refused = store.redefine(wanted.clone()).await;
    let names = |it: &RedefineError| {
        matches!(it, RedefineError::NotUnique { collection, field }
        if collection == "unique_now" && field == "code")
    };
    assert!(refused.as_ref().is_err_and(names), "{refused:?}");
    let known = store.definitions().await.unwrap();
    assert!(known.records.iter().all(|it| it.definition.name != here), "nothing was changed");
    // A change that mends what is not unique in the same moment passes.
    let rewrites = |event: u128| {
        let [_, first, _, second] = &entries;
        let other = |entry: &Entry, event| {
            let values = json!({ "title": "x", "code": entry.id.to_string() });
            rewrite(entry, values, None, event)
        };
        vec![other(first, event), other(second, event + 1)]
    };
    let ids = entries.iter().map(|it| it.id).collect();
    store.stage(CHANGE, ids, rewrites(0x300)).await.unwrap();
    store.redefine(wanted).await.unwrap();
    assert_eq!(store.duplicates(&here, &code, 10).await.unwrap(), []);
}
