//! Takes part wherever version 0.1.0 of the contract let a plugin take part, and calls what it could call.

use smartcms_plugin::content::{ContentError, Entry, Field, Problem, Value, reader, writer};
use smartcms_plugin::delete_hook;
use smartcms_plugin::event_listener::{self, Event, EventError};
use smartcms_plugin::fields;
use smartcms_plugin::html_filter::{self, FilterContext};
use smartcms_plugin::publish_hook;
use smartcms_plugin::save_hook::{self, Draft};

struct Released;

impl save_hook::Guest for Released {
    /// Puts a word into the excerpt, and refuses a title with `refuse`.
    fn before_save(draft: Draft) -> Result<Vec<Field>, Vec<Problem>> {
        match fields::text(&draft.fields, "title") {
            Some(title) if title.contains("refuse") => Err(vec![problem("refused")]),
            _ => Ok(vec![Field {
                name: "excerpt".to_owned(),
                value: Value::Text(format!("kept by 0.1.0 in {}", draft.collection)),
            }]),
        }
    }
}

impl publish_hook::Guest for Released {
    fn before_publish(entry: Entry) -> Result<(), Vec<Problem>> {
        match fields::text(&entry.fields, "title") {
            Some(title) if title.contains("unready") => Err(vec![problem("unready")]),
            _ => Ok(()),
        }
    }
}

impl delete_hook::Guest for Released {
    fn before_delete(entry: Entry) -> Result<(), Vec<Problem>> {
        if entry.slug.contains("keep") { Err(vec![problem("kept")]) } else { Ok(()) }
    }
}

impl event_listener::Guest for Released {
    /// Writes an entry of its own about each one that is published.
    fn on_event(event: Event) -> Result<(), EventError> {
        if event.kind != "entry.published" {
            return Ok(());
        }
        let title = Value::Text(format!("heard of {} revision {}", event.kind, event.revision));
        let entry = writer::NewEntry {
            collection: event.collection,
            slug: None,
            fields: vec![Field { name: "title".to_owned(), value: title }],
        };
        writer::create(&entry).map(drop).map_err(|error| EventError::GiveUp(words(error)))
    }
}

impl html_filter::Guest for Released {
    /// Adds what reading the entry tells.
    fn filter_html(context: FilterContext, html: String) -> Result<String, String> {
        let found = reader::find(&context.entry).map_err(words)?;
        let revision = found.map_or(0, |it| it.revision);
        Ok(format!("{html}<p>{} is at revision {revision}, says 0.1.0</p>", context.slug))
    }
}

fn words(error: ContentError) -> String {
    match error {
        ContentError::Denied(text)
        | ContentError::NotFound(text)
        | ContentError::Conflict(text)
        | ContentError::Limit(text)
        | ContentError::Unavailable(text) => text,
        ContentError::Invalid(problems) => {
            problems.into_iter().next().map_or_else(String::new, |it| it.message)
        }
    }
}

fn problem(code: &str) -> Problem {
    Problem { field: None, code: code.to_owned(), message: format!("{code} by 0.1.0") }
}

save_hook::export!(Released);
publish_hook::export!(Released);
delete_hook::export!(Released);
event_listener::export!(Released);
html_filter::export!(Released);
