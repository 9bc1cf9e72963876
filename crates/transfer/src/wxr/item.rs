//! What one item of a WXR file means.

use serde_json::Value;

use super::comments;
use super::menu::menu_item;
use super::terms;
use super::xml::Node;
use crate::error::Place;
use crate::html::plain_text;
use crate::item::{Asset, Body, Fragment, ImportedEntry, Item, SourceStatus};
use crate::note::{Note, NoteKind};
use crate::time::{parse_date, parse_feed_date};

/// Items that WordPress keeps for itself: nothing in them is content of the site.
const INTERNAL_TYPES: &[&str] = &[
    "revision",
    "customize_changeset",
    "custom_css",
    "oembed_cache",
    "user_request",
    "wp_global_styles",
    "wp_template",
    "wp_template_part",
    "wp_navigation",
    "wp_font_family",
    "wp_font_face",
    "acf-field",
    "acf-field-group",
];

/// Custom fields that say how WordPress edited or indexed a post.
const INTERNAL_META: &[&str] = &[
    "_edit_last",
    "_edit_lock",
    "_wp_old_date",
    "_pingme",
    "_encloseme",
    "_thumbnail_id",
    "_wp_page_template",
    "_wp_trash_meta_status",
    "_wp_trash_meta_time",
    "_wp_desired_post_slug",
    "_wp_old_slug",
    "_wp_attached_file",
    "_wp_attachment_metadata",
    "_wp_attachment_image_alt",
    "_wp_attachment_context",
    "_wp_ignored_hooked_blocks",
    "footnotes",
];
/// What WordPress keeps of the pages of others that a post shows.
const CACHED_META: &str = "_oembed_";

/// The custom fields of an item.
pub(super) struct Meta<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Meta<'a> {
    pub(super) fn of(node: &'a Node) -> Self {
        let pairs = node.children_of("wp:postmeta");
        Self(pairs.map(|it| (it.text_of("wp:meta_key"), it.text_of("wp:meta_value"))).collect())
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(it, _)| *it == key).map(|(_, value)| *value)
    }

    fn all(&self, key: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(it, _)| *it == key).map(|(_, value)| *value)
    }
}

/// The key of a post by its number.
pub(super) fn post_key(id: &str) -> String {
    format!("post:{id}")
}

/// The item of the stream that an item of the file is, if it is one.
pub(super) fn items(node: &Node, place: &Place, size: u64) -> Vec<Item> {
    let kind = node.text_of("wp:post_type");
    let name = plain_text(node.text_of("title"));
    let name = if name.is_empty() { post_key(node.text_of("wp:post_id")) } else { name };
    let skipped =
        |message: String| vec![Item::Note(Note::new(NoteKind::Skipped, place, &name, message))];
    match kind {
        "attachment" => attachment(node, place),
        "nav_menu_item" => vec![menu_item(node, place)],
        "revision" => Vec::new(),
        "wp_block" => vec![Item::Fragment(Fragment {
            key: node.text_of("wp:post_id").to_owned(),
            text: node.child("content:encoded").map_or("", |it| it.text.as_str()).to_owned(),
            place: place.clone(),
        })],
        _ if INTERNAL_TYPES.contains(&kind) => {
            skipped(format!("`{kind}` is WordPress's own and no content"))
        }
        _ => match node.text_of("wp:status") {
            "trash" => skipped("it is in the trash".to_owned()),
            "auto-draft" => skipped("WordPress made this draft by itself".to_owned()),
            _ => vec![Item::Entry(Box::new(ImportedEntry { size, ..entry(node, place) }))],
        },
    }
}

fn attachment(node: &Node, place: &Place) -> Vec<Item> {
    let id = node.text_of("wp:post_id");
    let named = node.text_of("wp:attachment_url");
    let url = if named.is_empty() { node.text_of("guid") } else { named };
    if url.is_empty() {
        let message = "the attachment names no file";
        return vec![Item::Note(Note::new(NoteKind::Skipped, place, post_key(id), message))];
    }
    let meta = Meta::of(node);
    let parent = node.some_text_of("wp:post_parent").filter(|it| it != "0");
    let alt = meta.get("_wp_attachment_image_alt").map(plain_text);
    vec![Item::Asset(Asset {
        key: id.to_owned(),
        location: url.to_owned(),
        url: url.to_owned(),
        title: plain_text(node.text_of("title")),
        alt: alt.filter(|it| !it.is_empty()),
        caption: Some(plain_text(node.text_of("excerpt:encoded"))).filter(|it| !it.is_empty()),
        parent: parent.map(|it| post_key(&it)),
        place: place.clone(),
    })]
}

fn entry(node: &Node, place: &Place) -> ImportedEntry {
    let id = node.text_of("wp:post_id");
    let mut entry = ImportedEntry::new(post_key(id), collection(node), place.clone());
    entry.title = plain_text(node.text_of("title"));
    entry.slug = node.some_text_of("wp:post_name");
    let text = node.child("content:encoded").map_or("", |it| it.text.as_str());
    entry.body = Body::WordPress { text: text.to_owned(), footnotes: footnotes(node) };
    entry.excerpt = Some(plain_text(node.text_of("excerpt:encoded"))).filter(|it| !it.is_empty());
    entry.authors = terms::keys_of_authors(node);
    (entry.locale, entry.translation_of) = terms::language(node);
    entry.terms = node.children_of("category").filter_map(terms::key_of).collect();
    entry.parent =
        node.some_text_of("wp:post_parent").filter(|it| it != "0").map(|it| post_key(&it));
    entry.position = node.text_of("wp:menu_order").parse().ok().filter(|it| *it != 0);
    entry.featured = node.text_of("wp:is_sticky") == "1";
    let is_plain =
        |it: &String| it.contains("?p=") || it.contains("?page_id=") || it.contains("post_type=");
    entry.old_url = node.some_text_of("link").filter(|it| !is_plain(it));
    entry.aliases = vec![format!("?p={id}")];
    status(node, &mut entry);
    dates(node, &mut entry);
    take_meta(node, &mut entry);
    comments::take(node, &mut entry);
    entry
}

/// The footnotes of block posts stand beside their text, as JSON.
fn footnotes(node: &Node) -> Vec<(String, String)> {
    let meta = Meta::of(node);
    let Some(json) = meta.get("footnotes").filter(|it| !it.is_empty()) else { return Vec::new() };
    let Ok(Value::Array(notes)) = serde_json::from_str(json) else { return Vec::new() };
    let text = |note: &Value, key: &str| Some(note.get(key)?.as_str()?.to_owned());
    notes.iter().filter_map(|it| Some((text(it, "id")?, text(it, "content")?))).collect()
}

fn collection(node: &Node) -> String {
    match node.text_of("wp:post_type") {
        "post" | "" => "posts".to_owned(),
        "page" => "pages".to_owned(),
        other => other.to_owned(),
    }
}

fn status(node: &Node, entry: &mut ImportedEntry) {
    let status = node.text_of("wp:status");
    entry.status = match status {
        "publish" => SourceStatus::Published,
        "future" => SourceStatus::Scheduled,
        _ => SourceStatus::Draft,
    };
    if status == "private" {
        entry.note(
            NoteKind::StatusLowered,
            "it was private; it is a draft, so that nobody reads it",
        );
    }
    if status == "pending" {
        entry.note(NoteKind::StatusLowered, "it waited for a review; it is a draft");
    }
    let known = ["publish", "future", "draft", "private", "pending", "inherit", ""];
    if !known.contains(&status) {
        let message = format!("its status `{status}` is not known here; it is a draft");
        entry.note(NoteKind::StatusLowered, message);
    }
    if node.child("wp:post_password").is_some_and(|it| !it.text.is_empty()) {
        entry.status = SourceStatus::Draft;
        let message =
            "it had a password, which is not taken over; it is a draft, so that nobody reads it";
        entry.note(NoteKind::StatusLowered, message);
    }
}

fn dates(node: &Node, entry: &mut ImportedEntry) {
    let gmt = parse_date(node.text_of("wp:post_date_gmt"));
    let local = parse_date(node.text_of("wp:post_date"));
    let feed = parse_feed_date(node.text_of("pubDate"));
    let date = gmt.or(feed).or(local);
    entry.created_at = date;
    entry.published_at = date;
    let changed = parse_date(node.text_of("wp:post_modified_gmt"));
    entry.updated_at = changed.or_else(|| parse_date(node.text_of("wp:post_modified")));
    let draft = entry.status == SourceStatus::Draft;
    match (gmt, feed, local) {
        (Some(_), _, _) => {}
        (None, Some(_), _) if !draft => {
            entry.note(NoteKind::DateChanged, "it has no GMT date; the date of its feed was taken");
        }
        (None, None, Some(_)) if !draft => {
            entry
                .note(NoteKind::DateChanged, "it has no GMT date; its local date was taken as GMT");
        }
        (None, None, None) => {
            let message = format!("its date `{}` is none", node.text_of("wp:post_date"));
            entry.note(NoteKind::DateChanged, message);
        }
        _ => {}
    }
}

fn take_meta(node: &Node, entry: &mut ImportedEntry) {
    let meta = Meta::of(node);
    entry.picture = meta.get("_thumbnail_id").filter(|it| !it.is_empty()).map(str::to_owned);
    if let (Some(old), Some((base, _))) = (
        meta.get("_wp_old_slug"),
        entry.old_url.as_deref().and_then(|it| it.trim_end_matches('/').rsplit_once('/')),
    ) {
        let aliases: Vec<String> = std::iter::once(old)
            .chain(meta.all("_wp_old_slug").skip(1))
            .map(|it| format!("{base}/{it}/"))
            .collect();
        entry.aliases.extend(aliases);
    }
    for (key, value) in &meta.0 {
        let is_internal = INTERNAL_META.contains(key) || key.starts_with(CACHED_META);
        if key.is_empty() || is_internal || value.is_empty() {
            continue;
        }
        let value = Value::String((*value).to_owned());
        match entry.meta.get_mut(*key) {
            None => {
                entry.meta.insert((*key).to_owned(), value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    let format =
        node.children_of("category").find(|it| it.attribute("domain") == Some("post_format"));
    if let Some(format) = format.and_then(|it| it.attribute("nicename")) {
        entry.meta.insert("post_format".to_owned(), Value::String(format.to_owned()));
    }
}
