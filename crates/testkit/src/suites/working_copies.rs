//! What authors have not saved yet.

use serde_json::json;
use smartcms_app::ports::{EntryChanges, EntryPurge, EntryStore, KeepOutcome, WorkingCopies};
use smartcms_domain::entries::{Entry, Revision, WorkingCopy};
use smartcms_domain::events::EventKind;

use crate::builders::{at, changed, collection, created, draft, entry_id, fields};

/// The promises of [`WorkingCopies`], of entries that are in the other store.
pub async fn working_copies(entries: &dyn EntryStore, store: &dyn WorkingCopies) {
    a_copy_is_kept_in_the_place_of_the_one_before(entries, store).await;
    of_an_entry_only_so_many_have_a_copy(entries, store).await;
    who_is_at_an_entry_is_told_by_their_copies(entries, store).await;
    a_save_takes_its_own_copy_and_a_purge_takes_all(entries, store).await;
    old_copies_are_forgotten_the_oldest_first(entries, store).await;
}

async fn entry(entries: &dyn EntryStore, number: u128) -> Entry {
    let entry = draft(&collection("copied"), number, &format!("copied-{number:x}"));
    entries.write(created(&entry).into()).await.unwrap();
    entry
}

fn copy(of: &Entry, author: &str, millis: i64) -> WorkingCopy {
    WorkingCopy {
        entry: of.id,
        author: author.to_owned(),
        based_on: of.revision,
        slug: None,
        fields: fields(json!({ "title": "ü 🦀", "gone": null })),
        since: at(millis),
        updated_at: at(millis),
    }
}

async fn keep(store: &dyn WorkingCopies, copy: WorkingCopy) {
    assert_eq!(store.keep(copy, 20).await.unwrap(), KeepOutcome::Kept);
}

async fn a_copy_is_kept_in_the_place_of_the_one_before(
    entries: &dyn EntryStore,
    store: &dyn WorkingCopies,
) {
    let of = entry(entries, 0x3c_0001).await;
    assert_eq!(store.find(of.id, "ada").await.unwrap(), None);
    keep(store, copy(&of, "ada", 5_000)).await;
    keep(store, copy(&of, "bob", 6_000)).await;
    let next = WorkingCopy {
        based_on: Revision::new(7),
        slug: Some("half-typed-".to_owned()),
        fields: fields(json!({ "body": "x" })),
        since: at(5_000),
        ..copy(&of, "ada", 7_000)
    };
    keep(store, next.clone()).await;
    assert_eq!(store.find(of.id, "ada").await.unwrap(), Some(next));
    assert_eq!(store.find(of.id, "bob").await.unwrap(), Some(copy(&of, "bob", 6_000)));
    assert!(store.discard(of.id, "ada").await.unwrap());
    assert!(!store.discard(of.id, "ada").await.unwrap(), "it is gone");
    assert_eq!(store.find(of.id, "ada").await.unwrap(), None);
    assert_eq!(entries.find(of.id).await.unwrap(), Some(of), "the entry is as it was");
    let nowhere = WorkingCopy { entry: entry_id(0x3c_9999), ..copy(&draft_of(), "ada", 1) };
    assert_eq!(store.keep(nowhere, 20).await.unwrap(), KeepOutcome::NoEntry);
}

fn draft_of() -> Entry {
    draft(&collection("copied"), 0x3c_9998, "nowhere")
}

async fn of_an_entry_only_so_many_have_a_copy(entries: &dyn EntryStore, store: &dyn WorkingCopies) {
    let of = entry(entries, 0x3c_0002).await;
    for author in ["ada", "bob"] {
        assert_eq!(store.keep(copy(&of, author, 1_000), 2).await.unwrap(), KeepOutcome::Kept);
    }
    assert_eq!(store.keep(copy(&of, "eve", 1_000), 2).await.unwrap(), KeepOutcome::TooMany);
    assert_eq!(store.find(of.id, "eve").await.unwrap(), None);
    let own = store.keep(copy(&of, "ada", 2_000), 2).await.unwrap();
    assert_eq!(own, KeepOutcome::Kept, "who has one goes on");
}

async fn who_is_at_an_entry_is_told_by_their_copies(
    entries: &dyn EntryStore,
    store: &dyn WorkingCopies,
) {
    let (of, other) = (entry(entries, 0x3c_0003).await, entry(entries, 0x3c_0004).await);
    keep(store, copy(&of, "ada", 9_000)).await;
    keep(store, WorkingCopy { since: at(2_000), ..copy(&of, "bob", 8_000) }).await;
    keep(store, copy(&of, "eve", 7_999)).await;
    keep(store, copy(&other, "joe", 9_000)).await;
    let editing = store.editing(of.id, at(8_000)).await.unwrap();
    let told: Vec<_> =
        editing.iter().map(|it| (it.author.as_str(), it.since, it.updated_at)).collect();
    assert_eq!(told, [("bob", at(2_000), at(8_000)), ("ada", at(9_000), at(9_000))]);
}

async fn a_save_takes_its_own_copy_and_a_purge_takes_all(
    entries: &dyn EntryStore,
    store: &dyn WorkingCopies,
) {
    let of = entry(entries, 0x3c_0005).await;
    for author in ["ada", "bob"] {
        keep(store, copy(&of, author, 1_000)).await;
    }
    let saved = of.clone().save(of.slug.clone(), of.fields.clone(), at(2_000)).unwrap();
    let write = changed(&of, saved.clone(), EventKind::EntryUpdated);
    let mut changes = EntryChanges::from(write.clone());
    changes.saved_copies.push((of.id, "ada".to_owned()));
    entries.write(changes.clone()).await.unwrap();
    assert_eq!(store.find(of.id, "ada").await.unwrap(), None);
    assert!(store.find(of.id, "bob").await.unwrap().is_some());
    keep(store, copy(&of, "ada", 3_000)).await;
    assert!(entries.write(changes).await.is_err(), "it is stale");
    assert!(store.find(of.id, "ada").await.unwrap().is_some(), "what is refused takes nothing");
    let event = write.event;
    let purge = EntryPurge { id: of.id, previous: saved.revision, event };
    entries.write(EntryChanges { purges: vec![purge], ..EntryChanges::default() }).await.unwrap();
    for author in ["ada", "bob"] {
        assert_eq!(store.find(of.id, author).await.unwrap(), None);
    }
}

async fn old_copies_are_forgotten_the_oldest_first(
    entries: &dyn EntryStore,
    store: &dyn WorkingCopies,
) {
    let of = entry(entries, 0x3c_0006).await;
    for (author, millis) in [("ada", 300), ("bob", 100), ("eve", 200), ("joe", 400)] {
        keep(store, copy(&of, author, millis)).await;
    }
    assert_eq!(store.forget(at(400), 2).await.unwrap(), 2, "at most the limit");
    assert!(store.find(of.id, "ada").await.unwrap().is_some());
    assert_eq!(store.forget(at(400), 2).await.unwrap(), 1);
    assert_eq!(store.forget(at(400), 2).await.unwrap(), 0);
    assert!(store.find(of.id, "joe").await.unwrap().is_some(), "it is not older");
}
