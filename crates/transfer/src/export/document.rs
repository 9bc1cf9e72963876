//! One entry as a file: front matter between `+++`, then its text.

use std::fmt::Write as _;

use serde_json::Value;
use smartcms_app::rendering::{blocks_to_markdown, markdown_to_blocks};
use smartcms_domain::Timestamp;
use smartcms_domain::blocks::Document;
use smartcms_domain::collections::{CollectionDefinition, FieldKind};
use smartcms_domain::entries::{Entry, Fields, Slug};

use super::toml_text::{key, string, toml_of};

/// What readers see, or the draft when they see nothing.
pub(super) fn main(definition: &CollectionDefinition, entry: &Entry) -> String {
    let mut head = String::new();
    let (slug, fields) = match &entry.live {
        Some(live) => (&live.slug, &live.fields),
        None => (&entry.slug, &entry.fields),
    };
    pair(&mut head, "id", &entry.id.to_string());
    pair(&mut head, "locale", entry.locale.as_str());
    if entry.group != entry.id {
        pair(&mut head, "group", &entry.group.to_string());
    }
    pair(&mut head, "slug", slug.as_str());
    pair(&mut head, "status", entry.status().name());
    time(&mut head, "created_at", Some(entry.created_at));
    time(&mut head, "updated_at", Some(entry.updated_at));
    time(&mut head, "first_published_at", entry.first_published_at);
    time(&mut head, "published_at", entry.live.as_ref().map(|live| live.published_at));
    time(&mut head, "archived_at", entry.archived_at);
    time(&mut head, "publish_at", entry.schedule.publish_at);
    time(&mut head, "unpublish_at", entry.schedule.unpublish_at);
    pair(&mut head, "created_by", &entry.created_by);
    document(definition, head, fields)
}

/// The newest state of an entry whose public state is another.
pub(super) fn draft(definition: &CollectionDefinition, entry: &Entry) -> String {
    let mut head = String::new();
    pair(&mut head, "id", &entry.id.to_string());
    slug_pair(&mut head, &entry.slug);
    document(definition, head, &entry.fields)
}

fn slug_pair(head: &mut String, slug: &Slug) {
    pair(head, "slug", slug.as_str());
}

fn pair(head: &mut String, name: &str, value: &str) {
    let _ = writeln!(head, "{name} = {}", string(value)); // Writing to a string cannot fail.
}

fn time(head: &mut String, name: &str, at: Option<Timestamp>) {
    if let Some(at) = at {
        pair(head, name, &at.to_string());
    }
}

fn document(definition: &CollectionDefinition, head: String, fields: &Fields) -> String {
    let mut plain = String::new();
    let mut json = String::new();
    let mut body = String::new();
    for (name, value) in fields.iter() {
        if let Some(text) = below(definition, name, value) {
            body = text;
            continue;
        }
        match toml_of(value) {
            Some(text) => drop(writeln!(plain, "{} = {text}", key(name))),
            None => drop(writeln!(json, "{} = {}", key(name), string(&value_text(value)))),
        }
    }
    let mut text = format!("+++\n{head}");
    for (table, lines) in [("fields", plain), ("json_fields", json)] {
        if !lines.is_empty() {
            let _ = write!(text, "\n[{table}]\n{lines}");
        }
    }
    text.push_str("+++\n");
    text.push_str(&body);
    text
}

fn value_text(value: &Value) -> String {
    value.to_string()
}

/// The text of the field that stands below the front matter: Markdown, or rich text that Markdown holds whole.
fn below(definition: &CollectionDefinition, name: &str, value: &Value) -> Option<String> {
    let field = definition.field(definition.body.as_ref()?.as_str())?;
    let text = match field.kind {
        _ if field.name.as_str() != name => return None,
        FieldKind::RichText => {
            let text = blocks_to_markdown(&Document::parse(value).ok()?);
            Some(text).filter(|it| markdown_to_blocks(it).to_json() == *value)?
        }
        _ => value.as_str()?.to_owned(),
    };
    Some(text).filter(|it| !it.is_empty())
}
