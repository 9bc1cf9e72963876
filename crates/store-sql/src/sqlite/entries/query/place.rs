//! Where a page goes on.

use rusqlite::types::Value as Sql;
use serde_json::Value;
use smartcms_app::ports::{Cursor, EntryQuery};

use super::{ID, OrderKey, Part, Writer, sql};
use crate::sqlite::rows::Fault;

impl Writer {
    /// What a part of an order has, after the place that the query goes on at.
    pub(super) fn from(
        &mut self,
        keys: &[OrderKey],
        id: &str,
        query: &EntryQuery,
        part: Part,
    ) -> Result<(), Fault> {
        let Some(after) = &query.after else { return Ok(()) };
        let first = keys.first().zip(after.keys.first());
        match (part, first) {
            (Part::WithoutKey, Some((key, value))) => {
                self.push(&format!(" AND {} IS NULL", key.expression));
                if !value.is_null() {
                    // All that have no value come after a place that has one.
                    return Ok(());
                }
            }
            // What follows says the same, but not so that an index can begin there.
            (Part::WithKey, Some((key, value))) if key.expression != ID => {
                let operator = if key.descending { "<=" } else { ">=" };
                self.push(&format!(" AND {} {operator} ", key.expression));
                self.bind(sql(value)?);
            }
            _ => {}
        }
        self.push(" AND ");
        self.after(keys, id, after)
    }

    /// What comes after a place: a later first key, or the same one and a later second key, and so on.
    pub(super) fn after(
        &mut self,
        keys: &[OrderKey],
        id: &str,
        place: &Cursor,
    ) -> Result<(), Fault> {
        let values = &place.keys;
        if keys.len() != values.len() {
            return Err("the cursor is not of this order".into());
        }
        let down = keys.first().is_none_or(|it| it.descending);
        let own = Sql::Blob(place.id.as_uuid().as_bytes().to_vec());
        // An id as a key is that of the place: no cursor carries it twice.
        let bound = |(key, value): (&OrderKey, &Value)| {
            if key.expression == ID { Ok(own.clone()) } else { sql(value) }
        };
        let values: Vec<Sql> = keys.iter().zip(values).map(bound).collect::<Result<_, Fault>>()?;
        // A key that is never null is compared as a row value, which keeps to the index.
        if let ([key @ OrderKey { nullable: false, .. }], [value]) = (keys, values.as_slice()) {
            self.push(&format!(
                "({}, {id}) {} (",
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
                    self.push(&format!("{id} {} ", if down { "<" } else { ">" }));
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
