//! One page of hits.

use rusqlite::{Connection, params};
use smartcms_app::ports::{
    RANKED_MAX, SearchHit, SearchMode, SearchPage, SearchPiece, SearchQuery, SearchTerm, Side,
};
use smartcms_domain::entries::EntryId;
use smartcms_domain::sorting::set_of;

use super::{MATCH_BEGINS, MATCH_ENDS, collection_word, is_english, locale_word, table};
use crate::sqlite::rows::{Columns, Fault, all, first};

/// How much more a word in the title counts than one in the text.
const TITLE_WEIGHT: f64 = 8.0;

/// How many entries may have a word that is ranked by.
const COMMON_LEN: i64 = 20_000;

/// How many of the newest entries tell how common a word is.
const SAMPLE_LEN: i64 = 2_000;

const NEWEST: &str = "SELECT max(number) FROM entries";

/// Rows whose numbers are known. The sign before `rowid` keeps SQLite from opening the index anew for each of them.
const AMONG: &str = "rowid BETWEEN ?2 AND ?3 AND +rowid IN (SELECT value FROM json_each(?4))";

/// The longest part of a text that is shown with a hit, in words; SQLite takes up to 64.
const SNIPPET_WORDS: u32 = 32;

/// A table to search in.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Source {
    table: &'static str,
    /// Without the entries whose newest text is another one.
    unchanged: bool,
}

/// A match with its place in the order.
struct Ranked {
    /// As SQLite ranks: lower is better.
    rank: f64,
    number: i64,
    source: Source,
}

pub(super) fn page(db: &Connection, query: &SearchQuery) -> Result<SearchPage, Fault> {
    if query.mode != SearchMode::Text {
        return Err("an index of words cannot search by meaning".to_owned().into());
    }
    if query.terms.is_empty() || query.collections.as_ref().is_some_and(Vec::is_empty) {
        return Ok(SearchPage::default());
    }
    let text = expression(query);
    let sources = sources(query);
    let mut ranked = Vec::new();
    for source in &sources {
        ranked.extend(rank(db, query, *source, &text, COMMON_LEN)?);
    }
    // Of equally good ones the newest comes first.
    ranked.sort_by(|a, b| a.rank.total_cmp(&b.rank).then(b.number.cmp(&a.number)));
    let (range, next) = query.page_of(ranked.len());
    let shown = ranked.get(range).unwrap_or_default();
    let mut hits = Vec::new();
    for source in sources {
        let here: Vec<&Ranked> = shown.iter().filter(|it| it.source == source).collect();
        hits.extend(highlighted(db, source, &text, &here)?);
    }
    let place = |number: i64| shown.iter().position(|it| it.number == number);
    smartcms_domain::sorting::sort_by_key(&mut hits, |(number, _)| place(*number));
    Ok(SearchPage { hits: hits.into_iter().map(|(_, hit)| hit).collect(), next })
}

/// Where a query finds its entries: each of them in one place.
fn sources(query: &SearchQuery) -> Vec<Source> {
    let tables = match &query.locale {
        Some(locale) => vec![is_english(locale)],
        None => vec![false, true],
    };
    let of_side = |english: bool| match query.side {
        Side::Live => vec![Source { table: table(Side::Live, english), unchanged: false }],
        Side::Newest => vec![
            Source { table: table(Side::Live, english), unchanged: true },
            Source { table: table(Side::Newest, english), unchanged: false },
        ],
    };
    tables.into_iter().flat_map(of_side).collect()
}

/// The newest matches, ranked.
///
/// To rank by a word SQLite reads all entries that have it. Where that is all the site has, `common_len` is not passed,
/// and every word counts; else words that more entries have than this tell too little for what they cost.
fn rank(
    db: &Connection,
    query: &SearchQuery,
    source: Source,
    text: &str,
    common_len: i64,
) -> Result<Vec<Ranked>, Fault> {
    let (table, unchanged) = (source.table, source.condition());
    let newest: i64 = first(db, NEWEST, [], |mut row| row.next())?.unwrap_or_default();
    if newest <= common_len {
        let sql = format!(
            "SELECT rowid, {} FROM {table} WHERE {table} MATCH ?1{unchanged} \
             ORDER BY rowid DESC LIMIT ?2",
            score(table)
        );
        return all(db, &sql, params![text, RANKED_MAX], |row| Ranked::read(row, source));
    }
    // Rows come by their number, so that reading ends with the last one that is wanted.
    let sql = format!(
        "SELECT rowid FROM {table} WHERE {table} MATCH ?1{unchanged} ORDER BY rowid DESC LIMIT ?2"
    );
    let found: Vec<i64> = all(db, &sql, params![text, RANKED_MAX], |mut row| row.next())?;
    let (Some(last), Some(first)) = (found.first(), found.last()) else { return Ok(Vec::new()) };
    let telling = telling(db, &query.terms, table, newest, common_len)?;
    let among = (*first, *last, serde_json::to_string(&found)?);
    if telling.is_empty() {
        return by_title(db, query, source, &found, among);
    }
    let sql =
        format!("SELECT rowid, {} FROM {table} WHERE {table} MATCH ?1 AND {AMONG}", score(table));
    let params = params![in_columns("title body", &telling), among.0, among.1, among.2];
    all(db, &sql, params, |row| Ranked::read(row, source))
}

/// Matches of words that are everywhere: those with all of them in the title first.
fn by_title(
    db: &Connection,
    query: &SearchQuery,
    source: Source,
    found: &[i64],
    among: (i64, i64, String),
) -> Result<Vec<Ranked>, Fault> {
    let table = source.table;
    let sql = format!("SELECT rowid FROM {table} WHERE {table} MATCH ?1 AND {AMONG}");
    let terms: Vec<&SearchTerm> = query.terms.iter().collect();
    let params = params![in_columns("title", &terms), among.0, among.1, among.2];
    let titled: Vec<i64> = all(db, &sql, params, |mut row| row.next())?;
    let titled = set_of(titled);
    let ranked = |number: &i64| {
        let rank = if titled.contains(number) { -1.0 } else { 0.0 };
        Ranked { rank, number: *number, source }
    };
    Ok(found.iter().map(ranked).collect())
}

/// The terms that fewer entries have than `common_len`, as far as the newest ones tell. Words that stand side by side
/// are found by the rarest of them, so that one is enough.
fn telling<'a>(
    db: &Connection,
    terms: &'a [SearchTerm],
    table: &str,
    newest: i64,
    common_len: i64,
) -> Result<Vec<&'a SearchTerm>, Fault> {
    let words: Vec<Vec<String>> = terms.iter().map(words).collect();
    let counts: Vec<String> = words
        .iter()
        .flatten()
        .map(|_| {
            format!(
                "(SELECT count(*) FROM {table} WHERE {table} MATCH ? AND rowid > {})",
                newest - SAMPLE_LEN
            )
        })
        .collect();
    if counts.is_empty() {
        return Ok(terms.iter().collect());
    }
    let sql = format!("SELECT {}", counts.join(", "));
    let params = rusqlite::params_from_iter(words.iter().flatten());
    let sampled = first(db, &sql, params, |mut row| {
        counts.iter().map(|_| row.next::<i64>()).collect::<Result<Vec<i64>, Fault>>()
    })?;
    let mut sampled = sampled.unwrap_or_default().into_iter();
    let sample_len = SAMPLE_LEN.min(newest).max(1);
    let is_common = |sampled: i64| sampled.saturating_mul(newest) / sample_len > common_len;
    let mut telling = Vec::new();
    for (term, words) in terms.iter().zip(&words) {
        let common = sampled.by_ref().take(words.len()).filter(|it| is_common(*it)).count();
        if words.is_empty() || common < words.len() {
            telling.push(term);
        }
    }
    Ok(telling)
}

/// What finds each word of a term alone.
fn words(term: &SearchTerm) -> Vec<String> {
    let (text, unfinished) = match term {
        SearchTerm::Words(text) => (text, false),
        SearchTerm::Prefix(text) => (text, true),
    };
    let parts: Vec<&str> =
        text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let last = parts.len().saturating_sub(1);
    let word = |(at, part): (usize, &&str)| {
        let word = (*part).to_owned();
        let alone = match unfinished && at == last {
            true => SearchTerm::Prefix(word),
            false => SearchTerm::Words(word),
        };
        in_columns("title body", &[&alone])
    };
    parts.iter().enumerate().map(word).collect()
}

/// How SQLite ranks; lower is better.
fn score(table: &str) -> String {
    format!("bm25({table}, {TITLE_WEIGHT:.1}, 1.0, 0.0)")
}

impl Source {
    /// What a statement adds to take only what this place is for.
    fn condition(self) -> &'static str {
        match self.unchanged {
            true => " AND +rowid NOT IN (SELECT number FROM search_changed)",
            false => "",
        }
    }
}

impl Ranked {
    fn read(mut row: Columns<'_>, source: Source) -> Result<Self, Fault> {
        let number = row.next()?;
        Ok(Self { rank: row.next()?, number, source })
    }
}

/// The hits of these matches, in any order, with their numbers.
fn highlighted(
    db: &Connection,
    source: Source,
    text: &str,
    shown: &[&Ranked],
) -> Result<Vec<(i64, SearchHit)>, Fault> {
    let numbers: Vec<i64> = shown.iter().map(|it| it.number).collect();
    let (Some(first), Some(last)) = (numbers.iter().min(), numbers.iter().max()) else {
        return Ok(Vec::new());
    };
    let table = source.table;
    let sql = format!(
        "SELECT rowid, (SELECT id FROM entries WHERE number = {table}.rowid), \
         highlight({table}, 0, ?5, ?6), snippet({table}, 1, ?5, ?6, '…', {SNIPPET_WORDS}) \
         FROM {table} WHERE {table} MATCH ?1 AND {AMONG}"
    );
    let (begins, ends) = (MATCH_BEGINS.to_string(), MATCH_ENDS.to_string());
    let params = params![text, first, last, serde_json::to_string(&numbers)?, begins, ends];
    all(db, &sql, params, |mut row: Columns<'_>| {
        let number = row.next()?;
        let entry = EntryId::new(row.uuid()?);
        let (title, snippet) = (row.parse(pieces)?, row.parse(pieces)?);
        let rank = shown.iter().find(|it| it.number == number).map_or(0.0, |it| it.rank);
        Ok((number, SearchHit { entry, score: -rank, title, snippet }))
    })
}

/// The query in the language of FTS5. Whatever was typed stands between quotation marks, where nothing is a command;
/// terms that turn out to have no words are left out, as FTS5 does with those that only stand side by side.
fn expression(query: &SearchQuery) -> String {
    let mut text = in_columns("title body", &query.terms.iter().collect::<Vec<_>>());
    let mut scope = |words: Vec<String>| {
        text.push_str(&format!(" AND scope : ({})", words.join(" OR ")));
    };
    if let Some(collections) = &query.collections {
        scope(collections.iter().map(collection_word).collect());
    }
    if let Some(locale) = &query.locale {
        scope(vec![locale_word(locale)]);
    }
    text
}

fn in_columns(columns: &str, terms: &[&SearchTerm]) -> String {
    let terms: Vec<String> = terms.iter().map(|it| term(it)).collect();
    format!("{{{columns}}} : ({})", terms.join(" "))
}

fn term(term: &SearchTerm) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\0', " ").replace('"', "\"\""));
    match term {
        SearchTerm::Words(text) => quoted(text),
        SearchTerm::Prefix(text) => format!("{} *", quoted(text)),
    }
}

/// A text with marks around its matches, in pieces.
fn pieces(text: &str) -> Result<Vec<SearchPiece>, Fault> {
    let mut found = Vec::new();
    let mut is_match = false;
    for part in text.split([MATCH_BEGINS, MATCH_ENDS]) {
        if !part.is_empty() {
            found.push(SearchPiece { text: part.to_owned(), is_match });
        }
        is_match = !is_match;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, params};
    use smartcms_app::ports::{SearchMode, SearchQuery, SearchTerm, Side};

    use super::{expression, rank, sources};
    use crate::sqlite::migrations;

    /// An index in which `the` and `of` are in every entry, and `soil` in every seventh.
    fn db() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        migrations::apply(&db).unwrap();
        for number in 1..=100_i64 {
            let entry = "INSERT INTO entries (number, id, collection, locale, translation_group, \
                revision, slug, created_at, updated_at, created_by, fields) \
                VALUES (?1, ?2, 'posts', 'de', ?2, 1, ?3, 1, 1, 't', jsonb('{}'))";
            let id = u128::from(number.unsigned_abs()).to_be_bytes();
            db.execute(entry, params![number, id, number.to_string()]).unwrap();
            let soil = if number % 7 == 0 { "soil" } else { "sand" };
            let title = match number {
                14 => "the soil",
                50 => "of the sea",
                _ => "a title",
            };
            let body = format!("the end of it {soil} {}", "more ".repeat(number as usize % 5));
            let text =
                "INSERT INTO search_live (rowid, title, body, scope) VALUES (?1, ?2, ?3, 'x')";
            db.execute(text, params![number, title, body]).unwrap();
        }
        db
    }

    /// The numbers of what is found, the best first.
    fn found(terms: &[SearchTerm], common_len: i64) -> Vec<i64> {
        let query = SearchQuery {
            mode: SearchMode::Text,
            terms: terms.to_vec(),
            collections: None,
            locale: None,
            side: Side::Live,
            limit: 20,
            after: 0,
        };
        let mut ranked =
            rank(&db(), &query, sources(&query)[0], &expression(&query), common_len).unwrap();
        ranked.sort_by(|a, b| a.rank.total_cmp(&b.rank).then(b.number.cmp(&a.number)));
        ranked.iter().map(|it| it.number).collect()
    }

    fn word(text: &str) -> SearchTerm {
        SearchTerm::Words(text.to_owned())
    }

    /// Above all entries that there are, so that none is common.
    const NONE: i64 = 1_000;
    /// Words of half of the entries are common.
    const HALF: i64 = 50;

    #[test]
    fn a_rare_word_ranks_as_it_does_on_a_small_site() {
        let rare = found(&[word("soil")], HALF);
        assert_eq!(rare.len(), 14);
        assert_eq!(rare[0], 14, "a word in the title comes first");
        assert_eq!(rare, found(&[word("soil")], NONE));
    }

    #[test]
    fn beside_a_rare_word_a_common_one_has_to_be_there_and_does_not_rank() {
        assert_eq!(found(&[word("the"), word("soil")], HALF), found(&[word("soil")], HALF));
        assert_eq!(found(&[word("the"), word("nowhere")], HALF), [0; 0]);
        let unfinished = SearchTerm::Prefix("soi".to_owned());
        assert_eq!(found(&[word("the"), unfinished], HALF).len(), 14);
    }

    #[test]
    fn of_common_words_alone_titles_come_first_and_then_the_newest() {
        let common = found(&[word("the")], HALF);
        assert_eq!(common[..4], [50, 14, 100, 99]);
        assert_eq!(common.len(), 100);
        let both = found(&[word("of"), word("the")], HALF);
        assert_eq!(both[..3], [50, 100, 99]);
    }

    #[test]
    fn a_phrase_tells_as_much_as_its_rarest_word() {
        let phrase = word("it soil");
        assert_eq!(found(std::slice::from_ref(&phrase), HALF), found(&[phrase], NONE));
        assert_eq!(found(&[word("the end")], HALF)[..2], [100, 99]);
    }
}
