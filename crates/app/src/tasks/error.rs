//! Why an operation on tasks did not happen.

use smartcms_domain::plugins::{PluginId, ScheduleError};

use crate::ports::{PluginFailure, StoreError};
use crate::{Fault, FaultKind, OpContext};

/// Why an operation on tasks did not happen. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    /// The actor may not set up the site.
    #[error("{0} may not manage tasks")]
    Denied(String),
    /// There is no such plugin among those that run.
    #[error("plugin `{0}` has no tasks: it is not there, not enabled, or exports none")]
    NoTasks(PluginId),
    /// The plugin has no such task.
    #[error("plugin {plugin} has no task `{task}`; it has {}", .known.join(", "))]
    Unknown {
        /// The plugin.
        plugin: PluginId,
        /// What was asked for.
        task: String,
        /// The tasks that it has.
        known: Vec<String>,
    },
    /// The task cannot be started.
    #[error("task {task} of plugin {plugin} cannot be started: {reason}")]
    Unusable {
        /// The plugin.
        plugin: PluginId,
        /// The task.
        task: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There is no such run.
    #[error("there is no run `{0}`")]
    UnknownRun(String),
    /// The run is over.
    #[error("run {run} is {state} already")]
    Over {
        /// The run.
        run: String,
        /// How it ended.
        state: &'static str,
    },
    /// What was passed to the task is too long.
    #[error("the argument has {bytes} bytes, the limit is {limit}")]
    ArgumentTooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        limit: usize,
    },
    /// The schedule cannot be read.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// The plugin failed when it was asked for its tasks.
    #[error(transparent)]
    Plugin(#[from] PluginFailure),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl TaskError {
    /// Refuses who may not set up the site.
    pub(super) fn check(ctx: &OpContext<'_>) -> Result<(), Self> {
        if ctx.actor.may_manage_site() {
            return Ok(());
        }
        Err(Self::Denied(ctx.actor.to_string()))
    }
}

impl Fault for TaskError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Denied(_) => FaultKind::Forbidden,
            Self::NoTasks(_) | Self::Unknown { .. } | Self::UnknownRun(_) => FaultKind::NotFound,
            Self::Over { .. } => FaultKind::Conflict,
            Self::Unusable { .. } | Self::Schedule(_) => FaultKind::Invalid,
            Self::ArgumentTooLong { .. } => FaultKind::Limit,
            Self::Plugin(_) => FaultKind::Plugin,
            Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Denied(_) => "task.denied",
            Self::NoTasks(_) => "task.none",
            Self::Unknown { .. } => "task.unknown",
            Self::Unusable { .. } => "task.unusable",
            Self::Schedule(_) => "task.schedule",
            Self::UnknownRun(_) => "task.run-unknown",
            Self::Over { .. } => "task.run-over",
            Self::ArgumentTooLong { .. } => "task.argument-too-long",
            Self::Plugin(failure) => failure.kind.code(),
            Self::Store(_) => "store.unavailable",
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Denied(_) => "tasks need the role administrator or owner".to_owned(),
            Self::NoTasks(_) => "`smartcms plugin list` shows the plugins".to_owned(),
            Self::UnknownRun(_) | Self::Over { .. } => {
                "`smartcms plugin task runs ID` shows the runs".to_owned()
            }
            Self::Unusable { .. } => "the plugin has to be built anew".to_owned(),
            Self::Schedule(_) => {
                "`never` keeps it from running by itself, `own` is what the plugin says".to_owned()
            }
            _ => return None,
        };
        Some(hint)
    }
}
