//! Redirects, and what changes of entries do to them.

use smartcms_app::ports::{
    AddressChanges, EntryChanges, EntryPurge, EntryStore, OLD_PATHS_MAX, RedirectConflict,
    RedirectQuery, RedirectStore, SavedRedirect, Together, WriteError,
};
use smartcms_domain::entries::Entry;
use smartcms_domain::events::EventKind;
use smartcms_domain::redirects::{
    Redirect, RedirectId, RedirectSource, RedirectStatus, RedirectTarget, SitePath,
};
use uuid::Uuid;

use crate::builders::{at, changed, collection, created, draft};

/// The promises of [`RedirectStore`], and of [`EntryStore::write`] on addresses.
pub async fn redirects<S: EntryStore + RedirectStore>(store: &S) {
    records(store).await;
    the_nearest_answers(store).await;
    none_leads_to_another(store).await;
    all_or_each(store).await;
    entries_that_move(store).await;
    old_addresses_have_a_limit(store).await;
}

async fn records(store: &dyn RedirectStore) {
    let gone = Redirect {
        target: RedirectTarget::Gone,
        status: RedirectStatus::Gone,
        ..redirect(1, "/rec/gone", "/x")
    };
    let away = Redirect {
        status: RedirectStatus::Temporary,
        ..redirect(2, "/rec/äway/*", "https://a.test/%20x/*")
    };
    let here = redirect(3, "/rec/here", "/rec/café?a=b#c");
    let before = store.count_redirects().await.unwrap();
    for made in [&gone, &away, &here] {
        assert_eq!(save(store, made.clone()).await, Ok(SavedRedirect::Stored(made.clone())));
        assert_eq!(store.find_redirect(made.id).await.unwrap(), Some(made.clone()));
    }
    assert_eq!(store.count_redirects().await.unwrap(), before + 3);
    let again = redirect(4, "/rec/here", "/rec/café?a=b#c");
    assert_eq!(save(store, again).await, Ok(SavedRedirect::Present(here.clone())));
    let other = redirect(4, "/rec/here", "/rec/other");
    assert_eq!(save(store, other).await, Err(RedirectConflict::Taken(Box::new(here.clone()))));
    assert_eq!(store.find_redirect(id(4)).await.unwrap(), None);
    let changed = Redirect { updated_at: at(9), ..redirect(3, "/rec/moved", "/rec/there") };
    assert_eq!(save(store, changed.clone()).await, Ok(SavedRedirect::Stored(changed.clone())));
    let list = |query: RedirectQuery| async move { sources(store, query).await };
    let mine = || RedirectQuery { after: Some("/rec".to_owned()), limit: 2, ..Default::default() };
    assert_eq!(list(mine()).await, ["/rec/gone", "/rec/moved"]);
    let after = Some("/rec/moved".to_owned());
    assert_eq!(list(RedirectQuery { after, limit: 1, ..mine() }).await, ["/rec/äway/*"]);
    let search = |text: &str| RedirectQuery { search: Some(text.to_owned()), ..mine() };
    assert_eq!(list(search("A.TEST")).await, ["/rec/äway/*"]);
    assert_eq!(list(search("rec_")).await, [""; 0], "no pattern");
    assert_eq!(list(RedirectQuery { is_automatic: Some(true), ..search("/rec/") }).await, [""; 0]);
    assert!(store.remove_redirect(id(3)).await.unwrap());
    assert!(!store.remove_redirect(id(3)).await.unwrap(), "it is gone");
}

async fn the_nearest_answers(store: &dyn RedirectStore) {
    for (number, from) in [(10, "/near/*"), (11, "/near/a/*"), (12, "/near/a/b")] {
        save(store, redirect(number, from, "/elsewhere")).await.unwrap();
    }
    for (path, expected) in [
        ("/near", Some("/near/*")),
        ("/near/x", Some("/near/*")),
        ("/near/a", Some("/near/a/*")),
        ("/near/a/b", Some("/near/a/b")),
        ("/near/a/b/c", Some("/near/a/*")),
        ("/nearer", None),
        ("/NEAR", None),
    ] {
        assert_eq!(answer(store, path).await.as_deref(), expected, "{path}");
    }
}

async fn none_leads_to_another(store: &dyn RedirectStore) {
    save(store, redirect(20, "/chain/b", "/chain/c")).await.unwrap();
    save(store, redirect(21, "/chain/a", "/chain/b")).await.unwrap();
    assert_eq!(target(store, 21).await, "/chain/c", "it leads to the end at once");
    save(store, redirect(22, "/chain/c", "/chain/d")).await.unwrap();
    for number in [20, 21] {
        assert_eq!(target(store, number).await, "/chain/d", "the others lead on");
    }
    save(store, redirect(23, "/chain/d/*", "https://d.test/*")).await.unwrap();
    assert_eq!(target(store, 21).await, "https://d.test");
    save(store, redirect(24, "/loop/a", "/loop/b")).await.unwrap();
    for (from, to) in [("/loop/b", "/loop/a"), ("/loop/b/*", "/loop/a"), ("/loop/c", "/loop/c")] {
        let refused = save(store, redirect(25, from, to)).await;
        assert!(matches!(refused, Err(RedirectConflict::Loop(_))), "{from} {to} {refused:?}");
    }
    // A change does not find itself in the way.
    save(store, redirect(24, "/loop/a", "/loop/z")).await.unwrap();
    assert_eq!(target(store, 24).await, "/loop/z");
}

async fn all_or_each(store: &dyn RedirectStore) {
    let both = || vec![redirect(30, "/all/a", "/all/b"), redirect(31, "/all/b", "/all/a")];
    let saved = store.save_redirects(both(), Together::All).await.unwrap();
    assert_eq!(saved.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false]);
    assert_eq!(store.find_redirect(id(30)).await.unwrap(), None);
    let saved = store.save_redirects(both(), Together::Each).await.unwrap();
    assert_eq!(saved.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false]);
    assert!(store.find_redirect(id(30)).await.unwrap().is_some());
}

async fn entries_that_move<S: EntryStore + RedirectStore>(store: &S) {
    let entry = draft(&collection("moving"), 0x40_0001, "first");
    store.write(created(&entry).into()).await.unwrap();
    save(store, redirect(40, "/to-first", "/moving/first")).await.unwrap();
    save(store, redirect(41, "/moving/kept", "/people")).await.unwrap();
    // The entry moves from `first` to `second`, then to `third`; people made one at `kept`, which stays.
    let entry = moved(store, entry, &[(42, "/moving/first")], &["/moving/second"]).await;
    let steps = [(43, "/moving/second"), (44, "/moving/kept")];
    let entry = moved(store, entry, &steps, &["/moving/third"]).await;
    for path in ["/moving/first", "/moving/second", "/to-first"] {
        let found = store.redirect_for(&site_path(path)).await.unwrap().unwrap();
        assert_eq!(found.target, RedirectTarget::Entry(entry.id), "{path}");
        assert_eq!(found.is_automatic, path != "/to-first", "{path}");
    }
    assert_eq!(target(store, 41).await, "/people");
    let automatic = RedirectQuery {
        is_automatic: Some(true),
        after: Some("/moving".to_owned()),
        limit: 2,
        ..Default::default()
    };
    assert_eq!(sources(store, automatic).await, ["/moving/first", "/moving/second"]);
    // What is not stored leaves no address.
    let stale = changed(
        &draft(&collection("moving"), 0x40_0001, "x"),
        entry.clone(),
        EventKind::EntryPublished,
    );
    let addresses = left(&[(45, "/moving/never")], entry.id, &[]);
    let refused = store.write(EntryChanges { addresses, ..stale.into() }).await;
    assert!(matches!(refused, Err(WriteError::Stale(_))), "{refused:?}");
    assert_eq!(answer(store, "/moving/never").await, None);
    // Back at the first address; people's own stays where it is.
    let entry =
        moved(store, entry, &[(46, "/moving/third")], &["/moving/first", "/to-first"]).await;
    assert_eq!(answer(store, "/moving/first").await, None);
    assert_eq!(answer(store, "/to-first").await.as_deref(), Some("/to-first"));
    // One that is brought back makes no room for itself.
    let back =
        |number, to| Redirect { is_automatic: true, ..redirect(number, "/moving/third", to) };
    let taken = save(store, back(48, "/other")).await;
    assert!(matches!(taken, Err(RedirectConflict::Taken(it)) if it.id == id(46)));
    let same = Redirect { target: RedirectTarget::Entry(entry.id), ..back(48, "/other") };
    let present = save(store, same).await;
    assert!(matches!(present, Ok(SavedRedirect::Present(it)) if it.id == id(46)));
    // One of people's takes the place of one that made itself.
    save(store, redirect(47, "/moving/third", "/people")).await.unwrap();
    assert_eq!(store.find_redirect(id(46)).await.unwrap(), None);
    let trashed = entry.clone().trash(at(9_000)).unwrap();
    store.write(changed(&entry, trashed.clone(), EventKind::EntryTrashed).into()).await.unwrap();
    let event = changed(&entry, trashed.clone(), EventKind::EntryPurged).event;
    let event = smartcms_domain::events::Event { id: Uuid::from_u128(0x40_ffff), ..event };
    let purge = EntryPurge { id: trashed.id, previous: trashed.revision, event };
    let purges = vec![purge];
    store.write(EntryChanges { purges, ..EntryChanges::default() }).await.unwrap();
    for path in ["/moving/second", "/to-first"] {
        assert_eq!(answer(store, path).await, None, "it goes with its entry");
    }
}

async fn old_addresses_have_a_limit<S: EntryStore + RedirectStore>(store: &S) {
    let mut entry = draft(&collection("moving"), 0x40_0002, "restless");
    store.write(created(&entry).into()).await.unwrap();
    for step in 0..=u128::from(OLD_PATHS_MAX) {
        let path = format!("/restless/{step}");
        entry = moved(store, entry, &[(0x100 + step, &path)], &[]).await;
    }
    assert_eq!(answer(store, "/restless/0").await, None, "the oldest goes");
    assert!(answer(store, "/restless/1").await.is_some());
}

/// Publishes an entry that leaves and takes these addresses.
async fn moved<S: EntryStore + RedirectStore>(
    store: &S,
    entry: Entry,
    steps: &[(u128, &str)],
    taken: &[&str],
) -> Entry {
    let next =
        entry.clone().publish(at(2_000 + i64::try_from(entry.revision.number()).unwrap())).unwrap();
    let write = changed(&entry, next.clone(), EventKind::EntryPublished);
    let addresses = left(steps, next.id, taken);
    store.write(EntryChanges { addresses, ..write.into() }).await.unwrap();
    next
}

fn left(
    steps: &[(u128, &str)],
    entry: smartcms_domain::entries::EntryId,
    taken: &[&str],
) -> AddressChanges {
    let made = |(number, path): &(u128, &str)| {
        let time = at(i64::try_from(*number).unwrap());
        Redirect::from_old_path(id(*number), site_path(path), entry, time)
    };
    AddressChanges {
        left: steps.iter().map(made).collect(),
        taken: taken.iter().map(|it| site_path(it)).collect(),
    }
}

async fn save(
    store: &dyn RedirectStore,
    redirect: Redirect,
) -> Result<SavedRedirect, RedirectConflict> {
    let saved = store.save_redirects(vec![redirect], Together::All).await.unwrap();
    saved.into_iter().next().unwrap()
}

async fn answer(store: &dyn RedirectStore, path: &str) -> Option<String> {
    let found = store.redirect_for(&site_path(path)).await.unwrap();
    found.map(|it| it.source.to_string())
}

async fn target(store: &dyn RedirectStore, number: u128) -> String {
    store.find_redirect(id(number)).await.unwrap().unwrap().target.text().unwrap()
}

async fn sources(store: &dyn RedirectStore, query: RedirectQuery) -> Vec<String> {
    let found = store.list_redirects(&query).await.unwrap();
    found.into_iter().map(|it| it.source.to_string()).collect()
}

fn id(number: u128) -> RedirectId {
    RedirectId::new(Uuid::from_u128(number))
}

fn site_path(text: &str) -> SitePath {
    SitePath::parse(text).unwrap()
}

fn redirect(number: u128, from: &str, to: &str) -> Redirect {
    Redirect {
        id: id(number),
        source: RedirectSource::parse(from).unwrap(),
        target: RedirectTarget::parse(to).unwrap(),
        status: RedirectStatus::Moved,
        is_automatic: false,
        created_at: at(1),
        updated_at: at(1),
    }
}
