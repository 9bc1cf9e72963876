//! Reads and writes content as it is told, and answers what became of it.
//!
//! A request's path is a command; so is the title of an entry that is saved, behind `do `, and the setting `command` when
//! an event comes. The three are called for different people, with the same commands.

mod answer;
mod commands;

wit_bindgen::generate!({
    path: "../../../../wit/deps/config",
    inline: "package smartcms:clerk; world clerk { import wasi:config/store@0.2.0-rc.1; }",
    world: "smartcms:clerk/clerk",
    generate_all,
});

use smartcms_plugin::content::{Field, Problem};
use smartcms_plugin::event_listener::{self, Event, EventError};
use smartcms_plugin::fields;
use smartcms_plugin::save_hook::{self, Draft};
use wasip2::http::types::{IncomingRequest, ResponseOutparam};

struct Clerk;

impl wasip2::exports::http::incoming_handler::Guest for Clerk {
    fn handle(request: IncomingRequest, outparam: ResponseOutparam) {
        let path = request.path_with_query().unwrap_or_default();
        answer::answer(outparam, &commands::done(path.trim_start_matches('/')));
    }
}

impl save_hook::Guest for Clerk {
    fn before_save(draft: Draft) -> Result<Vec<Field>, Vec<Problem>> {
        let title = fields::text(&draft.fields, "title").unwrap_or_default();
        let Some(command) = title.strip_prefix("do ") else { return Ok(Vec::new()) };
        let message = match command {
            "tell the fields" => commands::names(&draft.fields),
            command => commands::done(command),
        };
        Err(vec![Problem { field: None, code: "answer".to_owned(), message }])
    }
}

impl event_listener::Guest for Clerk {
    fn on_event(_event: Event) -> Result<(), EventError> {
        let command = wasi::config::store::get("command").ok().flatten();
        let Some(command) = command else { return Ok(()) };
        Err(EventError::GiveUp(commands::done(&command)))
    }
}

wasip2::http::proxy::export!(Clerk);
save_hook::export!(Clerk);
event_listener::export!(Clerk);
