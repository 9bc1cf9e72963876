//! Runs of plugins' tasks: what is stored of them, and how a running one speaks to the host.

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_domain::Timestamp;
use smartcms_domain::plugins::{PluginId, TaskName};
use uuid::Uuid;

use super::StoreError;

/// The durable runs of tasks, and when each task is due. A run is held by one worker at a time, for a while that it
/// has to renew: what a worker that is gone held is given to another.
#[async_trait]
pub trait TaskStore: Send + Sync {
    /// Stores a new run.
    async fn add_run(&self, run: TaskRun) -> Result<(), StoreError>;

    /// One run.
    async fn find_run(&self, id: Uuid) -> Result<Option<TaskRun>, StoreError>;

    /// Runs, the newest first.
    async fn list_runs(&self, query: RunQuery) -> Result<Vec<TaskRun>, StoreError>;

    /// Gives a worker the run that has waited longest: one whose time has come, or one whose worker is gone, of which
    /// [`TaskRun::tries`] then counts one more. Of a task whose runs may not overlap none is given while another
    /// run of it is held.
    async fn claim_run(&self, claim: RunClaim) -> Result<Option<TaskRun>, StoreError>;

    /// Holds a run on, and stores how far it is.
    async fn keep_run(
        &self,
        id: Uuid,
        worker: Uuid,
        until: Timestamp,
        progress: Option<TaskProgress>,
    ) -> Result<RunHold, StoreError>;

    /// The last checkpoint of a run.
    async fn checkpoint(&self, id: Uuid) -> Result<Option<Bytes>, StoreError>;

    /// Keeps a checkpoint in the place of the last one; `false` when the worker does not hold the run.
    async fn save_checkpoint(
        &self,
        id: Uuid,
        worker: Uuid,
        checkpoint: Bytes,
    ) -> Result<bool, StoreError>;

    /// Lets go of a run and stores what became of it; `false` when the worker does not hold it. The checkpoint of a
    /// run that is over goes.
    async fn settle_run(&self, worker: Uuid, run: TaskRun) -> Result<bool, StoreError>;

    /// Cancels a run: one that waits at once, one that runs when its worker hears of it. The run, if there is one.
    async fn cancel_run(&self, id: Uuid, now: Timestamp) -> Result<Option<TaskRun>, StoreError>;

    /// When a task is due; `None` for one that was not seen before.
    async fn due(&self, plugin: &PluginId, task: &TaskName) -> Result<Option<Due>, StoreError>;

    /// Sets when a task is due, and adds a run in the same transaction, unless a run of it waits already. `false`,
    /// and nothing is changed, when it is due at another time than was seen: another process was quicker.
    async fn set_due(&self, change: DueChange) -> Result<bool, StoreError>;

    /// What the operator set for tasks of a plugin, in place of the schedules that it tells of.
    async fn set_schedules(&self, plugin: &PluginId) -> Result<Vec<SetSchedule>, StoreError>;

    /// Sets when a task runs by itself.
    async fn set_schedule(&self, plugin: &PluginId, set: SetSchedule) -> Result<(), StoreError>;

    /// Takes back what was set: the task runs when its plugin says.
    async fn unset_schedule(&self, plugin: &PluginId, task: &TaskName) -> Result<(), StoreError>;

    /// Forgets runs that have been over since before a time, and of each task all but the newest so many. How many
    /// went, at most `limit`.
    async fn forget_runs(
        &self,
        before: Timestamp,
        keep_per_task: u32,
        limit: u32,
    ) -> Result<u64, StoreError>;
}

/// One run of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRun {
    /// Its id.
    pub id: Uuid,
    /// Whose task it is.
    pub plugin: PluginId,
    /// The task.
    pub task: TaskName,
    /// What the operator wrote when starting it.
    pub argument: Option<String>,
    /// Why it runs.
    pub cause: RunCause,
    /// Whether it may run beside another run of the task.
    pub overlap: bool,
    /// Where it stands.
    pub state: RunState,
    /// How often it failed or was interrupted by the end of its worker.
    pub tries: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// A run that waits does not begin before.
    pub next_at: Timestamp,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Whether somebody wants it to stop for good.
    pub cancelled: bool,
    /// How far it is.
    pub progress: Option<TaskProgress>,
    /// What it did or why it failed, in its own words or the host's.
    pub outcome: Option<String>,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// It waits for its time, for a worker, or for the end of another run.
    Waiting,
    /// A worker holds it.
    Running,
    /// It did what it should.
    Done,
    /// It failed, and is not tried again.
    Failed,
    /// It was cancelled.
    Cancelled,
}

/// Why a run was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunCause {
    /// Its time had come.
    Schedule,
    /// Somebody started it.
    Person,
}

/// How far a run is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskProgress {
    /// Units that are done.
    pub done: u64,
    /// Units in all, where that is known.
    pub total: Option<u64>,
    /// What it does now.
    pub message: String,
}

/// Which runs are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunQuery {
    /// Of this plugin.
    pub plugin: PluginId,
    /// Of this task.
    pub task: Option<TaskName>,
    /// How many at most.
    pub limit: u32,
}

/// A worker that looks for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunClaim {
    /// Who asks; a new id for each process.
    pub worker: Uuid,
    /// Of these plugins.
    pub plugins: Vec<PluginId>,
    /// This run and no other.
    pub only: Option<Uuid>,
    /// The time.
    pub now: Timestamp,
    /// Until when the run is held.
    pub until: Timestamp,
}

/// Whether a worker still holds a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunHold {
    /// It does.
    Held {
        /// Whether the run was cancelled.
        cancelled: bool,
    },
    /// It was late, and another worker may have it.
    Lost,
}

/// When a task is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The schedule from which the time was found.
    pub schedule: String,
    /// The time.
    pub at: Timestamp,
}

/// A change of when a task is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueChange {
    /// Whose task.
    pub plugin: PluginId,
    /// The task.
    pub task: TaskName,
    /// What was seen.
    pub seen: Option<Due>,
    /// What it should be; `None` for a task without a schedule.
    pub next: Option<Due>,
    /// The run whose time has come.
    pub run: Option<TaskRun>,
}

/// When a task runs by itself, as the operator set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetSchedule {
    /// The task.
    pub task: TaskName,
    /// The schedule, which was checked; `None` for never.
    pub schedule: Option<String>,
}

/// A task as its plugin tells of it; nothing of it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredTask {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// When it runs by itself.
    pub schedule: Option<String>,
    /// Whether its runs may overlap.
    pub overlap: bool,
}

/// A stretch of a run, as the plugin is given it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskCall {
    /// The run.
    pub run: Uuid,
    /// The task.
    pub task: TaskName,
    /// What the operator wrote when starting it.
    pub argument: Option<String>,
    /// What the run saved last.
    pub checkpoint: Option<Bytes>,
}

/// How a stretch ended, in the plugin's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskOutcome {
    /// All is done.
    Done(String),
    /// It stopped because it was asked to.
    Stopped,
    /// It should be tried again later.
    Retry(String),
    /// It should not be tried again.
    Failed(String),
}

/// What a running task says, and what it is told.
#[async_trait]
pub trait TaskControl: Send + Sync {
    /// Says how far it is.
    fn report(&self, progress: TaskProgress);

    /// Keeps a checkpoint; the answer comes when it is stored.
    async fn save_checkpoint(&self, checkpoint: Bytes) -> Result<(), StoreError>;

    /// Whether it should stop.
    fn should_stop(&self) -> bool;
}

impl RunState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Waiting, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether nothing more comes of the run.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

impl RunCause {
    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Person => "person",
        }
    }

    /// The cause with this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Schedule, Self::Person].into_iter().find(|it| it.name() == name)
    }
}
