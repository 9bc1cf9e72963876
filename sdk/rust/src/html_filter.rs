//! Changes the HTML of an entry when it is shown.

mod bindings {
    wit_bindgen::generate!({
        path: ["../../wit/content", "../../wit/plugin"],
        world: "smartcms:plugin/html-filter",
        with: { "smartcms:content/types@0.1.0": crate::content::types },
        pub_export_macro: true,
        export_macro_name: "export_html_filter",
        default_bindings_module: "smartcms_plugin::html_filter",
    });
}

pub use bindings::exports::smartcms::plugin::filters::{FilterContext, Guest};

/// Not for plugins: what the macro below expands to looks for these.
#[doc(hidden)]
pub use bindings::{export_html_filter, exports};

/// Exports a type that implements [`Guest`] as this plugin's html-filter.
#[doc(inline)]
pub use bindings::export_html_filter as export;
