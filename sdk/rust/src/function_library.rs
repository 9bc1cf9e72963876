//! Brings functions for queries.

mod bindings {
    wit_bindgen::generate!({
        path: ["../../wit/content", "../../wit/plugin"],
        world: "smartcms:plugin/function-library",
        pub_export_macro: true,
        export_macro_name: "export_function_library",
        default_bindings_module: "smartcms_plugin::function_library",
    });
}

pub use bindings::exports::smartcms::plugin::functions::{
    Function, Guest, Parameter, Scalar, ScalarType,
};

/// Not for plugins: what the macro below expands to looks for these.
#[doc(hidden)]
pub use bindings::{export_function_library, exports};

/// Exports a type that implements [`Guest`] as this plugin's function-library.
#[doc(inline)]
pub use bindings::export_function_library as export;

/// A parameter, for lists of functions.
#[must_use]
pub fn parameter(name: &str, type_: ScalarType) -> Parameter {
    Parameter { name: name.to_owned(), type_ }
}
