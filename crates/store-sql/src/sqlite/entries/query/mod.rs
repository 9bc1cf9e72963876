//! From a query to SQL. Names come from checked types and stand in the text, so that partial indexes are found; values
//! are always bound.

mod conditions;
mod language;
mod near;
mod place;

use rusqlite::types::Value as Sql;
use serde_json::Value;
use smartcms_app::ports::{EntryQuery, Listing, PAGE_LEN_MAX, Side};
use smartcms_domain::collections::FieldName;
use smartcms_domain::entries::Status;
use smartcms_domain::queries::{Condition, Filter, Path, SortKey, SystemField, Test};

pub(super) use self::near::{NEWER, OLDER, near};
use crate::sqlite::rows::{Fault, count};

/// The columns of an entry, as [`super::row::entry`] reads them. A live document that equals the newest one is read and
/// parsed once.
pub(super) const COLUMNS: &str = "id, collection, locale, translation_group, revision, slug, \
    live_revision, live_slug, live_published_at, first_published_at, created_at, updated_at, \
    archived_at, trashed_at, publish_at, unpublish_at, created_by, json(fields), \
    json(nullif(live_fields, fields))";

/// The column that breaks ties.
const ID: &str = "id";

/// The order of a listing, as references have it.
const REFERENCE_TIME: &str = "r.sorts_at";
const REFERENCE_ID: &str = "r.entry";

/// A statement with what is bound to it.
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) params: Vec<Sql>,
}

/// One key of the order that a page has: how it is written, and whether it runs down.
pub(super) struct OrderKey {
    expression: String,
    descending: bool,
    /// Whether an entry of the listing can be without a value.
    nullable: bool,
}

/// Writes a statement piece by piece.
struct Writer {
    sql: String,
    params: Vec<Sql>,
    listing: Listing,
}

/// Where a statement begins to read.
#[derive(Clone, Copy)]
enum Source<'a> {
    /// With the entries, by the index that SQLite finds.
    Entries,
    /// With the references out of a field to what a condition picks: they have the order of the listing.
    References { field: &'a str, to: &'a Condition },
}

/// Which part of an order a statement reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    /// Entries that have the first key, from the place on.
    WithKey,
    /// Entries that have no value for the first key; they come last.
    WithoutKey,
}

/// The statements of a page, to be run in this order until there is one row more than the limit. The keys of the order
/// are the last columns.
///
/// One statement finds the ids, in indexes alone where they hold what is asked; their entries are read after that.
pub(super) fn page(query: &EntryQuery) -> Result<Vec<Statement>, Fault> {
    if query.filter.is_none() && query.sort.is_empty() {
        return Ok(vec![plain_page(query)?]);
    }
    let keys = order(query)?;
    let parts: &[Part] = match (&query.after, keys.first()) {
        (Some(after), Some(first)) if first.nullable => {
            if after.keys.first().is_none_or(Value::is_null) {
                &[Part::WithoutKey]
            } else {
                &[Part::WithKey, Part::WithoutKey]
            }
        }
        (Some(_), _) if !query.sort.is_empty() => &[Part::WithKey],
        _ => &[Part::Whole],
    };
    parts.iter().map(|part| selected_page(query, &keys, *part)).collect()
}

/// The places of a listing's own order are the first rows of its index.
fn plain_page(query: &EntryQuery) -> Result<Statement, Fault> {
    let keys = order(query)?;
    let mut writer = Writer::new(query.listing);
    writer.push(&format!("SELECT {COLUMNS} FROM entries"));
    writer.listed(query);
    if let Some(after) = &query.after {
        writer.push(" AND ");
        writer.after(&keys, ID, after)?;
    }
    writer.order(&keys, ID);
    writer.limit(query)?;
    Ok(writer.into_statement())
}

fn selected_page(query: &EntryQuery, keys: &[OrderKey], part: Part) -> Result<Statement, Fault> {
    let source = source(query);
    let mut writer = Writer::new(query.listing);
    writer.push(&format!("SELECT {COLUMNS}"));
    for key in keys.iter().filter(|_| !query.sort.is_empty()) {
        writer.push(", ");
        writer.push(&key.expression);
    }
    writer.push(" FROM entries WHERE id IN (SELECT id FROM ");
    let of_references = OrderKey::down(REFERENCE_TIME);
    let (inner_keys, id) = match source {
        Source::Entries => (keys, ID),
        Source::References { .. } => (std::slice::from_ref(&of_references), REFERENCE_ID),
    };
    writer.push(match source {
        Source::Entries if keeps_to_few(query) => "entries INDEXED BY entries_drafts",
        Source::Entries if runs_by_slug(query) => match query.listing.side() {
            Side::Newest => "entries INDEXED BY entries_by_slug",
            Side::Live => "entries INDEXED BY entries_by_live_slug",
        },
        Source::Entries => "entries",
        // The references stay outside: SQLite takes a cross join no other way round.
        Source::References { .. } => "entry_references r CROSS JOIN entries ON id = r.entry",
    });
    writer.listed(query);
    if let Source::References { field, to } = source {
        writer.push(" AND ");
        writer.referring(field, to)?;
    }
    if let Some(filter) = &query.filter {
        writer.push(" AND ");
        writer.filter_but(filter, source)?;
    }
    writer.from(inner_keys, id, query, part)?;
    // Without a value there is nothing to sort by it.
    let sorted = inner_keys.get(usize::from(part == Part::WithoutKey)..).unwrap_or_default();
    writer.order(sorted, id);
    writer.limit(query)?;
    writer.push(")");
    writer.order(keys, ID);
    Ok(writer.into_statement())
}

/// Few entries are drafts, scheduled or archived: their own index is the shorter way than that of a field's values over
/// all entries. What every entry has leads to one or to few as well.
fn keeps_to_few(query: &EntryQuery) -> bool {
    let few = matches!(
        query.listing,
        Listing::Newest(Some(Status::Draft | Status::Scheduled | Status::Archived))
    );
    few && !query.filter.as_ref().is_some_and(asks_by_system)
}

/// All of a listing by slug: its index ends at the limit, while SQLite would rather sort all entries of a language.
fn runs_by_slug(query: &EntryQuery) -> bool {
    let by_slug = |it: &SortKey| it.path == Path::System(SystemField::Slug);
    query.filter.is_none()
        && query.listing != Listing::Trashed
        && query.sort.first().is_some_and(by_slug)
}

fn asks_by_system(filter: &Filter) -> bool {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter().any(asks_by_system),
        Filter::Not(filter) => asks_by_system(filter),
        Filter::Is(condition) => matches!(condition.path, Path::System(_)),
    }
}

/// A listing in its own order that asks where entries point to begins there: such references are in that order too.
fn source(query: &EntryQuery) -> Source<'_> {
    let Some(Filter::All(filters)) = query.filter.as_ref().filter(|_| query.sort.is_empty()) else {
        return Source::Entries;
    };
    let pointing = filters.iter().find_map(|filter| {
        let Filter::Is(condition) = filter else { return None };
        let picks = matches!(condition.test, Test::Eq(_) | Test::Contains(_) | Test::In(_));
        match &condition.path {
            Path::Relation(field) if picks => Some((field, condition)),
            Path::Through { relation, .. } if picks => Some((relation, condition)),
            _ => None,
        }
    });
    pointing.map_or(Source::Entries, |(field, to)| Source::References { field, to })
}

impl OrderKey {
    fn down(expression: &str) -> Self {
        Self { expression: expression.to_owned(), descending: true, nullable: false }
    }
}

/// An index that serves filters and sorts by a field.
pub(in crate::sqlite) fn field_expression(side: Side, names: &[String]) -> Result<String, Fault> {
    for name in names {
        FieldName::parse(name)?;
    }
    let document = if side == Side::Live { "live_fields" } else { "fields" };
    Ok(format!("json_extract({document}, '$.{}')", names.join(".")))
}

/// The condition of a listing, as the index of its order has it.
pub(super) fn listing(listing: Listing) -> &'static str {
    match listing {
        Listing::Published => "live_revision IS NOT NULL",
        Listing::Newest(None) => "trashed_at IS NULL",
        Listing::Newest(Some(Status::Draft)) => {
            "trashed_at IS NULL AND live_revision IS NULL AND archived_at IS NULL \
             AND publish_at IS NULL"
        }
        Listing::Newest(Some(Status::Scheduled)) => {
            "trashed_at IS NULL AND live_revision IS NULL AND archived_at IS NULL \
             AND publish_at IS NOT NULL"
        }
        Listing::Newest(Some(Status::Published)) => {
            "trashed_at IS NULL AND live_revision IS NOT NULL"
        }
        Listing::Newest(Some(Status::Archived)) => {
            "trashed_at IS NULL AND live_revision IS NULL AND archived_at IS NOT NULL"
        }
        Listing::Trashed => "trashed_at IS NOT NULL",
    }
}

/// The time that a listing sorts by.
pub(super) fn own_time(side: Side) -> &'static str {
    match side {
        Side::Live => "first_published_at",
        Side::Newest => "created_at",
    }
}

/// The keys of the order, before the id: those that are asked for, then the time of the listing.
fn order(query: &EntryQuery) -> Result<Vec<OrderKey>, Fault> {
    let side = query.listing.side();
    let key = |it: &SortKey| {
        let nullable = match it.path {
            // What was never published is in every listing but the public one.
            Path::System(SystemField::PublishedAt) => query.listing != Listing::Published,
            Path::System(_) => false,
            _ => true,
        };
        let expression = expression(query.listing, &it.path)?;
        Ok(OrderKey { expression, descending: it.descending, nullable })
    };
    let mut keys: Vec<OrderKey> = query.sort.iter().map(key).collect::<Result<_, Fault>>()?;
    let descending = keys.first().is_none_or(|it| it.descending);
    keys.push(OrderKey { descending, ..OrderKey::down(own_time(side)) });
    Ok(keys)
}

fn expression(listing: Listing, path: &Path) -> Result<String, Fault> {
    match path {
        Path::System(field) => Ok(system(listing.side(), *field).to_owned()),
        Path::Field(names) => field_expression(listing.side(), names),
        Path::List(_) | Path::Relation(_) | Path::Through { .. } => {
            Err("entries cannot be sorted by a list".into())
        }
    }
}

fn system(side: Side, field: SystemField) -> &'static str {
    match (field, side) {
        (SystemField::Id, _) => ID,
        (SystemField::Slug, Side::Newest) => "slug",
        (SystemField::Slug, Side::Live) => "live_slug",
        (SystemField::CreatedAt, _) => "created_at",
        (SystemField::UpdatedAt, Side::Newest) => "updated_at",
        (SystemField::UpdatedAt, Side::Live) => "live_published_at",
        (SystemField::PublishedAt, _) => "first_published_at",
    }
}

impl Writer {
    fn new(listing: Listing) -> Self {
        Self { sql: String::new(), params: Vec::new(), listing }
    }

    fn side(&self) -> Side {
        self.listing.side()
    }

    fn into_statement(self) -> Statement {
        Statement { sql: self.sql, params: self.params }
    }

    /// Which entries the listing has.
    fn listed(&mut self, query: &EntryQuery) {
        let (collection, listing) = (&query.collection, listing(query.listing));
        self.push(&format!(" WHERE collection = '{collection}' AND {listing}"));
        // Every such entry is so. Said, it lets an index serve that has such entries only.
        for (field, side, known) in [
            (SystemField::CreatedAt, Side::Live, " AND trashed_at IS NULL"),
            (SystemField::Slug, Side::Live, " AND live_slug IS NOT NULL"),
            (SystemField::UpdatedAt, Side::Newest, " AND updated_at >= -9e999"),
        ] {
            let by_it = |it: &SortKey| it.path == Path::System(field);
            if query.listing.side() == side && query.sort.iter().any(by_it) {
                self.push(known);
            }
        }
        if let Some(author) = &query.author {
            self.push(" AND created_by = ");
            self.bind(Sql::Text(author.clone()));
        }
        self.in_language(query);
    }

    fn order(&mut self, keys: &[OrderKey], id: &str) {
        self.push(" ORDER BY ");
        for key in keys {
            let direction = match (key.descending, key.nullable) {
                (true, _) => "DESC",
                (false, true) => "ASC NULLS LAST",
                (false, false) => "ASC",
            };
            self.push(&format!("{} {direction}, ", key.expression));
        }
        // The id breaks ties in the direction of the time before it.
        let down = keys.last().is_none_or(|it| it.descending);
        self.push(&format!("{id} {}", if down { "DESC" } else { "ASC" }));
    }

    fn limit(&mut self, query: &EntryQuery) -> Result<(), Fault> {
        self.push(" LIMIT ");
        let limit = u64::from(query.limit.clamp(1, PAGE_LEN_MAX));
        self.bind(Sql::Integer(count(limit + 1)?));
        Ok(())
    }

    fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    fn bind(&mut self, value: Sql) {
        self.sql.push('?');
        self.params.push(value);
    }
}

/// A JSON value as `json_extract` gives it.
pub(super) fn sql(value: &Value) -> Result<Sql, Fault> {
    Ok(match value {
        Value::Null => Sql::Null,
        Value::Bool(flag) => Sql::Integer(i64::from(*flag)),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Sql::Integer(whole),
            None => Sql::Real(number.as_f64().ok_or("a number that is none")?),
        },
        Value::String(text) => Sql::Text(text.clone()),
        Value::Array(_) | Value::Object(_) => return Err("a list or an object has no order".into()),
    })
}
