//! What an entry has to be like.

use rusqlite::types::Value as Sql;
use serde_json::Value;
use smartcms_app::ports::{Listing, Side};
use smartcms_domain::collections::FieldName;
use smartcms_domain::entries::EntryId;
use smartcms_domain::queries::{Condition, Filter, Path, SystemField, Test};

use super::{Source, Writer, field_expression, listing, sql, system};
use crate::sqlite::entries::side_number;
use crate::sqlite::rows::Fault;

impl Writer {
    /// References out of a field to what a condition asks for, each entry once.
    pub(super) fn referring(&mut self, field: &str, condition: &Condition) -> Result<(), Fault> {
        FieldName::parse(field)?;
        let side = side_number(self.side());
        self.push(&format!("r.side = {side} AND r.field = '{field}' AND r.target IN "));
        self.targets(condition)?;
        self.push(&format!(
            " AND NOT EXISTS (SELECT 1 FROM entry_references o WHERE o.entry = r.entry \
             AND o.side = {side} AND o.field = '{field}' \
             AND (o.target, o.position) < (r.target, r.position) AND o.target IN "
        ));
        self.targets(condition)?;
        self.push(")");
        Ok(())
    }

    /// The ids that a condition on a relation picks.
    fn targets(&mut self, condition: &Condition) -> Result<(), Fault> {
        match (&condition.path, &condition.test) {
            (Path::Through { to, then, .. }, test) => {
                let there = match self.side() {
                    Side::Live => Listing::Published,
                    Side::Newest => Listing::Newest(None),
                };
                let listed = listing(there);
                self.push(&format!(
                    "(SELECT id FROM entries WHERE collection = '{to}' AND {listed} AND "
                ));
                let here = std::mem::replace(&mut self.listing, there);
                self.condition(&Condition { path: (**then).clone(), test: test.clone() })?;
                self.listing = here;
                self.push(")");
                Ok(())
            }
            (_, Test::Eq(value) | Test::Contains(value)) => {
                self.values(std::slice::from_ref(value), blob)
            }
            (_, Test::In(values)) => self.values(values, blob),
            _ => Err("a relation has no order".into()),
        }
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

    /// A filter without the condition that the statement begins with.
    pub(super) fn filter_but(&mut self, filter: &Filter, source: Source<'_>) -> Result<(), Fault> {
        let (Filter::All(filters), Source::References { to, .. }) = (filter, source) else {
            return self.filter(filter);
        };
        let is_done = |it: &&Filter| matches!(it, Filter::Is(done) if std::ptr::eq(done, to));
        let left: Vec<&Filter> = filters.iter().filter(|it| !is_done(it)).collect();
        if left.is_empty() {
            self.push("TRUE");
            return Ok(());
        }
        self.joined(&left, " AND ", |writer, filter| writer.filter(filter))
    }

    pub(super) fn filter(&mut self, filter: &Filter) -> Result<(), Fault> {
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
        let side = self.side();
        match &condition.path {
            Path::System(field) => {
                let id = *field == SystemField::Id;
                self.test(system(side, *field), &condition.test, if id { blob } else { sql })
            }
            Path::Field(names) => self.test(&field_expression(side, names)?, &condition.test, sql),
            Path::List(names) => self.list(names, &condition.test),
            Path::Relation(field) => self.relation(field, &condition.test),
            Path::Through { relation, .. } => {
                self.reference(relation)?;
                self.push(" AND target IN ");
                self.targets(condition)?;
                self.push(")");
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
            Test::Lt(other) => self.range(value, "<", bound(other)?),
            Test::Lte(other) => self.range(value, "<=", bound(other)?),
            Test::Gt(other) => self.range(value, ">", bound(other)?),
            Test::Gte(other) => self.range(value, ">=", bound(other)?),
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
                // Between the capitals and the small letters: there an index can begin and end.
                self.push(&format!("({value} >= "));
                self.bind(Sql::Text(text.to_ascii_uppercase()));
                if let Some(end) = after_all_with(&text.to_ascii_lowercase()) {
                    self.push(&format!(" AND {value} < "));
                    self.bind(Sql::Text(end));
                }
                self.push(&format!(" AND {value} LIKE "));
                self.bind(Sql::Text(format!("{}%", escaped(text))));
                self.push(" ESCAPE '\\')");
            }
            Test::Null(is_null) => {
                self.push(&format!("{value} IS {}NULL", if *is_null { "" } else { "NOT " }));
            }
        }
        Ok(())
    }

    /// Values on one side of another. The other end of their kind is said too: SQLite takes a range of two ends for the
    /// shorter way than a listing, and one of one end not.
    fn range(&mut self, value: &str, operator: &str, other: Sql) {
        let is_text = matches!(other, Sql::Text(_));
        let end = match (operator.starts_with('<'), is_text) {
            (true, true) => ">= ''",
            (true, false) => ">= -9e999",
            // Bytes come after every text.
            (false, true) => "< x''",
            (false, false) => "<= 9e999",
        };
        self.push(&format!("({value} {operator} "));
        self.bind(other);
        self.push(&format!(" AND {value} {end})"));
    }

    fn list(&mut self, names: &[String], test: &Test) -> Result<(), Fault> {
        for name in names {
            FieldName::parse(name)?;
        }
        let document = if self.side() == Side::Live { "live_fields" } else { "fields" };
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
        let side = side_number(self.side());
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
}

fn blob(value: &Value) -> Result<Sql, Fault> {
    let id = EntryId::parse(value.as_str().unwrap_or_default())?;
    Ok(Sql::Blob(id.as_uuid().as_bytes().to_vec()))
}

/// The first text after all that begin with this one; `None` where there is none.
fn after_all_with(text: &str) -> Option<String> {
    let mut letters: Vec<char> = text.chars().collect();
    while let Some(last) = letters.pop() {
        let next = match last {
            '\u{d7ff}' => Some('\u{e000}'),
            other => char::from_u32(u32::from(other) + 1),
        };
        if let Some(next) = next {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
