//! What is kept of the running of plugins where nobody runs them but the site itself: nothing. The database would answer the
//! same, by code that nobody asks.

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{
    Due, DueChange, LogLine, PluginHealthStore, PluginLog, PluginReport, RunClaim, RunHold,
    RunQuery, SetSchedule, StoreError, TaskProgress, TaskRun, TaskStore,
};
use smartcms_domain::Timestamp;
use smartcms_domain::plugins::{PluginId, TaskName};
use uuid::Uuid;

/// Stores of tasks, lines and reports in which nothing is, and nothing can be put.
pub(crate) struct NoPluginStores;

fn refused<T>() -> Result<T, StoreError> {
    Err(StoreError::new(
        "keep something of a plugin",
        "the portable build runs no tasks, and its plugins are pieces of it",
    ))
}

#[async_trait]
impl PluginHealthStore for NoPluginStores {
    async fn report(
        &self,
        _: Uuid,
        _: Timestamp,
        _: Vec<PluginReport>,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    async fn reports(&self, _: Timestamp) -> Result<Vec<PluginReport>, StoreError> {
        Ok(Vec::new())
    }

    async fn ask_to_resume(&self, _: &PluginId, _: Timestamp) -> Result<(), StoreError> {
        refused()
    }

    async fn resumptions(&self, _: Timestamp) -> Result<Vec<(PluginId, Timestamp)>, StoreError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl PluginLog for NoPluginStores {
    fn append(&self, _: Vec<LogLine>) {}

    async fn newest(&self, _: &PluginId, _: u32) -> Result<Vec<LogLine>, StoreError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl TaskStore for NoPluginStores {
    async fn add_run(&self, _: TaskRun) -> Result<(), StoreError> {
        refused()
    }

    async fn find_run(&self, _: Uuid) -> Result<Option<TaskRun>, StoreError> {
        Ok(None)
    }

    async fn list_runs(&self, _: RunQuery) -> Result<Vec<TaskRun>, StoreError> {
        Ok(Vec::new())
    }

    async fn claim_run(&self, _: RunClaim) -> Result<Option<TaskRun>, StoreError> {
        Ok(None)
    }

    async fn keep_run(
        &self,
        _: Uuid,
        _: Uuid,
        _: Timestamp,
        _: Option<TaskProgress>,
    ) -> Result<RunHold, StoreError> {
        refused()
    }

    async fn checkpoint(&self, _: Uuid) -> Result<Option<Bytes>, StoreError> {
        Ok(None)
    }

    async fn save_checkpoint(&self, _: Uuid, _: Uuid, _: Bytes) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn settle_run(&self, _: Uuid, _: TaskRun) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn cancel_run(&self, _: Uuid, _: Timestamp) -> Result<Option<TaskRun>, StoreError> {
        Ok(None)
    }

    async fn due(&self, _: &PluginId, _: &TaskName) -> Result<Option<Due>, StoreError> {
        Ok(None)
    }

    async fn set_due(&self, _: DueChange) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn set_schedules(&self, _: &PluginId) -> Result<Vec<SetSchedule>, StoreError> {
        Ok(Vec::new())
    }

    async fn set_schedule(&self, _: &PluginId, _: SetSchedule) -> Result<(), StoreError> {
        refused()
    }

    async fn unset_schedule(&self, _: &PluginId, _: &TaskName) -> Result<(), StoreError> {
        Ok(())
    }

    async fn forget_runs(&self, _: Timestamp, _: u32, _: u32) -> Result<u64, StoreError> {
        Ok(0)
    }
}
