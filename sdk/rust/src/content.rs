//! Content as plugins see it, and the calls that read and write it.
//!
//! Calling [`reader`] needs the capability `content:read`, calling [`writer`] needs `content:write`.

mod bindings {
    wit_bindgen::generate!({
        path: "../../wit/content",
        world: "smartcms:content/content-writer",
    });
}

pub use bindings::smartcms::content::types::{
    ContentError, Entry, EntryId, Field, Problem, Status, Value,
};
pub use bindings::smartcms::content::{reader, writer};

/// Not for plugins: the module that the bindings of the other worlds take their types from.
#[doc(hidden)]
pub use bindings::smartcms::content::types;
