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
    AiError, Generation, Guest, GuestTextStream, Model, TextStream,
};

/// Not for plugins: what the macro below expands to looks for these.
#[doc(hidden)]
pub use bindings::{export_model_provider, exports};

/// Exports a type that implements [`Guest`] as this plugin's model-provider.
#[doc(inline)]
pub use bindings::export_model_provider as export;
