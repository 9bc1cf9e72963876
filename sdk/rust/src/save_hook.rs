//! Checks or changes an entry before it is stored.

mod bindings {
    wit_bindgen::generate!({
        path: ["../../wit/content", "../../wit/plugin"],
        world: "smartcms:plugin/save-hook",
        with: { "smartcms:content/types@0.1.0": crate::content::types },
        pub_export_macro: true,
        export_macro_name: "export_save_hook",
        default_bindings_module: "smartcms_plugin::save_hook",
    });
}

pub use bindings::exports::smartcms::plugin::before_save::{Draft, Guest};

/// Not for plugins: what the macro below expands to looks for these.
#[doc(hidden)]
pub use bindings::{export_save_hook, exports};

/// Exports a type that implements [`Guest`] as this plugin's save-hook.
#[doc(inline)]
pub use bindings::export_save_hook as export;
