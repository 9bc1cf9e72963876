//! Brings models.

mod bindings {
    wit_bindgen::generate!({
        path: ["../../wit/content", "../../wit/plugin"],
        world: "smartcms:plugin/model-provider",
        pub_export_macro: true,
        export_macro_name: "export_model_provider",
        default_bindings_module: "smartcms_plugin::model_provider",
    });
}

pub use bindings::exports::smartcms::plugin::ai_provider::{
    AiError, Description, Embedding, Generation, Guest, GuestTextStream, Message, Model, Parameter,
    TextEnd, TextStream,
};

/// Not for plugins: what the macro below expands to looks for these.
#[doc(hidden)]
pub use bindings::{export_model_provider, exports};

/// Exports a type that implements [`Guest`] as this plugin's model-provider.
#[doc(inline)]
pub use bindings::export_model_provider as export;

/// A parameter of a request by its name: one JSON text.
#[must_use]
pub fn parameter<'a>(parameters: &'a [Parameter], name: &str) -> Option<&'a str> {
    parameters.iter().find(|it| it.name == name).map(|it| it.value.as_str())
}

/// The end of a text of which no tokens were counted: `done` or `length`.
#[must_use]
pub fn ended(reason: &str) -> TextEnd {
    TextEnd { reason: reason.to_owned(), tokens_read: None, tokens_written: None }
}
