//! Checks an entry before it becomes public.

mod bindings {
    wit_bindgen::generate!({
        path: ["../../wit/content", "../../wit/plugin"],
        world: "smartcms:plugin/publish-hook",
        with: { "smartcms:content/types@0.1.0": crate::content::types },
        pub_export_macro: true,
        export_macro_name: "export_publish_hook",
        default_bindings_module: "smartcms_plugin::publish_hook",
    });
}

pub use bindings::exports::smartcms::plugin::before_publish::Guest;

/// Not for plugins: what the macro below expands to looks for these.
#[doc(hidden)]
pub use bindings::{export_publish_hook, exports};

/// Exports a type that implements [`Guest`] as this plugin's publish-hook.
#[doc(inline)]
pub use bindings::export_publish_hook as export;
