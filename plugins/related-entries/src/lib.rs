//! Brings a block with entries about the same things.

mod common;
mod list;
mod options;

use smartcms_plugin::block_renderer::{self, BlockContext, BlockKind};
use smartcms_plugin::content::Entry;
use smartcms_plugin::content::reader::{self, Query};

use crate::common::Subject;
use crate::list::Found;
use crate::options::{Attributes, Options};

/// How many entries the host gives at once.
const PAGE: u32 = 100;

/// What authors write.
const SCHEMA: &str = r#"{
  "type": "object",
  "properties": {
    "title": { "type": "string", "title": "Title", "maxLength": 100 },
    "limit": { "type": "integer", "title": "How many", "minimum": 1, "maximum": 12 },
    "collection": { "type": "string", "title": "Collection", "pattern": "^[a-z][a-z0-9_-]{0,63}$" }
  },
  "additionalProperties": false
}"#;

struct Plugin;

impl block_renderer::Guest for Plugin {
    fn list() -> Vec<BlockKind> {
        vec![BlockKind {
            name: "list".to_owned(),
            title: "Related entries".to_owned(),
            description: "Links to entries about the same things.".to_owned(),
            schema: SCHEMA.to_owned(),
        }]
    }

    fn render(_kind: String, attributes: String, context: BlockContext) -> Result<String, String> {
        let attributes = Attributes::parse(&attributes);
        let options = Options::read();
        let entry = reader::find_by_slug(&context.collection, &context.slug);
        // A page that is looked at before it is published has no readers, and nothing to lead them to.
        let Some(entry) = entry.map_err(|error| error.to_string())? else {
            return Ok(String::new());
        };
        let collection = attributes.collection.as_deref().unwrap_or(&context.collection);
        let found = related(&entry, collection, options.look_at)?;
        Ok(list::html(&found, &attributes, &options))
    }
}

block_renderer::export!(Plugin);

/// Entries that have something in common with one, the nearest first.
fn related(entry: &Entry, collection: &str, look_at: usize) -> Result<Vec<Found>, String> {
    let subject = Subject::of(&entry.fields);
    let mut found = Vec::new();
    let (mut cursor, mut looked_at) = (None, 0);
    while looked_at < look_at {
        let limit = u32::try_from(look_at - looked_at).unwrap_or(PAGE).min(PAGE);
        let query = Query { collection: collection.to_owned(), limit, cursor };
        let page = reader::list(&query).map_err(|error| error.to_string())?;
        looked_at += page.entries.len().max(1);
        let others = page.entries.iter().filter(|it| it.id != entry.id);
        found.extend(others.filter_map(|it| Found::of(&subject, it)));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    // Entries come newest first, and stay so among equals.
    found.sort_by(|a, b| b.score.cmp(&a.score));
    Ok(found)
}
