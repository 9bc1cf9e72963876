//! The generated side of the contract's version 0.1.0.

/// What plugins import.
#[expect(unreachable_pub, reason = "the generated modules export its types again")]
pub mod content {
    wasmtime::component::bindgen!({
        path: "../../wit/content",
        world: "smartcms:content/content-writer",
        imports: { default: async | trappable },
        trappable_error_type: {
            "smartcms:content/types.content-error" => crate::contract::v0_1::content::ContentTrap,
        },
    });
    pub use self::smartcms::content::{reader, types, writer};
}

/// Functions, which share no types with content.
pub(crate) mod functions {
    wasmtime::component::bindgen!({
        path: ["../../wit/content", "../../wit/plugin"],
        world: "smartcms:plugin/function-library",
        exports: { default: async },
    });
}

/// Models, which share no types with content.
pub(crate) mod models {
    wasmtime::component::bindgen!({
        path: ["../../wit/content", "../../wit/plugin"],
        world: "smartcms:plugin/model-provider",
        exports: { default: async },
    });
}

/// One module for each world of `smartcms:plugin`, all with the same types.
macro_rules! worlds {
    ($($module:ident: $world:literal;)*) => {$(
        pub(crate) mod $module {
            wasmtime::component::bindgen!({
                path: ["../../wit/content", "../../wit/plugin"],
                world: $world,
                exports: { default: async },
                with: { "smartcms:content/types": super::content::types },
            });
        }
    )*};
}

worlds! {
    save: "smartcms:plugin/save-hook";
    publish: "smartcms:plugin/publish-hook";
    delete: "smartcms:plugin/delete-hook";
    events: "smartcms:plugin/event-listener";
    filters: "smartcms:plugin/html-filter";
    blocks: "smartcms:plugin/block-renderer";
}

/// Tasks, with the functions that a running task calls.
pub(crate) mod tasks {
    wasmtime::component::bindgen!({
        path: ["../../wit/content", "../../wit/plugin"],
        world: "smartcms:plugin/task-runner",
        imports: { default: async | trappable },
        exports: { default: async },
    });
}
