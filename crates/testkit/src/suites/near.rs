//! What stands near an entry.

use smartcms_app::ports::{EntryFacts, EntryStore, EntryWrite, NearEntries, NearQuery, SideFacts};
use smartcms_domain::collections::{CollectionName, FieldName, Reference, Target};
use smartcms_domain::entries::{Entry, EntryId};

use crate::builders::{at, collection, created, draft, entry_id, locale};

const RED: u128 = 0xf8_0101;
const ROUND: u128 = 0xf8_0102;

/// The promises of [`EntryStore::near`].
pub(super) async fn near(store: &dyn EntryStore) {
    let here = collection("near");
    let tagged: [(u128, i64, &[u128]); 6] = [
        (1, 1_000, &[RED, ROUND]),
        (2, 2_000, &[RED]),
        (3, 3_000, &[RED, ROUND]),
        (4, 3_000, &[ROUND]),
        (5, 4_000, &[]),
        (6, 5_000, &[RED]),
    ];
    for (number, when, terms) in tagged {
        public(store, &here, number, when, terms).await;
    }
    // Of another collection, another language, not public.
    public(store, &collection("near_not"), 7, 3_500, &[RED, ROUND]).await;
    let other = Entry { locale: locale("de"), ..draft(&here, 0xf8_0008, "n8") };
    store.write(pointing(other.publish(at(3_600)).unwrap(), &[RED, ROUND]).into()).await.unwrap();
    store.write(pointing(draft(&here, 0xf8_0009, "n9"), &[RED, ROUND]).into()).await.unwrap();

    let all = [RED, ROUND];
    check(store, &here, (3, 3_000), &all, 9, (Some("n2"), Some("n4"), &["n1", "n6", "n4", "n2"]))
        .await;
    check(store, &here, (3, 3_000), &all, 2, (Some("n2"), Some("n4"), &["n1", "n6"])).await;
    check(store, &here, (4, 3_000), &[ROUND], 9, (Some("n3"), Some("n5"), &["n3", "n1"])).await;
    check(store, &here, (1, 1_000), &[], 9, (None, Some("n2"), &[])).await;
    check(store, &here, (6, 5_000), &[RED], 1, (Some("n5"), None, &["n3"])).await;
}

async fn public(
    store: &dyn EntryStore,
    here: &CollectionName,
    number: u128,
    when: i64,
    terms: &[u128],
) {
    let entry = draft(here, 0xf8_0000 + number, &format!("n{number}"));
    store.write(pointing(entry.publish(at(when)).unwrap(), terms).into()).await.unwrap();
}

/// An entry that is stored for the first time, with references out of its field `tags` on both sides.
fn pointing(entry: Entry, terms: &[u128]) -> EntryWrite {
    let reference = |term: &u128| Reference {
        field: "tags".to_owned(),
        target: Target::Entry(entry_id(*term)),
    };
    let references = terms.iter().map(reference).collect();
    let side = SideFacts { references, ..SideFacts::default() };
    let live = entry.live.is_some().then(|| side.clone());
    EntryWrite { facts: EntryFacts { newest: Some(side), live }, ..created(&entry) }
}

#[track_caller]
fn names(near: &NearEntries) -> (Option<&str>, Option<&str>, Vec<&str>) {
    fn name(entry: &Entry) -> &str {
        entry.slug.as_str()
    }
    let related = near.related.iter().map(name).collect();
    (near.older.as_ref().map(name), near.newer.as_ref().map(name), related)
}

async fn check(
    store: &dyn EntryStore,
    here: &CollectionName,
    (number, when): (u128, i64),
    terms: &[u128],
    related_max: u32,
    expected: (Option<&str>, Option<&str>, &[&str]),
) {
    let field = FieldName::parse("tags").unwrap();
    let to = |term: &u128| -> (FieldName, EntryId) { (field.clone(), entry_id(*term)) };
    let query = NearQuery {
        entry: entry_id(0xf8_0000 + number),
        at: at(when),
        collection: here.clone(),
        locale: locale("en"),
        fallbacks: Vec::new(),
        pointing: terms.iter().map(to).collect(),
        related_max,
    };
    let near = store.near(&query).await.unwrap();
    let (older, newer, related) = expected;
    assert_eq!(names(&near), (older, newer, related.to_vec()), "near n{number}");
}
