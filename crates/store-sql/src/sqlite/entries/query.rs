//! From a query to SQL. Names come from checked types and stand in the text, so that partial indexes are found; values
//! are always bound.

use rusqlite::types::Value as Sql;
use serde_json::Value;
use smartcms_app::ports::{EntryQuery, Listing, PAGE_LEN_MAX, Side};
use smartcms_domain::collections::FieldName;
use smartcms_domain::entries::{EntryId, Status};
use smartcms_domain::queries::{Condition, Filter, Path, SortKey, SystemField, Test};

use crate::sqlite::rows::{Fault, count};

/// The columns of an entry, as [`super::row::entry`] reads them. A live document that equals the newest one is read and
/// parsed once.
pub(super) const COLUMNS: &str = "id, collection, locale, translation_group, revision, slug, \
    live_revision, live_slug, live_published_at, first_published_at, created_at, updated_at, \
    archived_at, trashed_at, publish_at, unpublish_at, created_by, json(fields), \
    json(nullif(live_fields, fields))";

/// The column that breaks ties.
const ID: &str = "id";

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
    side: Side,
}

/// The page that a query asks for, with one row more than its limit, and the keys of its order as last columns.
pub(super) fn page(query: &EntryQuery) -> Result<Statement, Fault> {
    let keys = order(query)?;
    let collection = &query.collection;
    let mut writer =
        Writer { sql: format!("SELECT {COLUMNS}"), params: Vec::new(), side: query.listing.side() };
    for key in keys.iter().filter(|_| !query.sort.is_empty()) {
        writer.push(", ");
        writer.push(&key.expression);
    }
    writer.push(&format!(
        " FROM entries WHERE collection = '{collection}' AND {}",
        listing(query.listing)
    ));
    if let Some(locale) = &query.locale {
        writer.push(" AND locale = ");
        writer.bind(Sql::Text(locale.to_string()));
    }
    if let Some(filter) = &query.filter {
        writer.push(" AND ");
        writer.filter(filter)?;
    }
    if let Some(after) = &query.after {
        writer.push(" AND ");
        writer.after(&keys, &after.keys, after.id)?;
    }
    writer.push(" ORDER BY ");
    for key in &keys {
        let direction = if key.descending { "DESC" } else { "ASC NULLS LAST" };
        writer.push(&format!("{} {direction}, ", key.expression));
    }
    let down = keys.first().is_none_or(|it| it.descending);
    writer.push(if down { "id DESC LIMIT " } else { "id ASC LIMIT " });
    let limit = u64::from(query.limit.clamp(1, PAGE_LEN_MAX));
    writer.bind(Sql::Integer(count(limit + 1)?));
    Ok(Statement { sql: writer.sql, params: writer.params })
}

/// An index that serves filters and sorts by a field.
pub(super) fn field_expression(side: Side, names: &[String]) -> Result<String, Fault> {
    for name in names {
        FieldName::parse(name)?;
    }
    let document = if side == Side::Live { "live_fields" } else { "fields" };
    Ok(format!("json_extract({document}, '$.{}')", names.join(".")))
}

fn listing(listing: Listing) -> &'static str {
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

fn order(query: &EntryQuery) -> Result<Vec<OrderKey>, Fault> {
    if query.sort.is_empty() {
        let expression = match query.listing {
            Listing::Published => "first_published_at",
            Listing::Newest(_) | Listing::Trashed => "created_at",
        };
        return Ok(vec![OrderKey {
            expression: expression.to_owned(),
            descending: true,
            nullable: false,
        }]);
    }
    let side = query.listing.side();
    let key = |it: &SortKey| {
        let nullable = match it.path {
            // What was never published is in every listing but the public one.
            Path::System(SystemField::PublishedAt) => query.listing != Listing::Published,
            Path::System(_) => false,
            _ => true,
        };
        let expression = expression(side, &it.path)?;
        Ok(OrderKey { expression, descending: it.descending, nullable })
    };
    query.sort.iter().map(key).collect()
}

fn expression(side: Side, path: &Path) -> Result<String, Fault> {
    match path {
        Path::System(field) => Ok(system(side, *field).to_owned()),
        Path::Field(names) => field_expression(side, names),
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
    fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    fn bind(&mut self, value: Sql) {
        self.sql.push('?');
        self.params.push(value);
    }

    fn joined<T>(
        &mut self,
        items: &[T],
        between: &str,
        mut each: impl FnMut(&mut Self, &T) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.push("(");
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.push(between);
            }
            each(self, item)?;
        }
        self.push(")");
        Ok(())
    }

    fn filter(&mut self, filter: &Filter) -> Result<(), Fault> {
        match filter {
            Filter::All(filters) if filters.is_empty() => self.push("TRUE"),
            Filter::Any(filters) if filters.is_empty() => self.push("FALSE"),
            Filter::All(filters) => self.joined(filters, " AND ", Self::filter)?,
            Filter::Any(filters) => self.joined(filters, " OR ", Self::filter)?,
            Filter::Not(filter) => {
                self.push("NOT coalesce(");
                self.filter(filter)?;
                self.push(", FALSE)");
            }
            Filter::Is(condition) => self.condition(condition)?,
        }
        Ok(())
    }

    fn condition(&mut self, condition: &Condition) -> Result<(), Fault> {
        let side = self.side;
        match &condition.path {
            Path::System(field) => {
                let id = *field == SystemField::Id;
                self.test(system(side, *field), &condition.test, if id { blob } else { sql })
            }
            Path::Field(names) => self.test(&field_expression(side, names)?, &condition.test, sql),
            Path::List(names) => self.list(names, &condition.test),
            Path::Relation(field) => self.relation(field, &condition.test),
            Path::Through { relation, to, then } => {
                self.reference(relation)?;
                self.push(&format!(
                    " AND target IN (SELECT id FROM entries WHERE collection = '{to}' AND {} AND ",
                    if side == Side::Live {
                        "live_revision IS NOT NULL"
                    } else {
                        "trashed_at IS NULL"
                    }
                ));
                self.condition(&Condition {
                    path: (**then).clone(),
                    test: condition.test.clone(),
                })?;
                self.push("))");
                Ok(())
            }
        }
    }

    fn test(
        &mut self,
        value: &str,
        test: &Test,
        bound: fn(&Value) -> Result<Sql, Fault>,
    ) -> Result<(), Fault> {
        let mut compare = |operator: &str, other: &Value| -> Result<(), Fault> {
            self.push(&format!("{value} {operator} "));
            self.bind(bound(other)?);
            Ok(())
        };
        match test {
            Test::Eq(other) => compare("=", other)?,
            Test::Ne(other) => compare("IS NOT", other)?,
            Test::Lt(other) => compare("<", other)?,
            Test::Lte(other) => compare("<=", other)?,
            Test::Gt(other) => compare(">", other)?,
            Test::Gte(other) => compare(">=", other)?,
            Test::Between(least, most) => {
                self.push(&format!("({value} >= "));
                self.bind(bound(least)?);
                self.push(&format!(" AND {value} <= "));
                self.bind(bound(most)?);
                self.push(")");
            }
            Test::In(others) => {
                self.push(&format!("{value} IN "));
                self.values(others, bound)?;
            }
            Test::NotIn(others) => {
                self.push(&format!("({value} IS NULL OR {value} NOT IN "));
                self.values(others, bound)?;
                self.push(")");
            }
            Test::Contains(other) => {
                self.push(&format!("{value} LIKE "));
                self.bind(Sql::Text(format!("%{}%", escaped(other.as_str().unwrap_or_default()))));
                self.push(" ESCAPE '\\'");
            }
            Test::StartsWith(text) => {
                self.push(&format!("{value} LIKE "));
                self.bind(Sql::Text(format!("{}%", escaped(text))));
                self.push(" ESCAPE '\\'");
            }
            Test::Null(is_null) => {
                self.push(&format!("{value} IS {}NULL", if *is_null { "" } else { "NOT " }));
            }
        }
        Ok(())
    }

    fn list(&mut self, names: &[String], test: &Test) -> Result<(), Fault> {
        for name in names {
            FieldName::parse(name)?;
        }
        let document = if self.side == Side::Live { "live_fields" } else { "fields" };
        let each = format!(
            "EXISTS (SELECT 1 FROM json_each({document}, '$.{}') WHERE value",
            names.join(".")
        );
        self.any_of(&each, test, sql)
    }

    /// Something in a list, written up to the value of an item.
    fn any_of(
        &mut self,
        each: &str,
        test: &Test,
        bound: fn(&Value) -> Result<Sql, Fault>,
    ) -> Result<(), Fault> {
        let (not, others) = match test {
            Test::Eq(other) | Test::Contains(other) => ("", std::slice::from_ref(other)),
            Test::In(others) => ("", others.as_slice()),
            Test::Ne(other) => ("NOT ", std::slice::from_ref(other)),
            Test::NotIn(others) => ("NOT ", others.as_slice()),
            Test::Null(is_null) => {
                self.push(&format!("{}{each} IS NOT NULL)", if *is_null { "NOT " } else { "" }));
                return Ok(());
            }
            _ => return Err("a list has no order".into()),
        };
        self.push(&format!("{not}{each} IN "));
        self.values(others, bound)?;
        self.push(")");
        Ok(())
    }

    /// Entries whose field points to one of these. Begins where the targets are: they are few.
    fn relation(&mut self, field: &str, test: &Test) -> Result<(), Fault> {
        let (not, others) = match test {
            Test::Eq(other) | Test::Contains(other) => ("", std::slice::from_ref(other)),
            Test::In(others) => ("", others.as_slice()),
            Test::Ne(other) => ("NOT ", std::slice::from_ref(other)),
            Test::NotIn(others) => ("NOT ", others.as_slice()),
            Test::Null(is_null) => {
                self.push(if *is_null { "NOT " } else { "" });
                self.reference(field)?;
                self.push(")");
                return Ok(());
            }
            _ => return Err("a relation has no order".into()),
        };
        self.push(not);
        self.reference(field)?;
        self.push(" AND target IN ");
        self.values(others, blob)?;
        self.push(")");
        Ok(())
    }

    /// The entries with a reference out of a field, left open for more conditions on the reference.
    fn reference(&mut self, field: &str) -> Result<(), Fault> {
        FieldName::parse(field)?;
        let side = super::side_number(self.side);
        self.push(&format!(
            "id IN (SELECT entry FROM entry_references WHERE side = {side} AND field = '{field}'"
        ));
        Ok(())
    }

    fn values(
        &mut self,
        values: &[Value],
        bound: fn(&Value) -> Result<Sql, Fault>,
    ) -> Result<(), Fault> {
        self.joined(values, ", ", |writer, value| {
            writer.bind(bound(value)?);
            Ok(())
        })
    }

    /// What comes after a place: a later first key, or the same one and a later second key, and so on.
    fn after(&mut self, keys: &[OrderKey], values: &[Value], id: EntryId) -> Result<(), Fault> {
        if keys.len() != values.len() {
            return Err("the cursor is not of this order".into());
        }
        let down = keys.first().is_none_or(|it| it.descending);
        let own = Sql::Blob(id.as_uuid().as_bytes().to_vec());
        // An id as a key is that of the place: no cursor carries it twice.
        let bound = |(key, value): (&OrderKey, &Value)| {
            if key.expression == ID { Ok(own.clone()) } else { sql(value) }
        };
        let values: Vec<Sql> = keys.iter().zip(values).map(bound).collect::<Result<_, Fault>>()?;
        // A key that is never null is compared as a row value, which keeps to the index.
        if let ([key @ OrderKey { nullable: false, .. }], [value]) = (keys, values.as_slice()) {
            self.push(&format!(
                "({}, id) {} (",
                key.expression,
                if key.descending { "<" } else { ">" }
            ));
            self.bind(value.clone());
            self.push(", ");
            self.bind(own);
            self.push(")");
            return Ok(());
        }
        self.push("(");
        for at in 0..=keys.len() {
            self.push(if at > 0 { " OR (" } else { "(" });
            for (key, value) in keys.iter().zip(&values).take(at) {
                self.push(&format!("{} IS ", key.expression));
                self.bind(value.clone());
                self.push(" AND ");
            }
            match keys.get(at).zip(values.get(at)) {
                Some((key, value)) => self.later(key, value),
                None => {
                    self.push(if down { "id < " } else { "id > " });
                    self.bind(own.clone());
                }
            }
            self.push(")");
        }
        self.push(")");
        Ok(())
    }

    /// A key after a value; those without a value come last in both directions.
    fn later(&mut self, key: &OrderKey, value: &Sql) {
        if *value == Sql::Null {
            self.push("FALSE");
            return;
        }
        let expression = &key.expression;
        self.push(&format!("({expression} {} ", if key.descending { "<" } else { ">" }));
        self.bind(value.clone());
        self.push(&if key.nullable {
            format!(" OR {expression} IS NULL)")
        } else {
            ")".to_owned()
        });
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

fn blob(value: &Value) -> Result<Sql, Fault> {
    let id = EntryId::parse(value.as_str().unwrap_or_default())?;
    Ok(Sql::Blob(id.as_uuid().as_bytes().to_vec()))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
