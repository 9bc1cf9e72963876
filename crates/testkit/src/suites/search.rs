//! The search.

use smartcms_app::ports::{
    EntryChanges, EntryFacts, EntryPurge, EntryStore, EntryWrite, SearchIndex, SearchMode,
    SearchPage, SearchQuery, SearchTerm, Side, SideFacts,
};
use smartcms_domain::entries::Entry;
use smartcms_domain::events::EventKind;

use crate::builders::{at, changed, collection, created, draft, locale};

const NONE: [u8; 0] = [];

/// The promises of [`SearchIndex`].
pub async fn search(entries: &dyn EntryStore, index: &dyn SearchIndex) {
    what_is_written_is_found_by_its_words(entries, index).await;
    each_side_is_found_by_its_own_text(entries, index).await;
    what_goes_is_not_found(entries, index).await;
    a_search_stays_in_its_collections_and_its_language(entries, index).await;
    hits_come_in_pages_the_best_first(entries, index).await;
    whatever_is_searched_for_is_only_text(entries, index).await;
    a_changed_definition_has_entries_read_again(entries, index).await;
}

fn side(title: &str, text: &str) -> SideFacts {
    SideFacts { title: title.to_owned(), text: text.to_owned(), ..SideFacts::default() }
}

fn with(write: EntryWrite, newest: Option<SideFacts>, live: Option<SideFacts>) -> EntryWrite {
    EntryWrite { facts: EntryFacts { newest, live }, ..write }
}

/// Stores a public entry with this title and text.
async fn public(entries: &dyn EntryStore, entry: Entry, title: &str, text: &str) -> Entry {
    let entry = entry.publish(at(9_000)).unwrap();
    let facts = side(title, text);
    entries.write(with(created(&entry), Some(facts.clone()), Some(facts)).into()).await.unwrap();
    entry
}

fn words(text: &str) -> SearchTerm {
    SearchTerm::Words(text.to_owned())
}

fn prefix(text: &str) -> SearchTerm {
    SearchTerm::Prefix(text.to_owned())
}

fn query(terms: &[SearchTerm]) -> SearchQuery {
    SearchQuery {
        mode: SearchMode::Text,
        terms: terms.to_vec(),
        collections: None,
        locale: None,
        side: Side::Live,
        limit: 100,
        after: 0,
    }
}

/// The last digits of what a query finds.
async fn found(index: &dyn SearchIndex, query: &SearchQuery) -> Vec<u8> {
    let page = index.search(query).await.unwrap();
    page.hits.iter().map(|it| it.entry.as_uuid().as_bytes()[15]).collect()
}

async fn what_is_written_is_found_by_its_words(entries: &dyn EntryStore, index: &dyn SearchIndex) {
    let here = collection("search_words");
    let text = "Good soil is black.\nHerbs like wexlin <soil> & sun.";
    public(entries, draft(&here, 0xa1_0001, "w1"), "Wexlin garden", text).await;
    public(entries, draft(&here, 0xa1_0002, "w2"), "Other", "Black soil is good.").await;
    for (terms, expected) in [
        (vec![words("wexlin")], vec![1]),
        (vec![words("WEXLIN"), words("herbs")], vec![1]),
        (vec![prefix("wexl")], vec![1]),
        (vec![words("wexl")], vec![]),
        (vec![words("good soil"), words("wexlin")], vec![1]),
        (vec![words("soil good"), words("wexlin")], vec![]),
        (vec![prefix("good so"), words("wexlin")], vec![1]),
        (vec![words("wexlin"), words("absent")], vec![]),
        (vec![], vec![]),
    ] {
        assert_eq!(found(index, &query(&terms)).await, expected, "{terms:?}");
    }
    let page = index.search(&query(&[words("wexlin")])).await.unwrap();
    let [hit] = page.hits.as_slice() else { panic!("{page:?}") };
    let title: String = hit.title.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(title, "Wexlin garden");
    for pieces in [&hit.title, &hit.snippet] {
        let marked: Vec<_> = pieces.iter().filter(|it| it.is_match).collect();
        assert!(marked.iter().all(|it| it.text.eq_ignore_ascii_case("wexlin")), "{pieces:?}");
        assert_eq!(marked.len(), 1, "{pieces:?}");
    }
    assert!(hit.score > 0.0);
}

async fn each_side_is_found_by_its_own_text(entries: &dyn EntryStore, index: &dyn SearchIndex) {
    let here = collection("search_sides");
    let first = public(entries, draft(&here, 0xa2_0001, "s1"), "Publicword", "").await;
    let on = |side, word| SearchQuery { side, ..query(&[words(word)]) };
    assert_eq!(found(index, &on(Side::Newest, "publicword")).await, [1], "both sides are equal");
    let next = first.clone().save(first.slug.clone(), first.fields.clone(), at(9_500)).unwrap();
    let next = Entry { revision: first.revision.next(), ..next };
    let write = changed(&first, next.clone(), EventKind::EntryUpdated);
    let write = with(write, Some(side("Draftword", "")), Some(side("Publicword", "")));
    entries.write(write.into()).await.unwrap();
    assert_eq!(found(index, &on(Side::Live, "publicword")).await, [1]);
    assert_eq!(found(index, &on(Side::Newest, "draftword")).await, [1]);
    assert_eq!(found(index, &on(Side::Live, "draftword")).await, NONE, "readers find no drafts");
    assert_eq!(found(index, &on(Side::Newest, "publicword")).await, NONE);
    let live = next.clone().publish(at(9_510)).unwrap();
    let live = Entry { revision: next.revision.next(), ..live };
    let write = changed(&next, live, EventKind::EntryPublished);
    let both = side("Draftword", "");
    entries.write(with(write, Some(both.clone()), Some(both)).into()).await.unwrap();
    for side in [Side::Live, Side::Newest] {
        assert_eq!(found(index, &on(side, "draftword")).await, [1], "published: {side:?}");
        assert_eq!(found(index, &on(side, "publicword")).await, NONE, "published: {side:?}");
    }
}

async fn what_goes_is_not_found(entries: &dyn EntryStore, index: &dyn SearchIndex) {
    let here = collection("search_gone");
    let entry = public(entries, draft(&here, 0xa3_0001, "g1"), "Fleeting", "").await;
    let other = public(entries, draft(&here, 0xa3_0002, "g2"), "Fleeting", "").await;
    let both = || {
        [Side::Live, Side::Newest].map(|side| SearchQuery { side, ..query(&[words("fleeting")]) })
    };
    for query in both() {
        assert_eq!(found(index, &query).await, [2, 1]);
    }
    let gone = entry.clone().trash(at(9_600)).unwrap();
    let write = changed(&entry, gone, EventKind::EntryTrashed);
    let event = write.event.clone();
    entries.write(with(write, None, None).into()).await.unwrap();
    for query in both() {
        assert_eq!(found(index, &query).await, [2]);
    }
    let event = smartcms_domain::events::Event { id: uuid::Uuid::from_u128(0xa3_0002), ..event };
    let purge = EntryPurge { id: other.id, previous: other.revision, event };
    let stale = EntryPurge { previous: other.revision.next(), ..purge.clone() };
    let purges = |it| EntryChanges { purges: vec![it], ..EntryChanges::default() };
    entries.write(purges(stale)).await.unwrap_err();
    for query in both() {
        assert_eq!(found(index, &query).await, [2], "a refused change changes nothing");
    }
    entries.write(purges(purge)).await.unwrap();
    for query in both() {
        assert_eq!(found(index, &query).await, NONE);
    }
}

async fn a_search_stays_in_its_collections_and_its_language(
    entries: &dyn EntryStore,
    index: &dyn SearchIndex,
) {
    let (one, two) = (collection("search_one"), collection("search_on"));
    let german = Entry { locale: locale("de"), ..draft(&one, 0xa4_0003, "scope") };
    public(entries, draft(&one, 0xa4_0001, "scope"), "Scopeword", "").await;
    public(entries, draft(&two, 0xa4_0002, "scope"), "Scopeword", "").await;
    public(entries, german, "Scopeword", "").await;
    let all = query(&[words("scopeword")]);
    let mut everything = found(index, &all).await;
    everything.sort_unstable();
    assert_eq!(everything, [1, 2, 3]);
    let of = |collections: &[&smartcms_domain::collections::CollectionName], tag: Option<&str>| {
        SearchQuery {
            collections: Some(collections.iter().map(|it| (*it).clone()).collect()),
            locale: tag.map(locale),
            ..all.clone()
        }
    };
    assert_eq!(found(index, &of(&[&two], None)).await, [2]);
    assert_eq!(found(index, &of(&[&one], Some("de"))).await, [3]);
    assert_eq!(found(index, &of(&[&one, &two], Some("en"))).await, [2, 1]);
    assert_eq!(found(index, &of(&[], None)).await, NONE);
}

async fn hits_come_in_pages_the_best_first(entries: &dyn EntryStore, index: &dyn SearchIndex) {
    let here = collection("search_pages");
    public(entries, draft(&here, 0xa5_0001, "p1"), "About rankword", "some text").await;
    for number in 2..=5_u8 {
        let entry = draft(&here, 0xa5_0000 + u128::from(number), &format!("p{number}"));
        public(entries, entry, "About other things", "some rankword text").await;
    }
    for limit in 1..=6 {
        let mut query = SearchQuery { limit, ..query(&[words("rankword")]) };
        let mut seen = Vec::new();
        loop {
            let SearchPage { hits, next } = index.search(&query).await.unwrap();
            assert!(hits.len() <= limit as usize);
            seen.extend(hits.iter().map(|it| it.entry.as_uuid().as_bytes()[15]));
            let Some(next) = next else { break };
            query.after = next;
        }
        assert_eq!(seen, [1, 5, 4, 3, 2], "in pages of {limit}");
    }
    let past = SearchQuery { after: u32::MAX, ..query(&[words("rankword")]) };
    assert_eq!(index.search(&past).await.unwrap(), SearchPage::default());
}

async fn whatever_is_searched_for_is_only_text(entries: &dyn EntryStore, index: &dyn SearchIndex) {
    let here = collection("search_hostile");
    public(entries, draft(&here, 0xa6_0001, "h1"), "Hostile", "NEAR AND OR NOT").await;
    for text in [
        "\"",
        "\"\"",
        "*",
        "^",
        "a\"b",
        "title:x",
        "{title} : x",
        "NEAR(a b, 2)",
        "AND",
        "OR",
        "NOT",
        "-a",
        "+",
        "(",
        ")",
        ":",
        "a\0b",
        "\0",
        "\u{e000}x\u{e001}",
        "';DROP TABLE entries;--",
        "%",
        "_",
        "🦀",
        "\u{301}",
        "ﷺ",
        "c7365q",
        "scope : c",
    ] {
        for terms in [vec![words(text)], vec![prefix(text)], vec![words("hostile"), prefix(text)]] {
            let found = index.search(&query(&terms)).await;
            assert!(found.is_ok(), "{text:?}: {found:?}");
        }
    }
    assert_eq!(found(index, &query(&[words("hostile"), words("OR")])).await, [1]);
    assert_eq!(found(index, &query(&[words("hostile"), words("title:hostile")])).await, NONE);
}

async fn a_changed_definition_has_entries_read_again(
    entries: &dyn EntryStore,
    index: &dyn SearchIndex,
) {
    let here = collection("search_again");
    let entry = public(entries, draft(&here, 0xa7_0001, "a1"), "Formerword", "").await;
    let definition = |text: &str| [(here.clone(), text.to_owned())];
    index.prepare(&definition("one")).await.unwrap();
    assert_eq!(index.pending(10).await.unwrap(), [entry.id]);
    let facts = || EntryFacts { newest: None, live: Some(side("Laterword", "")) };
    index.index(vec![(entry.id, entry.revision.next(), facts())]).await.unwrap();
    assert_eq!(index.pending(10).await.unwrap(), [entry.id], "it was of another revision");
    index.index(vec![(entry.id, entry.revision, facts())]).await.unwrap();
    assert_eq!(index.pending(10).await.unwrap(), []);
    assert_eq!(found(index, &query(&[words("laterword")])).await, [1]);
    assert_eq!(found(index, &query(&[words("formerword")])).await, NONE);
    index.prepare(&definition("one")).await.unwrap();
    assert_eq!(index.pending(10).await.unwrap(), []);
    index.prepare(&definition("two")).await.unwrap();
    assert_eq!(index.pending(10).await.unwrap(), [entry.id]);
    index.index(vec![(entry.id, entry.revision, facts())]).await.unwrap();
}
