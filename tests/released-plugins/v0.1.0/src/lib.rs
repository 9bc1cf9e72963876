//! Takes part wherever version 0.1.0 of the contract let a plugin take part, and calls what it could call.

use std::cell::RefCell;

use smartcms_plugin::block_renderer::{self, BlockContext, BlockKind};
use smartcms_plugin::content::{ContentError, Entry, Field, Problem, Value, reader, writer};
use smartcms_plugin::delete_hook;
use smartcms_plugin::event_listener::{self, Event, EventError};
use smartcms_plugin::fields;
use smartcms_plugin::html_filter::{self, FilterContext};
use smartcms_plugin::model_provider::{
    self, AiError, Description, Embedding, Generation, GuestTextStream, Model, TextEnd, TextStream,
};
use smartcms_plugin::publish_hook;
use smartcms_plugin::save_hook::{self, Draft};
use smartcms_plugin::task_runner::{self, Task, TaskEnd, TaskError, TaskRun, progress};

struct Released;

impl save_hook::Guest for Released {
    /// Puts a word into the excerpt, and refuses a title with `refuse`.
    fn before_save(draft: Draft) -> Result<Vec<Field>, Vec<Problem>> {
        match fields::text(&draft.fields, "title") {
            Some(title) if title.contains("refuse") => Err(vec![problem("refused")]),
            _ => Ok(vec![Field {
                name: "excerpt".to_owned(),
                value: Value::Text(format!("kept by 0.1.0 in {} ({})", draft.collection, draft.locale)),
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
        let (revision, group) = found.map_or((0, String::new()), |it| (it.revision, it.translations));
        let alone = group == context.entry;
        let FilterContext { slug, locale, .. } = context;
        Ok(format!("{html}<p>{slug} is at revision {revision} in {locale} (alone: {alone}), says 0.1.0</p>"))
    }
}

impl block_renderer::Guest for Released {
    fn list() -> Vec<BlockKind> {
        vec![BlockKind {
            name: "note".to_owned(),
            title: "Note".to_owned(),
            description: "A note.".to_owned(),
            schema: r#"{ "type": "object" }"#.to_owned(),
        }]
    }

    fn render(kind: String, attributes: String, place: BlockContext) -> Result<String, String> {
        let BlockContext { slug, locale, .. } = place;
        Ok(format!("<p>{kind} {} in {slug} ({locale}) by 0.1.0</p>", attributes.len()))
    }
}

impl task_runner::Guest for Released {
    fn list() -> Vec<Task> {
        vec![Task {
            name: "count".to_owned(),
            description: "Counts posts.".to_owned(),
            schedule: Some("@yearly".to_owned()),
            overlap: false,
        }]
    }

    fn run(run: TaskRun) -> Result<TaskEnd, TaskError> {
        let query = reader::Query { collection: "posts".to_owned(), limit: 100, cursor: None };
        let page = reader::list(&query).map_err(|it| TaskError::Retry(words(it)))?;
        let count = page.entries.len();
        progress::report(count as u64, Some(count as u64), "counted");
        progress::save_checkpoint(b"counted");
        if run.argument.as_deref() == Some("fail") || progress::should_stop() {
            return Err(TaskError::Failed("failed by 0.1.0".to_owned()));
        }
        Ok(TaskEnd::Done(format!("{count} posts, by 0.1.0")))
    }
}

struct Words(RefCell<Vec<String>>);

impl GuestTextStream for Words {
    fn next(&self) -> Result<Option<String>, AiError> {
        Ok(self.0.borrow_mut().pop())
    }

    fn end(&self) -> TextEnd {
        model_provider::ended("done")
    }
}

impl model_provider::Guest for Released {
    type TextStream = Words;

    fn models() -> Result<Vec<Model>, AiError> {
        Ok(vec![Model {
            name: "backwards".to_owned(),
            title: "Backwards".to_owned(),
            abilities: vec!["generate".to_owned(), "embed".to_owned()],
            dimensions: Some(2),
            context_tokens: Some(100),
        }])
    }

    fn generate(request: Generation) -> Result<TextStream, AiError> {
        let said = request.messages.last().map(|it| it.text.clone()).unwrap_or_default();
        let words = said.split_inclusive(' ').map(str::to_owned).collect();
        Ok(TextStream::new(Words(RefCell::new(words))))
    }

    fn embed(request: Embedding) -> Result<Vec<Vec<f32>>, AiError> {
        Ok(request.texts.iter().map(|_| vec![3.0, 4.0]).collect())
    }

    fn describe(request: Description) -> Result<String, AiError> {
        Err(AiError::UnknownModel(request.model))
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
block_renderer::export!(Released);
task_runner::export!(Released);
model_provider::export!(Released);
