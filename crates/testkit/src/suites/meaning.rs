//! Meanings.

use smartcms_app::ports::{
    EntryChanges, EntryFacts, EntryPurge, EntryStore, MeaningStore, Measured, NearEntry,
    NearestQuery, SearchIndex, Unmeasured,
};
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Entry, EntryId};
use smartcms_domain::events::EventKind;

use crate::builders::{at, changed, collection, created, draft, locale};

const MODEL: &str = "test/one";

/// A store of entries and of their meanings.
pub trait MeasuringStore: EntryStore + MeaningStore + SearchIndex {}

impl<T: EntryStore + MeaningStore + SearchIndex> MeasuringStore for T {}

/// The promises of [`MeaningStore`].
pub async fn meaning(store: &dyn MeasuringStore) {
    store.measure_by(MODEL).await.unwrap();
    what_is_public_waits_until_it_is_measured(store).await;
    what_is_nearest_comes_first(store).await;
    what_leaves_the_site_is_near_to_nothing(store).await;
    a_state_that_is_gone_is_not_kept(store).await;
    a_changed_definition_takes_meanings_away(store).await;
    who_follows_hears_what_was_measured(store).await;
    another_model_measures_all_again(store).await;
}

fn vector(x: f32, y: f32) -> Vec<f32> {
    let length = x.hypot(y);
    vec![x / length, y / length, 0.0]
}

fn measured(entry: &Entry, digest: u8, vectors: Option<Vec<Vec<f32>>>) -> Measured {
    let (model, digest) = (MODEL.to_owned(), [digest; 32]);
    Measured { entry: entry.id, revision: entry.revision, model, digest, vectors }
}

async fn public(store: &dyn MeasuringStore, entry: Entry) -> Entry {
    let entry = entry.publish(at(9_000)).unwrap();
    store.write(created(&entry).into()).await.unwrap();
    entry
}

async fn waiting(store: &dyn MeasuringStore, entry: EntryId) -> Option<Unmeasured> {
    store.unmeasured(10_000).await.unwrap().into_iter().find(|it| it.entry == entry)
}

fn query(here: &CollectionName, x: f32, y: f32) -> NearestQuery {
    NearestQuery {
        vector: vector(x, y),
        model: MODEL.to_owned(),
        collections: Some(vec![here.clone()]),
        locale: None,
        except: None,
        similarity_min: 0.1,
        limit: 10,
    }
}

/// The last digits of what a query finds.
async fn found(store: &dyn MeasuringStore, query: &NearestQuery) -> Vec<u8> {
    let near = store.nearest(query).await.unwrap();
    near.iter().map(|it| it.entry.as_uuid().as_bytes()[15]).collect()
}

async fn what_is_public_waits_until_it_is_measured(store: &dyn MeasuringStore) {
    let here = collection("meaning_waits");
    let hidden = draft(&here, 0xc1_0001, "w1");
    store.write(created(&hidden).into()).await.unwrap();
    assert_eq!(waiting(store, hidden.id).await, None, "a draft is not measured");
    let entry = public(store, draft(&here, 0xc1_0002, "w2")).await;
    let unmeasured = |digest| Some(Unmeasured { entry: entry.id, digest });
    assert_eq!(waiting(store, entry.id).await, unmeasured(None));
    let before = store.count_meanings(MODEL).await.unwrap();
    let vectors = vec![vector(1.0, 0.0), Vec::new(), vector(0.0, 1.0)];
    store.keep_meanings(vec![measured(&entry, 1, Some(vectors))]).await.unwrap();
    assert_eq!(waiting(store, entry.id).await, None);
    let after = store.count_meanings(MODEL).await.unwrap();
    assert_eq!(
        (after.entries, after.vectors, after.waiting),
        (before.entries + 1, before.vectors + 2, before.waiting - 1)
    );
    let middle = store.meaning_of(entry.id, MODEL).await.unwrap().unwrap();
    assert!(middle.iter().zip(vector(1.0, 1.0)).all(|(a, b)| (a - b).abs() < 1e-5), "{middle:?}");
    assert_eq!(store.meaning_of(hidden.id, MODEL).await.unwrap(), None);

    let again = entry.clone().save(entry.slug.clone(), entry.fields.clone(), at(9_100)).unwrap();
    let again = Entry { revision: entry.revision.next(), ..again };
    store.write(changed(&entry, again.clone(), EventKind::EntryUpdated).into()).await.unwrap();
    assert_eq!(waiting(store, entry.id).await, unmeasured(Some([1; 32])), "it may be the same");
    store.keep_meanings(vec![measured(&again, 1, None)]).await.unwrap();
    assert_eq!(waiting(store, entry.id).await, None);
    assert_eq!(found(store, &query(&here, 1.0, 0.0)).await, [2], "its vectors stand");
}

async fn what_is_nearest_comes_first(store: &dyn MeasuringStore) {
    let here = collection("meaning_near");
    let mut all = Vec::new();
    let directions: [&[(f32, f32)]; 4] =
        [&[(1.0, 0.2)], &[(0.0, 1.0), (1.0, 0.1)], &[(0.5, 0.5)], &[(-1.0, 0.0)]];
    for (number, vectors) in (1..).zip(directions) {
        let entry = public(store, draft(&here, 0xc2_0000 + number, &format!("n{number}"))).await;
        let vectors = vectors.iter().map(|(x, y)| vector(*x, *y)).collect();
        all.push(measured(&entry, 1, Some(vectors)));
    }
    let german = Entry { locale: locale("de"), ..draft(&here, 0xc2_0005, "n5") };
    let german = public(store, german).await;
    all.push(measured(&german, 1, Some(vec![vector(1.0, 0.0)])));
    store.keep_meanings(all.clone()).await.unwrap();
    let near = query(&here, 1.0, 0.0);
    assert_eq!(found(store, &near).await, [5, 2, 1, 3], "an entry comes once, by its nearest part");
    let second = store.nearest(&near).await.unwrap().into_iter().nth(1).unwrap();
    let NearEntry { part, similarity, .. } = second;
    assert!(part == 1 && (similarity - 0.995).abs() < 1e-3, "{second:?}");
    let english = NearestQuery { locale: Some(locale("en")), ..near.clone() };
    assert_eq!(found(store, &english).await, [2, 1, 3]);
    let except = NearestQuery { except: all.get(1).map(|it| it.entry), limit: 2, ..near.clone() };
    assert_eq!(found(store, &except).await, [5, 1]);
    let close = NearestQuery { similarity_min: 0.99, ..near.clone() };
    assert_eq!(found(store, &close).await, [5, 2]);
    let none: [u8; 0] = [];
    assert_eq!(found(store, &query(&collection("meaning_empty"), 1.0, 0.0)).await, none);
    let nowhere = NearestQuery { collections: Some(Vec::new()), ..near.clone() };
    assert_eq!(found(store, &nowhere).await, none);
    let unknown = NearestQuery { model: "test/unknown".to_owned(), ..near.clone() };
    assert_eq!(found(store, &unknown).await, none);
    assert_eq!(found(store, &near).await, [5, 2, 1, 3]);
    let everywhere = NearestQuery { collections: None, similarity_min: 0.999, ..near };
    assert!(found(store, &everywhere).await.contains(&5));
}

async fn what_leaves_the_site_is_near_to_nothing(store: &dyn MeasuringStore) {
    let here = collection("meaning_leaves");
    let mut entries = Vec::new();
    for number in 1..=3 {
        let entry = public(store, draft(&here, 0xc3_0000 + number, &format!("l{number}"))).await;
        store.keep_meanings(vec![measured(&entry, 1, Some(vec![vector(1.0, 0.0)]))]).await.unwrap();
        entries.push(entry);
    }
    let near = query(&here, 1.0, 0.0);
    assert_eq!(found(store, &near).await, [3, 2, 1]);
    let [first, second, third] = entries.as_slice() else { panic!("there are three") };
    let hidden = first.clone().unpublish(at(9_200)).unwrap();
    let hidden = Entry { revision: first.revision.next(), ..hidden };
    store.write(changed(first, hidden, EventKind::EntryUnpublished).into()).await.unwrap();
    assert_eq!(found(store, &near).await, [3, 2]);
    assert_eq!(store.meaning_of(first.id, MODEL).await.unwrap(), None);
    assert_eq!(waiting(store, first.id).await, None);
    let trashed = second.clone().trash(at(9_200)).unwrap();
    let trashed = Entry { revision: second.revision.next(), ..trashed };
    store.write(changed(second, trashed, EventKind::EntryTrashed).into()).await.unwrap();
    assert_eq!(found(store, &near).await, [3]);
    let event = changed(third, third.clone(), EventKind::EntryPurged).event;
    let purges = vec![EntryPurge { id: third.id, previous: third.revision, event }];
    store.write(EntryChanges { purges, ..EntryChanges::default() }).await.unwrap();
    let none: [u8; 0] = [];
    assert_eq!(found(store, &near).await, none);
    let next = public(store, draft(&here, 0xc3_0004, "l4")).await;
    assert_eq!(found(store, &near).await, none, "no number of another stands for it");
    store.keep_meanings(vec![measured(&next, 1, Some(vec![vector(1.0, 0.0)]))]).await.unwrap();
    assert_eq!(found(store, &near).await, [4]);
}

async fn who_follows_hears_what_was_measured(store: &dyn MeasuringStore) {
    let (here, there) = (collection("meaning_told"), collection("meaning_told_too"));
    let place = store.changed_meanings(None).await.unwrap();
    assert!(place.collections.is_empty(), "{place:?}");
    let nothing = store.changed_meanings(Some(place.now)).await.unwrap();
    assert_eq!(nothing, place);
    let vectors = || Some(vec![vector(1.0, 0.0)]);
    let one = public(store, draft(&here, 0xc7_0001, "t1")).await;
    let other = public(store, draft(&there, 0xc7_0002, "t2")).await;
    assert_eq!(store.changed_meanings(Some(place.now)).await.unwrap(), place, "not measured yet");
    store.keep_meanings(vec![measured(&one, 1, vectors())]).await.unwrap();
    let first = store.changed_meanings(Some(place.now)).await.unwrap();
    assert_eq!(first.collections, std::slice::from_ref(&here));
    assert!(first.now > place.now);
    store.keep_meanings(vec![measured(&other, 1, vectors())]).await.unwrap();
    let second = store.changed_meanings(Some(first.now)).await.unwrap();
    assert_eq!(second.collections, std::slice::from_ref(&there));
    let mut both = store.changed_meanings(Some(place.now)).await.unwrap().collections;
    both.sort();
    assert_eq!(both, [here, there]);
}

async fn a_state_that_is_gone_is_not_kept(store: &dyn MeasuringStore) {
    let here = collection("meaning_stale");
    let entry = public(store, draft(&here, 0xc4_0001, "s1")).await;
    let later = Entry { revision: entry.revision.next(), ..entry.clone() };
    store.write(changed(&entry, later.clone(), EventKind::EntryUpdated).into()).await.unwrap();
    let vectors = || Some(vec![vector(1.0, 0.0)]);
    store.keep_meanings(vec![measured(&entry, 1, vectors())]).await.unwrap();
    assert!(waiting(store, entry.id).await.is_some(), "it was read before it changed");
    assert!(found(store, &query(&here, 1.0, 0.0)).await.is_empty());
    store.keep_meanings(vec![measured(&later, 1, vectors())]).await.unwrap();
    assert_eq!(found(store, &query(&here, 1.0, 0.0)).await, [1]);
}

async fn a_changed_definition_takes_meanings_away(store: &dyn MeasuringStore) {
    let here = collection("meaning_again");
    let entry = public(store, draft(&here, 0xc5_0001, "d1")).await;
    store.keep_meanings(vec![measured(&entry, 1, Some(vec![vector(1.0, 0.0)]))]).await.unwrap();
    let live = Some(smartcms_app::ports::SideFacts::default());
    let facts = EntryFacts { newest: live.clone(), live };
    store.index(vec![(entry.id, entry.revision, facts)]).await.unwrap();
    assert!(found(store, &query(&here, 1.0, 0.0)).await.is_empty());
    let unmeasured = Some(Unmeasured { entry: entry.id, digest: None });
    assert_eq!(waiting(store, entry.id).await, unmeasured);
}

async fn another_model_measures_all_again(store: &dyn MeasuringStore) {
    let here = collection("meaning_model");
    let entry = public(store, draft(&here, 0xc6_0001, "m1")).await;
    store.keep_meanings(vec![measured(&entry, 1, Some(vec![vector(1.0, 0.0)]))]).await.unwrap();
    store.measure_by(MODEL).await.unwrap();
    assert_eq!(waiting(store, entry.id).await, None, "it is the same model");
    store.measure_by("test/two").await.unwrap();
    let unmeasured = Some(Unmeasured { entry: entry.id, digest: None });
    assert_eq!(waiting(store, entry.id).await, unmeasured, "the digest is another model's");
    let other = NearestQuery { model: "test/two".to_owned(), ..query(&here, 1.0, 0.0) };
    assert!(found(store, &other).await.is_empty());
    // Vectors of another length than before are no hindrance.
    let longer = Measured {
        model: "test/two".to_owned(),
        ..measured(&entry, 2, Some(vec![vec![1.0, 0.0, 0.0, 0.0]]))
    };
    store.keep_meanings(vec![longer]).await.unwrap();
    let other = NearestQuery { vector: vec![1.0, 0.0, 0.0, 0.0], ..other };
    assert_eq!(found(store, &other).await, [1]);
    assert!(found(store, &query(&here, 1.0, 0.0)).await.is_empty());
}
