//! JSON Feed 1.1.

use serde_json::{Map, Value, json};

use super::addresses::whole_addresses;
use super::{FeedChannel, FeedEntry, FeedFormat, with_room};
use crate::site::SiteContext;

pub(super) fn text(site: &SiteContext, channel: &FeedChannel, entries: &[FeedEntry]) -> String {
    let items: Vec<Value> =
        with_room(entries).map(|(entry, has_room)| item(site, entry, has_room)).collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "description": site.description,
        "language": site.language,
        "home_page_url": site.absolute(&channel.page),
        "feed_url": site.absolute(&channel.address(FeedFormat::Json)),
        "items": items,
    });
    format!("{feed}\n")
}

fn item(site: &SiteContext, entry: &FeedEntry, with_content: bool) -> Value {
    let mut item = Map::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(format!("urn:uuid:{}", entry.id)));
    set("url", json!(site.absolute(&entry.url)));
    set("title", json!(entry.title));
    set("date_published", json!(entry.published_at.to_string()));
    set("date_modified", json!(entry.updated_at.to_string()));
    if let Some(excerpt) = &entry.excerpt {
        set("summary", json!(excerpt));
    }
    if !entry.authors.is_empty() {
        let authors: Vec<Value> = entry.authors.iter().map(|it| json!({ "name": it })).collect();
        set("authors", Value::from(authors));
    }
    if !entry.tags.is_empty() {
        set("tags", json!(entry.tags));
    }
    if let Some(image) = &entry.image {
        set("image", json!(image.url));
    }
    // An item has to have content, as text where the HTML has no room.
    match with_content {
        true => {
            set("content_html", json!(whole_addresses(&entry.content, &site.base_url)));
        }
        false => {
            set("content_text", json!(entry.excerpt.as_deref().unwrap_or(&entry.title)));
        }
    }
    Value::Object(item)
}
