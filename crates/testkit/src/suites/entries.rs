//! Entries and their history.

use serde_json::json;
use smartcms_app::ports::{EntryChanges, EntryStore, EntryWrite, Side, WriteError};
use smartcms_domain::entries::{Entry, Revision};
use smartcms_domain::events::EventKind;

use super::listings::listings;
use super::near::near;
use crate::builders::{at, changed, collection, created, draft, entry_id, fields, locale, slug};

/// The promises of [`EntryStore`].
pub async fn entries(store: &dyn EntryStore) {
    what_is_written_is_read_back(store).await;
    values_of_every_kind_survive(store).await;
    a_change_from_an_older_state_is_stale(store).await;
    of_two_changes_from_one_state_one_wins(store).await;
    several_states_of_one_entry_are_stored_together(store).await;
    what_was_seen_has_to_be_there_still(store).await;
    a_slug_belongs_to_one_entry_of_a_collection(store).await;
    a_slug_in_the_trash_is_free(store).await;
    the_public_slug_is_found_beside_a_renamed_draft(store).await;
    history_comes_in_pages(store).await;
    what_is_long_in_the_trash_is_found_in_its_order(store).await;
    long_histories_are_cut_but_for_the_newest_and_the_public_state(store).await;
    listings(store).await;
    near(store).await;
}

async fn what_is_written_is_read_back(store: &dyn EntryStore) {
    let first = draft(&collection("written"), 0xe1_0001, "first");
    assert_eq!(store.find(first.id).await.unwrap(), None);
    let write = created(&first);
    store.write(write.clone().into()).await.unwrap();
    assert_eq!(store.find(first.id).await.unwrap().as_ref(), Some(&first));

    let published = first.clone().publish(at(5_000)).unwrap();
    let saved = published.clone().save(slug("second"), fields(json!({"title": "B"})), at(6_000));
    let trashed = saved.clone().unwrap().trash(at(7_000)).unwrap();
    let mut before = first.clone();
    for (entry, kind) in [
        (published, EventKind::EntryPublished),
        (saved.unwrap(), EventKind::EntryUpdated),
        (trashed, EventKind::EntryTrashed),
    ] {
        store.write(changed(&before, entry.clone(), kind).into()).await.unwrap();
        assert_eq!(store.find(first.id).await.unwrap().as_ref(), Some(&entry), "{kind}");
        before = entry;
    }
    let stored = store.revision(first.id, Revision::FIRST).await.unwrap();
    assert_eq!(stored, Some(write.record), "history keeps what was");
    assert_eq!(store.revision(first.id, Revision::new(9)).await.unwrap(), None);
}

async fn several_states_of_one_entry_are_stored_together(store: &dyn EntryStore) {
    let first = draft(&collection("together"), 0xe1_0061, "first");
    let second = first.clone().publish(at(5_000)).unwrap();
    let mut changes = EntryChanges::from(created(&first));
    changes.writes.push(changed(&first, second.clone(), EventKind::EntryPublished));
    store.write(changes).await.unwrap();
    assert_eq!(store.find(first.id).await.unwrap(), Some(second));
    assert_eq!(store.revisions(first.id, None, 9).await.unwrap().len(), 2);
}

async fn what_was_seen_has_to_be_there_still(store: &dyn EntryStore) {
    let seen = draft(&collection("seen"), 0xe1_0071, "seen");
    store.write(created(&seen).into()).await.unwrap();
    for (number, revision) in [(0xe1_0072, 2), (0xe1_0073, 1)] {
        let new = draft(&collection("seen"), number, &format!("new-{number}"));
        let mut changes = EntryChanges::from(created(&new));
        changes.unchanged.push((seen.id, Revision::new(revision)));
        let outcome = store.write(changes).await;
        if revision == 1 {
            outcome.unwrap();
        } else {
            assert!(matches!(outcome, Err(WriteError::Stale(id)) if id == seen.id));
        }
        assert_eq!(store.find(new.id).await.unwrap().is_some(), revision == 1);
    }
}

async fn values_of_every_kind_survive(store: &dyn EntryStore) {
    let values = json!({
        "title": "ü € 🦀 \u{0} \u{2028} \" \\ </script> '; drop table entries; --",
        "empty": "",
        "integers": [0, -1, i64::MAX, i64::MIN, u64::MAX],
        "numbers": [0.5, -1.25e-9, 1e300],
        "flags": [true, false, null],
        "deep": {"a": {"b": [{"c": {}}, []]}},
        "": "a name without characters",
    });
    let entry = Entry { fields: fields(values), ..draft(&collection("values"), 0xe2_0001, "v") };
    let entry = entry.publish(at(2_000)).unwrap();
    store.write(created(&entry).into()).await.unwrap();
    assert_eq!(store.find(entry.id).await.unwrap(), Some(entry));
}

async fn a_change_from_an_older_state_is_stale(store: &dyn EntryStore) {
    let first = draft(&collection("stale"), 0xe3_0001, "first");
    let second = first.clone().publish(at(2_000)).unwrap();
    let late = first.clone().trash(at(3_000)).unwrap();
    store.write(created(&first).into()).await.unwrap();
    store.write(changed(&first, second.clone(), EventKind::EntryPublished).into()).await.unwrap();
    expect_stale(store, changed(&first, late, EventKind::EntryTrashed)).await;
    let twin = Entry { slug: slug("twin"), ..first.clone() };
    expect_stale(store, created(&twin)).await;
    let unknown = draft(&collection("stale"), 0xe3_0002, "unknown");
    let unknown_next = unknown.clone().publish(at(2_000)).unwrap();
    expect_stale(store, changed(&unknown, unknown_next, EventKind::EntryPublished)).await;
    assert_eq!(store.find(first.id).await.unwrap(), Some(second), "nothing was written");
    assert_eq!(store.revisions(first.id, None, 10).await.unwrap().len(), 2);
    assert_eq!(store.find(unknown.id).await.unwrap(), None);
}

async fn of_two_changes_from_one_state_one_wins(store: &dyn EntryStore) {
    let first = draft(&collection("race"), 0xe4_0001, "first");
    store.write(created(&first).into()).await.unwrap();
    let save = |name: &str| {
        let entry = first.clone().save(slug(name), first.fields.clone(), at(2_000)).unwrap();
        changed(&first, entry, EventKind::EntryUpdated)
    };
    let (one, two) = tokio::join!(store.write(save("one").into()), store.write(save("two").into()));
    let winner = match (one, two) {
        (Ok(()), Err(WriteError::Stale(_))) => "one",
        (Err(WriteError::Stale(_)), Ok(())) => "two",
        other => panic!("one wins and one is stale, not {other:?}"),
    };
    let stored = store.find(first.id).await.unwrap().unwrap();
    assert_eq!((stored.slug.as_str(), stored.revision), (winner, Revision::new(2)));
}

async fn a_slug_belongs_to_one_entry_of_a_collection(store: &dyn EntryStore) {
    let (here, there) = (collection("slugs"), collection("slugs_elsewhere"));
    let one = draft(&here, 0xe5_0001, "same");
    store.write(created(&one).into()).await.unwrap();
    expect_taken(store, created(&draft(&here, 0xe5_0002, "same"))).await;
    store.write(created(&draft(&there, 0xe5_0003, "same")).into()).await.unwrap();

    let public = one.clone().publish(at(2_000)).unwrap();
    store.write(changed(&one, public.clone(), EventKind::EntryPublished).into()).await.unwrap();
    let renamed = public.clone().save(slug("renamed"), one.fields.clone(), at(3_000)).unwrap();
    store.write(changed(&public, renamed, EventKind::EntryUpdated).into()).await.unwrap();
    let two = draft(&here, 0xe5_0004, "same");
    store.write(created(&two).into()).await.expect("a draft may have the slug that a draft left");
    let two_public = two.clone().publish(at(4_000)).unwrap();
    expect_taken(store, changed(&two, two_public, EventKind::EntryPublished)).await;
    assert_eq!(store.find(two.id).await.unwrap(), Some(two), "nothing was written");
}

async fn a_slug_in_the_trash_is_free(store: &dyn EntryStore) {
    let here = collection("trash");
    let old = draft(&here, 0xe6_0001, "same");
    let trashed = old.clone().trash(at(2_000)).unwrap();
    store.write(created(&old).into()).await.unwrap();
    store.write(changed(&old, trashed.clone(), EventKind::EntryTrashed).into()).await.unwrap();
    assert_eq!(
        store.find_by_slug(&here, &locale("en"), &old.slug, Side::Newest).await.unwrap(),
        None
    );
    let new = draft(&here, 0xe6_0002, "same");
    store.write(created(&new).into()).await.unwrap();
    let found = store.find_by_slug(&here, &locale("en"), &old.slug, Side::Newest).await.unwrap();
    assert_eq!(found, Some(new));
    let restored = trashed.clone().restore(at(3_000)).unwrap();
    expect_taken(store, changed(&trashed, restored, EventKind::EntryRestored)).await;
}

async fn the_public_slug_is_found_beside_a_renamed_draft(store: &dyn EntryStore) {
    let here = collection("sides");
    let first = draft(&here, 0xe7_0001, "public");
    store.write(created(&first).into()).await.unwrap();
    assert_eq!(
        store.find_by_slug(&here, &locale("en"), &first.slug, Side::Live).await.unwrap(),
        None
    );
    let public = first.clone().publish(at(2_000)).unwrap();
    store.write(changed(&first, public.clone(), EventKind::EntryPublished).into()).await.unwrap();
    let renamed = public.clone().save(slug("renamed"), first.fields.clone(), at(3_000)).unwrap();
    store.write(changed(&public, renamed.clone(), EventKind::EntryUpdated).into()).await.unwrap();
    for (name, side, expected) in [
        ("public", Side::Live, Some(&renamed)),
        ("public", Side::Newest, None),
        ("renamed", Side::Newest, Some(&renamed)),
        ("renamed", Side::Live, None),
    ] {
        let found = store.find_by_slug(&here, &locale("en"), &slug(name), side).await.unwrap();
        assert_eq!(found.as_ref(), expected, "{name} {side:?}");
    }
    let elsewhere =
        store.find_by_slug(&collection("sides_not"), &locale("en"), &first.slug, Side::Live).await;
    assert_eq!(elsewhere.unwrap(), None);
}

async fn history_comes_in_pages(store: &dyn EntryStore) {
    let mut entry = draft(&collection("history"), 0xe8_0001, "history");
    store.write(created(&entry).into()).await.unwrap();
    for number in 2..=5 {
        let changes = fields(json!({"title": number.to_string()}));
        let next = entry.clone().save(entry.slug.clone(), changes, at(1_000 * number)).unwrap();
        store.write(changed(&entry, next.clone(), EventKind::EntryUpdated).into()).await.unwrap();
        entry = next;
    }
    let numbers = async |before: Option<u64>, limit| {
        let found = store.revisions(entry.id, before.map(Revision::new), limit).await.unwrap();
        found.iter().map(|it| it.revision.number()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(None, 2).await, [5, 4], "the newest first");
    assert_eq!(numbers(Some(4), 10).await, [3, 2, 1]);
    assert!(numbers(Some(1), 10).await.is_empty());
    assert_eq!(store.revisions(entry_id(0xe8_9999), None, 10).await.unwrap(), []);
}

async fn expect_stale(store: &dyn EntryStore, write: EntryWrite) {
    let got = store.write(write.into()).await;
    assert!(matches!(got, Err(WriteError::Stale(_))), "{got:?}");
}

async fn expect_taken(store: &dyn EntryStore, write: EntryWrite) {
    let got = store.write(write.into()).await;
    assert!(matches!(got, Err(WriteError::SlugTaken(_))), "{got:?}");
}

async fn what_is_long_in_the_trash_is_found_in_its_order(store: &dyn EntryStore) {
    let here = collection("long_trashed");
    let mut trashed = Vec::new();
    for (number, millis) in [(0xe9_0001, 30), (0xe9_0002, 10), (0xe9_0003, 20), (0xe9_0004, 20)] {
        let entry = draft(&here, number, &format!("trashed-{number:x}"));
        let gone = entry.clone().trash(at(millis)).unwrap();
        store.write(created(&entry).into()).await.unwrap();
        store.write(changed(&entry, gone.clone(), EventKind::EntryTrashed).into()).await.unwrap();
        trashed.push(gone);
    }
    let [first, second, third, fourth] = trashed.as_slice() else { panic!("there are four") };
    let found = async |before, after: Option<&Entry>, limit| {
        let after = after.map(|it| (it.trashed_at.unwrap(), it.id));
        store.trashed_before(at(before), after, limit).await.unwrap()
    };
    let all = [second, third, fourth, first].map(Entry::clone);
    assert_eq!(found(31, None, 10).await, all);
    assert_eq!(found(30, None, 10).await, all[..3], "before, not at, the time");
    assert_eq!(found(31, None, 2).await, all[..2]);
    assert_eq!(found(31, Some(third), 10).await, all[2..], "after a place");
    assert_eq!(found(10, None, 10).await, []);
}

async fn long_histories_are_cut_but_for_the_newest_and_the_public_state(store: &dyn EntryStore) {
    let mut entry = draft(&collection("long_history"), 0xea_0001, "long");
    store.write(created(&entry).into()).await.unwrap();
    for number in [2, 3, 4, 102, 103, 104] {
        let kind = if number == 3 { EventKind::EntryPublished } else { EventKind::EntryUpdated };
        let next = match number {
            3 => entry.clone().publish(at(1_000)).unwrap(),
            _ => entry.clone().save(entry.slug.clone(), entry.fields.clone(), at(1_000)).unwrap(),
        };
        let next = Entry { revision: Revision::new(number), ..next };
        store.write(changed(&entry, next.clone(), kind).into()).await.unwrap();
        entry = next;
    }
    let kept = async || {
        let found = store.revisions(entry.id, None, 100).await.unwrap();
        found.iter().map(|it| it.revision.number()).collect::<Vec<_>>()
    };
    assert_eq!(store.drop_revisions(200, 100).await.unwrap(), 0, "there are not so many");
    assert_eq!(store.drop_revisions(100, 1).await.unwrap(), 1, "at most the limit");
    assert_eq!(store.drop_revisions(100, 100).await.unwrap(), 2);
    assert_eq!(kept().await, [104, 103, 102, 3], "revision 3 is public");
    assert_eq!(store.drop_revisions(1, 100).await.unwrap(), 0, "a history is not cut shorter");
    assert_eq!(store.find(entry.id).await.unwrap().as_ref(), Some(&entry));
}
