//! What one post of a Ghost export means.

use serde_json::Value;

use super::tables::{Tables, id, text};
use crate::bounded_json;
use crate::error::Place;
use crate::html::plain_text;
use crate::item::{Body, ImportedEntry, Item, SourceStatus};
use crate::limits::ROW_NODES_MAX;
use crate::note::{Note, NoteKind};
use crate::time::parse_date;

/// Values of a post that have no place of their own and say something all the same.
const KEPT: &[&str] = &[
    "canonical_url",
    "codeinjection_head",
    "codeinjection_foot",
    "custom_template",
    "meta_title",
    "meta_description",
    "og_title",
    "og_description",
    "og_image",
    "twitter_title",
    "twitter_description",
    "twitter_image",
    "email_subject",
    "frontmatter",
];

pub(super) fn items(row: Value, size: u64, tables: &Tables, place: &Place) -> Vec<Item> {
    let key = id(&row, "id");
    let title = text(&row, "title").unwrap_or_default().to_owned();
    if text(&row, "status") == Some("sent") {
        let name = if title.is_empty() { &key } else { &title };
        let message = "it was sent by mail and never stood on the site";
        return vec![Item::Note(Note::new(NoteKind::Skipped, place, name, message))];
    }
    let is_page = text(&row, "type") == Some("page") || row.get("page").is_some_and(is_true);
    let collection = if is_page { "pages" } else { "posts" };
    let mut entry = ImportedEntry::new(format!("post:{key}"), collection, place.clone());
    entry.size = size;
    entry.title = title;
    entry.slug = text(&row, "slug").map(str::to_owned);
    entry.excerpt = text(&row, "custom_excerpt").map(plain_text);
    entry.featured = row.get("featured").is_some_and(is_true);
    entry.picture = text(&row, "feature_image").or_else(|| text(&row, "image")).map(str::to_owned);
    let meta_row = tables.meta_of(&key);
    let own = |name: &str| text(&row, name).or_else(|| text(meta_row?, name)).map(plain_text);
    entry.picture_texts = (own("feature_image_alt"), own("feature_image_caption"));
    entry.old_url = entry.slug.as_ref().map(|it| format!("/{it}/"));
    entry.locale = text(&row, "locale").map(str::to_owned);
    status(&row, &mut entry);
    dates(&row, &mut entry);
    joined(&row, &key, tables, &mut entry);
    meta(&row, tables.meta_of(&key), &mut entry);
    entry.body = body(row, &mut entry);
    vec![Item::Entry(Box::new(entry))]
}

fn is_true(value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| value.as_i64() == Some(1))
}

fn status(row: &Value, entry: &mut ImportedEntry) {
    let status = text(row, "status").unwrap_or("draft");
    entry.status = match status {
        "published" => SourceStatus::Published,
        "scheduled" => SourceStatus::Scheduled,
        _ => SourceStatus::Draft,
    };
    let visibility = text(row, "visibility").unwrap_or("public");
    if row.get("email_only").is_some_and(is_true) && entry.status != SourceStatus::Draft {
        entry.status = SourceStatus::Draft;
        let message = "it was only sent by mail; it is a draft, so that nobody else reads it";
        entry.note(NoteKind::StatusLowered, message);
        return;
    }
    if visibility != "public" && entry.status != SourceStatus::Draft {
        entry.status = SourceStatus::Draft;
        let message = format!(
            "only `{visibility}` could read it; it is a draft, so that nobody else reads it"
        );
        entry.note(NoteKind::StatusLowered, message);
    }
}

fn dates(row: &Value, entry: &mut ImportedEntry) {
    let date = |key: &str| match row.get(key) {
        // Exports of Ghost 0.x count milliseconds.
        Some(Value::Number(number)) => {
            number.as_i64().and_then(|it| smartcms_domain::Timestamp::from_millis(it).ok())
        }
        _ => text(row, key).and_then(parse_date),
    };
    entry.created_at = date("created_at");
    entry.published_at = date("published_at");
    entry.updated_at = date("updated_at");
    if entry.status != SourceStatus::Draft && entry.published_at.is_none() {
        entry.note(
            NoteKind::DateChanged,
            "it has no date of publication; the date it was made was taken",
        );
        entry.published_at = entry.created_at;
    }
}

fn joined(row: &Value, key: &str, tables: &Tables, entry: &mut ImportedEntry) {
    entry.authors = tables.authors_of(key).map(str::to_owned).collect();
    if entry.authors.is_empty() && row.get("author_id").is_some() {
        entry.authors.push(id(row, "author_id"));
    }
    let mut internal = Vec::new();
    for tag in tables.tags_of(key) {
        if tables.is_internal(tag) {
            internal.push(Value::String(tables.tag_name(tag)));
        } else {
            entry.terms.push(("tags".to_owned(), tag.to_owned()));
        }
    }
    if !internal.is_empty() {
        entry.meta.insert("internal_tags".to_owned(), Value::Array(internal));
    }
}

fn meta(row: &Value, more: Option<&Value>, entry: &mut ImportedEntry) {
    for key in KEPT {
        let value = text(row, key).or_else(|| text(more?, key));
        if let Some(value) = value {
            entry.meta.insert((*key).to_owned(), Value::String(value.to_owned()));
        }
    }
}

fn body(mut row: Value, entry: &mut ImportedEntry) -> Body {
    for (key, wrap) in
        [("lexical", Body::Lexical as fn(Value) -> Body), ("mobiledoc", Body::Mobiledoc)]
    {
        let Some(source) = text(&row, key) else { continue };
        match bounded_json::from_str(source, ROW_NODES_MAX) {
            Ok(document) if document.is_object() => return wrap(document),
            Ok(_) => {
                let message = format!("its {key} is no document; its HTML was taken");
                entry.note(NoteKind::TextRepaired, message);
            }
            Err(error) => {
                let message =
                    format!("its {key} document cannot be read: {error}; its HTML was taken");
                entry.note(NoteKind::TextRepaired, message);
            }
        }
    }
    if let Some(Value::String(html)) = row.get_mut("html").map(Value::take) {
        return Body::Html(html);
    }
    match row.get_mut("markdown").map(Value::take) {
        Some(Value::String(markdown)) => Body::Markdown(markdown),
        _ => Body::Html(String::new()),
    }
}
