//! Commands: words between slashes.
//!
//! `find/ID`, `slug/COLLECTION/SLUG`, `list/COLLECTION`, `create/COLLECTION/FIELD=TEXT…`,
//! `update/ID/REVISION/FIELD=TEXT…`, `publish/ID/REVISION`, `unpublish/ID/REVISION`. The field `slug` is the slug. In a
//! text, `%2F` is a slash: what stands behind `%` is a byte, as in addresses.

use smartcms_plugin::content::reader::{self, Query};
use smartcms_plugin::content::writer::{self, EntryChange, NewEntry};
use smartcms_plugin::content::{ContentError, Entry, Field, Status, Value};

/// What came of a command.
pub(crate) fn done(command: &str) -> String {
    let words: Vec<&str> = command.split('/').collect();
    match words.as_slice() {
        ["find", id] => told(reader::find(id), maybe),
        ["slug", collection, slug] => told(reader::find_by_slug(collection, slug), maybe),
        ["list", collection] => {
            let query = Query { collection: (*collection).to_owned(), limit: 100, cursor: None };
            told(reader::list(&query), |page| {
                let slugs: Vec<String> = page.entries.iter().map(|it| it.slug.clone()).collect();
                slugs.join(",")
            })
        }
        ["create", collection, values @ ..] => {
            let (slug, fields) = parsed(values);
            told(
                writer::create(&NewEntry { collection: (*collection).to_owned(), slug, fields }),
                shown,
            )
        }
        ["update", id, seen, values @ ..] => {
            let (slug, fields) = parsed(values);
            let change = EntryChange { id: (*id).to_owned(), seen: number(seen), slug, fields };
            told(writer::update(&change), shown)
        }
        ["publish", id, seen] => told(writer::publish(id, number(seen)), shown),
        ["unpublish", id, seen] => told(writer::unpublish(id, number(seen)), shown),
        _ => "no such command".to_owned(),
    }
}

/// The names of fields, with commas between.
pub(crate) fn names(fields: &[Field]) -> String {
    let mut names: Vec<&str> = fields.iter().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    names.join(",")
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_default()
}

fn parsed(values: &[&str]) -> (Option<String>, Vec<Field>) {
    let mut slug = None;
    let mut fields = Vec::new();
    for (name, value) in values.iter().filter_map(|it| it.split_once('=')) {
        if name == "slug" {
            slug = Some(value.to_owned());
        } else {
            let value = Value::Text(decoded(value));
            fields.push(Field { name: name.to_owned(), value });
        }
    }
    (slug, fields)
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        let digits = more.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        let byte = digits.and_then(|it| u8::from_str_radix(it, 16).ok());
        (rest, _) = match byte.filter(|_| *first == b'%') {
            Some(byte) => (&more[2..], bytes.push(byte)),
            None => (more, bytes.push(*first)),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn told<T>(outcome: Result<T, ContentError>, shown: impl Fn(T) -> String) -> String {
    match outcome {
        Ok(value) => shown(value),
        Err(ContentError::Denied(text)) => format!("denied: {text}"),
        Err(ContentError::NotFound(_)) => "not found".to_owned(),
        Err(ContentError::Conflict(_)) => "conflict".to_owned(),
        Err(ContentError::Invalid(problems)) => {
            let problem = |it: &smartcms_plugin::content::Problem| {
                format!("{} {}", it.field.as_deref().unwrap_or("-"), it.code)
            };
            format!("invalid: {}", problems.iter().map(problem).collect::<Vec<_>>().join(", "))
        }
        Err(ContentError::Limit(text)) => format!("limit: {text}"),
        Err(ContentError::Unavailable(text)) => format!("unavailable: {text}"),
    }
}

fn maybe(entry: Option<Entry>) -> String {
    entry.map_or_else(|| "none".to_owned(), shown)
}

fn shown(entry: Entry) -> String {
    let status = match entry.status {
        Status::Draft => "draft",
        Status::Scheduled => "scheduled",
        Status::Published => "published",
        Status::Archived => "archived",
    };
    let Entry { id, slug, revision, .. } = &entry;
    format!("{id} {slug} {status} {revision} [{}]", names(&entry.fields))
}
