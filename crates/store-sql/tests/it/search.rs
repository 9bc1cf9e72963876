//! What the search of SQLite promises beyond the suite: languages, accents, stems, and the index as exact as the entries.

use smartcms_app::ports::{
    EntryFacts, EntryStore as _, RANKED_MAX, SearchIndex as _, SearchMode, SearchQuery, SearchTerm,
    Side, SideFacts,
};
use smartcms_domain::entries::Entry;
use smartcms_store_sql::SqliteStore;
use smartcms_testkit::builders::{at, collection, created, draft, locale};
use smartcms_testkit::suites;

use crate::Folder;

async fn public(store: &SqliteStore, number: u128, tag: &str, title: &str) -> Entry {
    let entry = draft(&collection("posts"), number, &format!("e{number}"));
    let entry = Entry { locale: locale(tag), ..entry }.publish(at(9_000)).unwrap();
    let facts = SideFacts { title: title.to_owned(), ..SideFacts::default() };
    let facts = EntryFacts { newest: Some(facts.clone()), live: Some(facts) };
    let write = smartcms_app::ports::EntryWrite { facts, ..created(&entry) };
    store.write(write.into()).await.unwrap();
    entry
}

fn query(text: &str, tag: Option<&str>) -> SearchQuery {
    SearchQuery {
        mode: SearchMode::Text,
        terms: vec![SearchTerm::Words(text.to_owned())],
        collections: None,
        locale: tag.map(locale),
        side: Side::Live,
        limit: 100,
        after: 0,
    }
}

async fn is_found(store: &SqliteStore, text: &str, tag: Option<&str>) -> bool {
    !store.search(&query(text, tag)).await.unwrap().hits.is_empty()
}

#[tokio::test]
async fn the_search_passes_the_suite() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    suites::search(&store, &store).await;
}

#[tokio::test]
async fn accents_and_case_make_no_difference() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    public(&store, 1, "de", "Über Cafés in Ñandú, Ễ").await;
    for text in ["uber", "ÜBER", "cafes", "CAFÉS", "nandu", "ñandú", "u\u{308}ber", "e"] {
        assert!(is_found(&store, text, Some("de")).await, "{text}");
        assert!(is_found(&store, text, None).await, "{text}");
    }
}

#[tokio::test]
async fn english_words_are_found_by_their_stem_and_others_are_not() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    public(&store, 1, "en", "Running gardens").await;
    for text in ["run", "runs", "garden", "gardening", "running gardens"] {
        assert!(is_found(&store, text, Some("en")).await, "{text}");
        assert!(is_found(&store, text, None).await, "{text}");
        assert!(!is_found(&store, text, Some("de")).await, "{text}");
    }
    public(&store, 2, "de", "Parking").await;
    assert!(is_found(&store, "parking", Some("de")).await);
    assert!(!is_found(&store, "park", Some("de")).await);
}

#[tokio::test]
async fn of_a_word_that_is_everywhere_the_newest_matches_are_ranked() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    let mut changes = smartcms_app::ports::EntryChanges::default();
    for number in 0..u128::from(RANKED_MAX) + 5 {
        let entry = draft(&collection("posts"), number, &format!("e{number}"));
        let facts = SideFacts { title: "Everywhere".to_owned(), ..SideFacts::default() };
        let facts = EntryFacts { newest: Some(facts), live: None };
        changes.writes.push(smartcms_app::ports::EntryWrite { facts, ..created(&entry) });
    }
    let newest = changes.writes.last().unwrap().entry.id;
    store.write(changes).await.unwrap();
    let mut query = SearchQuery { side: Side::Newest, ..query("everywhere", None) };
    let mut seen = Vec::new();
    loop {
        let page = store.search(&query).await.unwrap();
        seen.extend(page.hits.iter().map(|it| it.entry));
        let Some(next) = page.next else { break };
        query.after = next;
    }
    assert_eq!(seen.len(), RANKED_MAX as usize);
    assert_eq!(seen.first(), Some(&newest));
}

#[tokio::test]
async fn the_index_is_whole_after_entries_came_and_went() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    suites::search(&store, &store).await;
    suites::entries(&store).await;
    drop(store);
    let db = rusqlite::Connection::open(folder.path()).unwrap();
    for table in ["live", "live_english", "newest", "newest_english"] {
        let check =
            format!("INSERT INTO search_{table} (search_{table}) VALUES ('integrity-check')");
        db.execute(&check, []).unwrap();
        let orphans = format!(
            "SELECT count(*) FROM search_{table} WHERE rowid NOT IN (SELECT number FROM entries)"
        );
        assert_eq!(db.query_row(&orphans, [], |row| row.get::<_, i64>(0)).unwrap(), 0, "{table}");
    }
}
