//! One page of hits.

use rusqlite::{Connection, params};
use smartcms_app::ports::{
    RANKED_MAX, SearchHit, SearchMode, SearchPage, SearchPiece, SearchQuery, SearchTerm,
};
use smartcms_domain::entries::EntryId;

use super::{MATCH_BEGINS, MATCH_ENDS, collection_word, is_english, locale_word, table};
use crate::sqlite::rows::{Columns, Fault, all};

/// How much more a word in the title counts than one in the text.
const TITLE_WEIGHT: f64 = 8.0;

/// The longest part of a text that is shown with a hit, in words; SQLite takes up to 64.
const SNIPPET_WORDS: u32 = 32;

/// A match with its place in the order.
struct Ranked {
    /// As SQLite ranks: lower is better.
    rank: f64,
    number: i64,
    english: bool,
}

pub(super) fn page(db: &Connection, query: &SearchQuery) -> Result<SearchPage, Fault> {
    match query.mode {
        SearchMode::Text => {}
        other => return Err(format!("this store cannot search by {other:?}").into()),
    }
    if query.terms.is_empty() || query.collections.as_ref().is_some_and(Vec::is_empty) {
        return Ok(SearchPage::default());
    }
    let text = expression(query);
    let tables = match &query.locale {
        Some(locale) => vec![is_english(locale)],
        None => vec![false, true],
    };
    let mut ranked = Vec::new();
    for english in tables {
        ranked.extend(rank(db, query, english, &text)?);
    }
    // Of equally good ones the newest comes first.
    ranked.sort_by(|a, b| a.rank.total_cmp(&b.rank).then(b.number.cmp(&a.number)));
    let (range, next) = query.page_of(ranked.len());
    let shown = ranked.get(range).unwrap_or_default();
    let mut hits = Vec::new();
    for english in [false, true] {
        let here: Vec<&Ranked> = shown.iter().filter(|it| it.english == english).collect();
        hits.extend(highlighted(db, query, english, &text, &here)?);
    }
    let place = |number: i64| shown.iter().position(|it| it.number == number);
    hits.sort_by_key(|(number, _)| place(*number));
    Ok(SearchPage { hits: hits.into_iter().map(|(_, hit)| hit).collect(), next })
}

/// The newest matches, ranked. Rows come by their number, so that reading ends with the last one that is wanted.
fn rank(
    db: &Connection,
    query: &SearchQuery,
    english: bool,
    text: &str,
) -> Result<Vec<Ranked>, Fault> {
    let table = table(query.side, english);
    let sql = format!(
        "SELECT rowid, bm25({table}, {TITLE_WEIGHT:.1}, 1.0, 0.0) FROM {table} \
         WHERE {table} MATCH ?1 ORDER BY rowid DESC LIMIT ?2"
    );
    all(db, &sql, params![text, RANKED_MAX], |mut row| {
        let number = row.next()?;
        Ok(Ranked { rank: row.next()?, number, english })
    })
}

/// The hits of these matches, in any order, with their numbers.
fn highlighted(
    db: &Connection,
    query: &SearchQuery,
    english: bool,
    text: &str,
    shown: &[&Ranked],
) -> Result<Vec<(i64, SearchHit)>, Fault> {
    let numbers: Vec<i64> = shown.iter().map(|it| it.number).collect();
    let (Some(first), Some(last)) = (numbers.iter().min(), numbers.iter().max()) else {
        return Ok(Vec::new());
    };
    let table = table(query.side, english);
    // The sign before `rowid` keeps SQLite from opening the index anew for each number.
    let sql = format!(
        "SELECT rowid, (SELECT id FROM entries WHERE number = {table}.rowid), \
         highlight({table}, 0, ?2, ?3), snippet({table}, 1, ?2, ?3, '…', {SNIPPET_WORDS}) \
         FROM {table} WHERE {table} MATCH ?1 AND rowid BETWEEN ?4 AND ?5 \
         AND +rowid IN (SELECT value FROM json_each(?6))"
    );
    let (begins, ends) = (MATCH_BEGINS.to_string(), MATCH_ENDS.to_string());
    let params = params![text, begins, ends, first, last, serde_json::to_string(&numbers)?];
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
    let terms: Vec<String> = query.terms.iter().map(term).collect();
    let mut text = format!("{{title body}} : ({})", terms.join(" "));
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
