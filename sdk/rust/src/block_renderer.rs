//! Brings blocks for rich text, and shows them.

mod bindings {
    wit_bindgen::generate!({
        path: ["../../wit/content", "../../wit/plugin"],
        world: "smartcms:plugin/block-renderer",
        with: { "smartcms:content/types@0.1.0": crate::content::types },
        pub_export_macro: true,
        export_macro_name: "export_block_renderer",
        default_bindings_module: "smartcms_plugin::block_renderer",
    });
}

pub use bindings::exports::smartcms::plugin::blocks::{BlockContext, BlockKind, Guest};

/// Not for plugins: what the macro below expands to looks for these.
#[doc(hidden)]
pub use bindings::{export_block_renderer, exports};

/// Exports a type that implements [`Guest`] as this plugin's block-renderer.
#[doc(inline)]
pub use bindings::export_block_renderer as export;

/// Text as it may stand in HTML, in attributes too.
#[doc(inline)]
pub use crate::html::escape;
