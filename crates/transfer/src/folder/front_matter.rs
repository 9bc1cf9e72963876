//! What stands before the text of a file: TOML between `+++`, YAML between `---`, or a JSON object.

use serde_json::{Map, Value};

use crate::limits::{FRONT_MATTER_BYTES_MAX, FRONT_MATTER_DEPTH_MAX, FRONT_MATTER_NODES_MAX};

/// How front matter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Toml,
    Yaml,
    Json,
}

/// The two parts of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub(super) format: Format,
    pub(super) front: &'a str,
    pub(super) body: &'a str,
    /// The line at which the front matter begins.
    pub(super) line: u64,
}

/// Parts a file; `None` when it has no front matter.
pub(super) fn split(text: &str) -> Option<Parts<'_>> {
    for (fence, format) in [("+++", Format::Toml), ("---", Format::Yaml)] {
        let Some(after) = text.strip_prefix(fence) else { continue };
        let (first, rest) = after.split_once('\n')?;
        if !first.trim().is_empty() {
            return None;
        }
        let mut at = 0;
        for line in rest.split_inclusive('\n') {
            if line.trim_end() == fence || (format == Format::Yaml && line.trim_end() == "...") {
                let front = rest.get(..at)?;
                let body = rest.get(at + line.len()..)?;
                return Some(Parts { format, front, body, line: 2 });
            }
            at += line.len();
        }
        return None;
    }
    if text.starts_with('{') {
        let mut values =
            serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
        values.next()?.ok()?;
        let (front, body) = text.split_at_checked(values.byte_offset())?;
        return Some(Parts { format: Format::Json, front, body, line: 1 });
    }
    None
}

/// What is wrong with front matter, and in which of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    /// From 1; 0 when it is not known.
    pub(super) line: u64,
    pub(super) reason: String,
}

impl Mistake {
    fn new(reason: impl Into<String>) -> Self {
        Self { line: 0, reason: reason.into() }
    }

    /// An error that names its line in its text: `… at line 3 column 4`.
    fn named(text: &str) -> Self {
        let first = text.lines().next().unwrap_or_default();
        let after = text.split_once("line ").map_or("", |(_, it)| it);
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        let reason = first.trim().trim_start_matches("error: ");
        // The place tells the line already.
        let reason = match reason.strip_prefix("line ").and_then(|it| it.split_once(": ")) {
            Some((_, reason)) => reason,
            None => reason,
        };
        Self { line: digits.parse().unwrap_or(0), reason: reason.to_owned() }
    }
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

/// Reads front matter; the error says what is wrong.
pub(super) fn parse(format: Format, text: &str) -> Result<Map<String, Value>, Mistake> {
    if text.len() > FRONT_MATTER_BYTES_MAX {
        let len = text.len();
        return Err(Mistake::new(format!(
            "the front matter has {len} bytes; the limit is {FRONT_MATTER_BYTES_MAX}"
        )));
    }
    parse_own(format, text)
}

/// Reads front matter that may be as large as its file: in our own exports every field is in it.
pub(super) fn parse_own(format: Format, text: &str) -> Result<Map<String, Value>, Mistake> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    let value = match format {
        Format::Json => {
            serde_json::from_str(text).map_err(|error| Mistake::named(&error.to_string()))?
        }
        Format::Toml => {
            let table: toml::Table = toml::from_str(text).map_err(|error| Mistake {
                line: error.span().map_or(0, |it| line_of(text, it.start)),
                reason: error.message().to_owned(),
            })?;
            json_of(toml::Value::Table(table))
        }
        Format::Yaml => yaml(text)?,
    };
    match value {
        Value::Object(map) => Ok(map),
        Value::Null => Ok(Map::new()),
        _ => Err(Mistake::new("the front matter is no list of names and values")),
    }
}

fn line_of(text: &str, at: usize) -> u64 {
    let before = text.get(..at.min(text.len())).unwrap_or_default();
    before.matches('\n').count() as u64 + 1
}

/// Aliases are followed only as far as the budget reaches: a few lines of them can stand for gigabytes.
fn yaml(text: &str) -> Result<Value, Mistake> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: FRONT_MATTER_DEPTH_MAX,
            max_nodes: FRONT_MATTER_NODES_MAX,
            max_anchors: 1_000,
            max_aliases: 1_000,
            max_documents: 2,
        },
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::LastWins,
    };
    let parsed = serde_saphyr::from_str_with_options::<Value>(text, options);
    parsed.map_err(|error| Mistake::named(&error.to_string()))
}

pub(crate) fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(is) => Value::Bool(is),
        toml::Value::Datetime(at) => Value::String(at.to_string()),
        toml::Value::Array(values) => values.into_iter().map(json_of).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(name, value)| (name, json_of(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, parse, split};

    #[test]
    fn the_three_ways_of_front_matter_are_read() {
        for (text, format) in [
            ("+++\ntitle = \"A\"\ndate = 2020-01-02\n+++\nbody\n", Format::Toml),
            ("---\ntitle: A\ndate: 2020-01-02\n---\nbody\n", Format::Yaml),
            ("{\"title\": \"A\", \"date\": \"2020-01-02\"}\nbody\n", Format::Json),
        ] {
            let parts = split(text).unwrap();
            assert_eq!((parts.format, parts.body.trim()), (format, "body"));
            let map = parse(format, parts.front).unwrap();
            assert_eq!(map["title"], "A");
            assert_eq!(map["date"], "2020-01-02");
        }
        assert!(split("---\nno end\n").is_none());
        assert!(split("text\n---\n").is_none());
    }

    #[test]
    fn a_yaml_bomb_is_refused() {
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..12 {
            let below = vec![format!("*a{}", level - 1); 10].join(",");
            bomb.push_str(&format!("a{level}: &a{level} [{below}]\n"));
        }
        assert!(parse(Format::Yaml, &bomb).is_err());
    }
}
