//! Plugins: their identity and what an operator gave them.

mod grant;
mod grants;
mod id;
mod rights;
mod schedule;
mod scope;
mod task_name;

pub use grant::{Access, FolderGrant, Grant, GrantError, HostGrant, is_model_name};
pub use grants::{GRANTS_MAX, Grants};
pub use id::{PLUGIN_ID_LEN_MAX, PluginId, PluginIdError};
pub(crate) use rights::Rights;
pub use schedule::{SCHEDULE_LEN_MAX, Schedule, ScheduleError};
pub use scope::{Drafts, FieldScope, ReadScope, WriteScope};
pub use task_name::{TASK_NAME_LEN_MAX, TaskName, TaskNameError};
