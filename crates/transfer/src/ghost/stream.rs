//! Walks `{"db":[{"data":{"posts":[…]}}]}` row by row. Everything else is passed over without being kept.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Meter, Position, Row};
use crate::bounded_json::Bounded;
use crate::limits::ROW_NODES_MAX;

/// Who takes the rows; an error ends the reading.
pub(super) type Visit<'a> = &'a mut dyn FnMut(Position, Row) -> Result<(), String>;

/// The tables that mean something here.
const TABLES: &[&str] = &["users", "tags", "posts_tags", "posts_authors", "posts_meta", "settings"];

/// Tables that people have filled, and that have no place here: the report says how much is in them.
const LEFT: &[&str] = &[
    "members",
    "subscribers",
    "newsletters",
    "snippets",
    "products",
    "offers",
    "comments",
    "recommendations",
    "collections",
    "redirects",
    "integrations",
    "webhooks",
];

/// The whole file. Exports are wrapped in `db`; some tools leave the wrapping out.
pub(super) struct Export<'a> {
    pub(super) take: Visit<'a>,
    pub(super) meter: &'a Meter,
}

impl<'de> DeserializeSeed<'de> for Export<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Export<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `db`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "db" => map.next_value_seed(Databases { take: self.take, meter: self.meter })?,
                "data" => map.next_value_seed(Data { take: self.take, meter: self.meter })?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct Databases<'a> {
    take: Visit<'a>,
    meter: &'a Meter,
}

impl<'de> DeserializeSeed<'de> for Databases<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Databases<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of databases")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Export { take: self.take, meter: self.meter })?.is_some() {}
        Ok(())
    }
}

struct Data<'a> {
    take: Visit<'a>,
    meter: &'a Meter,
}

impl<'de> DeserializeSeed<'de> for Data<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Data<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tables")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let other = TABLES.iter().find(|it| **it == key).copied();
            if key == "posts" || other.is_some() {
                map.next_value_seed(Table { name: other, take: self.take, meter: self.meter })?;
            } else if LEFT.contains(&key.as_str()) {
                let position = self.meter.mark();
                let count = map.next_value::<Vec<IgnoredAny>>()?.len();
                (self.take)(position, Row::Left(key, count)).map_err(A::Error::custom)?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Table<'a> {
    /// `None` for the posts.
    name: Option<&'static str>,
    take: Visit<'a>,
    meter: &'a Meter,
}

impl<'de> DeserializeSeed<'de> for Table<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Table<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        loop {
            let position = self.meter.mark();
            let left = Cell::new(ROW_NODES_MAX);
            let Some(row) = seq.next_element_seed(Bounded::new(&left))? else { return Ok(()) };
            let row = match self.name {
                None => Row::Post(row),
                Some(name) => Row::Other(name, row),
            };
            let position = self.meter.read(position);
            (self.take)(position, row).map_err(A::Error::custom)?;
        }
    }
}
