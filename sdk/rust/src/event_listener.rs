//! Reacts to what happened, after it happened.

mod bindings {
    wit_bindgen::generate!({
        path: ["../../wit/content", "../../wit/plugin"],
        world: "smartcms:plugin/event-listener",
        with: { "smartcms:content/types@0.1.0": crate::content::types },
        pub_export_macro: true,
        export_macro_name: "export_event_listener",
        default_bindings_module: "smartcms_plugin::event_listener",
    });
}

pub use bindings::exports::smartcms::plugin::events::{Event, EventError, Guest};

/// Not for plugins: what the macro below expands to looks for these.
#[doc(hidden)]
pub use bindings::{export_event_listener, exports};

/// Exports a type that implements [`Guest`] as this plugin's event-listener.
#[doc(inline)]
pub use bindings::export_event_listener as export;
