//! Takes part everywhere that a site in one component calls plugins. It refuses, and traps, where it is asked to.

use std::sync::atomic::{AtomicU32, Ordering};

use smartcms_plugin::block_renderer::{self, BlockContext, BlockKind, escape};
use smartcms_plugin::content::{Entry, Field, Problem};
use smartcms_plugin::event_listener::{self, Event, EventError};
use smartcms_plugin::function_library::{self, Function, Scalar, ScalarType, parameter};
use smartcms_plugin::html_filter::{self, FilterContext};
use smartcms_plugin::save_hook::{self, Draft};
use smartcms_plugin::{delete_hook, fields, log, problems, publish_hook, settings};

struct Everywhere;

/// What is in its memory: calls of this instance.
static CALLS: AtomicU32 = AtomicU32::new(0);

fn problem(field: &str, code: &str, message: &str) -> Vec<Problem> {
    vec![problems::of_field(field, code, message)]
}

impl save_hook::Guest for Everywhere {
    fn before_save(draft: Draft) -> Result<Vec<Field>, Vec<Problem>> {
        let title = fields::text(&draft.fields, "title").unwrap_or_default().to_owned();
        match title.as_str() {
            "trap" => panic!("asked to trap"),
            "forbidden" => {
                Err(problem("title", "forbidden", "This title is of no use: choose another one."))
            }
            _ => Ok(vec![fields::field("title", title.trim())]),
        }
    }
}

impl publish_hook::Guest for Everywhere {
    fn before_publish(entry: Entry) -> Result<(), Vec<Problem>> {
        match fields::text(&entry.fields, "body").is_some_and(|it| it.contains("TODO")) {
            true => Err(problem("body", "unfinished", "There is a TODO in it.")),
            false => Ok(()),
        }
    }
}

impl delete_hook::Guest for Everywhere {
    fn before_delete(entry: Entry) -> Result<(), Vec<Problem>> {
        match entry.slug.as_str() {
            "kept" => Err(problem("slug", "needed", "The site needs this page.")),
            _ => Ok(()),
        }
    }
}

impl event_listener::Guest for Everywhere {
    fn on_event(event: Event) -> Result<(), EventError> {
        log::info(format!("heard {} at revision {}", event.kind, event.revision));
        log::debug("not important");
        if event.kind == "entry.archived" {
            panic!("asked to trap")
        }
        Ok(())
    }
}

impl html_filter::Guest for Everywhere {
    fn filter_html(context: FilterContext, html: String) -> Result<String, String> {
        let calls = CALLS.fetch_add(1, Ordering::Relaxed);
        match context.slug.as_str() {
            "trapping" => panic!("asked to trap"),
            "declined" => Err("it does not like this text".to_owned()),
            _ => {
                let signature = settings::get_or("signature", "nobody".to_owned());
                let signature = signature.map_err(|error| error.to_string())?;
                let all = settings::all().map_err(|error| error.to_string())?.len();
                let variables = std::env::vars().count();
                let (from, until) = ("<script>alert(1)</script>", escape(&signature));
                log::warn("two\nlines");
                Ok(format!(
                    "{html}{from}<p id=\"signed\">{until} {all} {variables} {}</p>",
                    calls > 0
                ))
            }
        }
    }
}

impl block_renderer::Guest for Everywhere {
    fn list() -> Vec<BlockKind> {
        vec![BlockKind {
            name: "note".to_owned(),
            title: "A note".to_owned(),
            description: "For tests.".to_owned(),
            schema: r#"{"type": "object"}"#.to_owned(),
        }]
    }

    fn render(_: String, attributes: String, context: BlockContext) -> Result<String, String> {
        Ok(format!("<aside><p>{} of {}</p></aside>", escape(&attributes), escape(&context.slug)))
    }
}

impl function_library::Guest for Everywhere {
    fn list() -> Vec<Function> {
        vec![Function {
            name: "shout".to_owned(),
            description: "For tests.".to_owned(),
            parameters: vec![parameter("text", ScalarType::Text)],
            result: ScalarType::Text,
            deterministic: true,
        }]
    }

    fn call(_: String, arguments: Vec<Scalar>) -> Result<Scalar, String> {
        match arguments.as_slice() {
            [Scalar::Text(text)] => Ok(Scalar::Text(text.to_uppercase())),
            _ => Ok(Scalar::Null),
        }
    }
}

save_hook::export!(Everywhere);
publish_hook::export!(Everywhere);
delete_hook::export!(Everywhere);
event_listener::export!(Everywhere);
html_filter::export!(Everywhere);
block_renderer::export!(Everywhere);
function_library::export!(Everywhere);
