//! Work that takes long: on a schedule, or when an operator starts it.

mod bindings {
    wit_bindgen::generate!({
        path: ["../../wit/content", "../../wit/plugin"],
        world: "smartcms:plugin/task-runner",
        pub_export_macro: true,
        export_macro_name: "export_task_runner",
        default_bindings_module: "smartcms_plugin::task_runner",
    });
}

pub use bindings::exports::smartcms::plugin::tasks::{Guest, Task, TaskEnd, TaskError, TaskRun};

/// Not for plugins: what the macro below expands to looks for these.
#[doc(hidden)]
pub use bindings::{export_task_runner, exports};

/// Exports a type that implements [`Guest`] as this plugin's task-runner.
#[doc(inline)]
pub use bindings::export_task_runner as export;

/// How a run tells how far it is, and hears that it should stop. In tests outside WebAssembly nobody listens, and
/// nothing should stop.
pub mod progress {
    /// Says how far the run is: so many units of a total, if it is known, and what it does now. Cheap: call it often.
    pub fn report(done: u64, total: Option<u64>, message: &str) {
        #[cfg(target_arch = "wasm32")]
        super::bindings::smartcms::plugin::task_progress::report(done, total, message);
        #[cfg(not(target_arch = "wasm32"))]
        let _ = (done, total, message);
    }

    /// Keeps what the run needs to go on from here, at most 1 MiB; it is stored when this returns.
    pub fn save_checkpoint(data: &[u8]) {
        #[cfg(target_arch = "wasm32")]
        super::bindings::smartcms::plugin::task_progress::save_checkpoint(data);
        #[cfg(not(target_arch = "wasm32"))]
        let _ = data;
    }

    /// Whether the run should save a checkpoint and return `stopped` soon.
    #[must_use]
    pub fn should_stop() -> bool {
        #[cfg(target_arch = "wasm32")]
        return super::bindings::smartcms::plugin::task_progress::should_stop();
        #[cfg(not(target_arch = "wasm32"))]
        false
    }
}
