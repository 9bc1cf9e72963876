//! Comments of readers below entries.
//!
//! What readers send becomes a draft in the collection `comments`. Whoever may publish there does so with the tools that
//! the site has for all entries; an event then puts the comment into the thread of its entry, which a block shows.

mod form;
mod intake;
mod pages;
mod thread;

use smartcms_plugin::block_renderer::{self, BlockContext, BlockKind};
use smartcms_plugin::content::reader;
use smartcms_plugin::event_listener::{self, Event, EventError};
use smartcms_plugin::fields;
use smartcms_plugin::routes::{self, Request, Response};

use crate::thread::{Comment, Thread};

/// The collection that comments are kept in, and its fields.
pub(crate) const COLLECTION: &str = "comments";
pub(crate) const ENTRY: &str = "entry";
pub(crate) const NAME: &str = "name";
pub(crate) const TEXT: &str = "text";

const SCHEMA: &str = r#"{
  "type": "object",
  "properties": {
    "title": { "type": "string", "title": "Title", "maxLength": 100 },
    "closed": { "type": "boolean", "title": "No new comments" }
  },
  "additionalProperties": false
}"#;

struct Plugin;

impl block_renderer::Guest for Plugin {
    fn list() -> Vec<BlockKind> {
        vec![BlockKind {
            name: "thread".to_owned(),
            title: "Comments".to_owned(),
            description: "What readers say about this entry, and a link to say something."
                .to_owned(),
            schema: SCHEMA.to_owned(),
        }]
    }

    fn render(_kind: String, attributes: String, context: BlockContext) -> Result<String, String> {
        let thread = Thread::read(&context.entry).map_err(|error| error.to_string())?;
        Ok(pages::thread(&thread, &context.entry, &attributes))
    }
}

impl event_listener::Guest for Plugin {
    /// Whatever happened to a comment, afterwards its thread says what readers may see: told twice, it says the same.
    fn on_event(event: Event) -> Result<(), EventError> {
        if event.collection != COLLECTION {
            return Ok(());
        }
        let again = |error: &dyn std::fmt::Display| EventError::Retry(error.to_string());
        let seen = reader::find(&event.entry).map_err(|error| again(&error))?;
        let comment = seen.as_ref().and_then(|entry| {
            let text = |name| fields::text(&entry.fields, name).map(str::to_owned);
            Some((
                text(ENTRY)?,
                Comment {
                    id: entry.id.clone(),
                    name: text(NAME).unwrap_or_default(),
                    text: text(TEXT)?,
                    at: entry.created_at.clone(),
                },
            ))
        });
        thread::settle(&event.entry, comment).map_err(|error| again(&error))
    }
}

impl routes::Guest for Plugin {
    const BODY_BYTES_MAX: usize = form::BODY_BYTES_MAX;

    fn answer(request: Request) -> Response {
        match (request.method.as_str(), request.path.as_str()) {
            ("GET" | "HEAD", "/write") => intake::ask(&request),
            ("POST", "/write") => intake::take(&request),
            (_, "/write") => {
                Response::text(405, "Only GET and POST.\n").with("allow", "GET, HEAD, POST")
            }
            _ => pages::message(404, "Nothing here", "There is nothing at this address."),
        }
    }
}

block_renderer::export!(Plugin);
event_listener::export!(Plugin);
routes::export!(Plugin);
