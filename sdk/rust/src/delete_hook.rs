//! Checks an entry before it goes to the trash.

mod bindings {
    wit_bindgen::generate!({
        path: ["../../wit/content", "../../wit/plugin"],
        world: "smartcms:plugin/delete-hook",
        with: { "smartcms:content/types@0.1.0": crate::content::types },
        pub_export_macro: true,
        export_macro_name: "export_delete_hook",
        default_bindings_module: "smartcms_plugin::delete_hook",
    });
}

pub use bindings::exports::smartcms::plugin::before_delete::Guest;

/// Not for plugins: what the macro below expands to looks for these.
#[doc(hidden)]
pub use bindings::{export_delete_hook, exports};

/// Exports a type that implements [`Guest`] as this plugin's delete-hook.
#[doc(inline)]
pub use bindings::export_delete_hook as export;
