//! From the text of a file to a definition, and where in the text a problem is.

use std::ops::Range;

use serde_json::{Map, Number, Value};
use smartcms_domain::Problem;
use smartcms_domain::collections::{CollectionDefinition, CollectionName};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file that is TOML, whatever it says.
pub(super) struct File<'t> {
    text: &'t str,
    table: Spanned<DeTable<'t>>,
}

/// A problem with the line it is in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Located {
    pub(super) line: usize,
    pub(super) message: String,
}

impl<'t> File<'t> {
    pub(super) fn parse(text: &'t str) -> Result<Self, toml::de::Error> {
        Ok(Self { text, table: DeTable::parse(text)? })
    }

    /// The definition that the file says; its name is that of the file.
    pub(super) fn definition(&self, name: &str) -> Result<CollectionDefinition, Vec<Located>> {
        let top = |message: String| vec![Located { line: 1, message }];
        let name = CollectionName::parse(name)
            .map_err(|it| top(format!("the file's name is the collection's: {it}")))?;
        let document = Value::Object(object(self.table.get_ref()));
        CollectionDefinition::read(name, &document)
            .map_err(|problems| problems.iter().map(|it| self.locate(it)).collect())
    }

    /// A problem of the definition with its line.
    pub(super) fn locate(&self, problem: &Problem) -> Located {
        let start = self.place(problem.field.as_deref().unwrap_or_default()).start;
        let line = self.text.bytes().take(start).filter(|it| *it == b'\n').count() + 1;
        Located { line, message: problem.message.clone() }
    }

    /// Where a path like `fields[2].choices` leads to; for what is not there, what it would stand in.
    fn place(&self, path: &str) -> Range<usize> {
        let mut place = 0..0;
        let mut table = Some(self.table.get_ref());
        for part in path.split('.') {
            let (key, places) = part.split_once('[').unwrap_or((part, ""));
            let Some((name, found)) = table.and_then(|it| it.get_key_value(key)) else { break };
            place = name.span();
            let mut value = found.get_ref();
            for at in places.split(['[', ']']).filter_map(|it| it.parse::<usize>().ok()) {
                let Some(item) = value.as_array().and_then(|it| it.get(at)) else { break };
                place = item.span();
                value = item.get_ref();
            }
            table = value.as_table();
            // A table is told by its name: it begins in the line before, and says nothing there.
            if let Some((key, _)) = table.and_then(|it| it.get_key_value("name")) {
                place = key.span();
            }
        }
        place
    }
}

fn object(table: &DeTable<'_>) -> Map<String, Value> {
    table.iter().map(|(key, it)| (key.get_ref().to_string(), value(it.get_ref()))).collect()
}

/// A value of TOML as JSON: a date is its text, and what JSON has no number for is one that no rule takes.
fn value(found: &DeValue<'_>) -> Value {
    match found {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(it) => i64::from_str_radix(it.as_str(), it.radix())
            .map_or_else(|_| Value::from(u64::MAX), Value::from),
        DeValue::Float(it) => {
            let number = it.as_str().parse().ok().and_then(Number::from_f64);
            number.map_or_else(|| Value::String(it.to_string()), Value::Number)
        }
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(time) => Value::String(time.to_string()),
        DeValue::Array(items) => items.iter().map(|it| value(it.get_ref())).collect(),
        DeValue::Table(members) => Value::Object(object(members)),
    }
}
