//! Runs of tasks in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{
    Due, DueChange, RunClaim, RunHold, RunQuery, RunState, SetSchedule, StoreError, TaskProgress,
    TaskRun, TaskStore,
};
use smartcms_domain::Timestamp;
use smartcms_domain::plugins::{PluginId, TaskName};
use uuid::Uuid;

use super::MemoryStore;

/// Runs, and when tasks are due.
#[derive(Debug, Clone, Default)]
pub(super) struct Tasks {
    runs: BTreeMap<Uuid, Held>,
    due: BTreeMap<(PluginId, TaskName), Due>,
    schedules: BTreeMap<(PluginId, TaskName), Option<String>>,
}

#[derive(Debug, Clone)]
struct Held {
    run: TaskRun,
    by: Option<(Uuid, Timestamp)>,
    checkpoint: Option<Bytes>,
}

impl Tasks {
    pub(super) fn remove(&mut self, plugin: &PluginId) {
        self.runs.retain(|_, it| it.run.plugin != *plugin);
        self.due.retain(|(it, _), _| it != plugin);
        self.schedules.retain(|(it, _), _| it != plugin);
    }

    fn add(&mut self, run: TaskRun) {
        self.runs.insert(run.id, Held { run, by: None, checkpoint: None });
    }

    fn held(&mut self, id: Uuid, worker: Uuid) -> Option<&mut Held> {
        self.runs.get_mut(&id).filter(|it| it.by.is_some_and(|(by, _)| by == worker))
    }

    fn is_free(&self, held: &Held, claim: &RunClaim) -> bool {
        let run = &held.run;
        let asked = claim.plugins.contains(&run.plugin) && claim.only.is_none_or(|it| it == run.id);
        let ready = match held.by {
            Some((_, until)) => until <= claim.now,
            None => run.state == RunState::Waiting && run.next_at <= claim.now,
        };
        let beside = self.runs.values().any(|it| {
            let same = it.run.plugin == run.plugin && it.run.task == run.task;
            same && it.run.id != run.id && it.by.is_some_and(|(_, until)| until > claim.now)
        });
        asked && ready && (run.overlap || !beside)
    }
}

#[async_trait]
impl TaskStore for MemoryStore {
    async fn add_run(&self, run: TaskRun) -> Result<(), StoreError> {
        self.lock().tasks.add(run);
        Ok(())
    }

    async fn find_run(&self, id: Uuid) -> Result<Option<TaskRun>, StoreError> {
        Ok(self.lock().tasks.runs.get(&id).map(|it| it.run.clone()))
    }

    async fn list_runs(&self, query: RunQuery) -> Result<Vec<TaskRun>, StoreError> {
        let state = self.lock();
        let runs = state.tasks.runs.values().rev().map(|it| &it.run);
        let runs = runs.filter(|it| it.plugin == query.plugin);
        let runs = runs.filter(|it| query.task.as_ref().is_none_or(|task| *task == it.task));
        Ok(runs.take(query.limit as usize).cloned().collect())
    }

    async fn claim_run(&self, claim: RunClaim) -> Result<Option<TaskRun>, StoreError> {
        let mut state = self.lock();
        let free = state.tasks.runs.values().filter(|it| state.tasks.is_free(it, &claim));
        let next = free.min_by_key(|it| (it.run.next_at, it.run.id)).map(|it| it.run.id);
        let Some(held) = next.and_then(|id| state.tasks.runs.get_mut(&id)) else { return Ok(None) };
        if held.run.state == RunState::Running {
            held.run.tries += 1;
        }
        held.run.state = RunState::Running;
        held.run.started_at.get_or_insert(claim.now);
        held.by = Some((claim.worker, claim.until));
        Ok(Some(held.run.clone()))
    }

    async fn keep_run(
        &self,
        id: Uuid,
        worker: Uuid,
        until: Timestamp,
        progress: Option<TaskProgress>,
    ) -> Result<RunHold, StoreError> {
        let mut state = self.lock();
        let Some(held) = state.tasks.held(id, worker) else { return Ok(RunHold::Lost) };
        held.by = Some((worker, until));
        held.run.progress = progress.or(held.run.progress.take());
        Ok(RunHold::Held { cancelled: held.run.cancelled })
    }

    async fn checkpoint(&self, id: Uuid) -> Result<Option<Bytes>, StoreError> {
        Ok(self.lock().tasks.runs.get(&id).and_then(|it| it.checkpoint.clone()))
    }

    async fn save_checkpoint(
        &self,
        id: Uuid,
        worker: Uuid,
        checkpoint: Bytes,
    ) -> Result<bool, StoreError> {
        let mut state = self.lock();
        let Some(held) = state.tasks.held(id, worker) else { return Ok(false) };
        held.checkpoint = Some(checkpoint);
        Ok(true)
    }

    async fn settle_run(&self, worker: Uuid, run: TaskRun) -> Result<bool, StoreError> {
        let mut state = self.lock();
        let Some(held) = state.tasks.held(run.id, worker) else { return Ok(false) };
        let checkpoint = held.checkpoint.take().filter(|_| !run.state.is_over());
        let cancelled = held.run.cancelled;
        *held = Held { run: TaskRun { cancelled, ..run }, by: None, checkpoint };
        Ok(true)
    }

    async fn cancel_run(&self, id: Uuid, now: Timestamp) -> Result<Option<TaskRun>, StoreError> {
        let mut state = self.lock();
        let Some(held) = state.tasks.runs.get_mut(&id) else { return Ok(None) };
        if !held.run.state.is_over() {
            held.run.cancelled = true;
            if held.by.is_none_or(|(_, until)| until <= now) {
                held.run.state = RunState::Cancelled;
                held.run.ended_at = Some(now);
                (held.by, held.checkpoint) = (None, None);
            }
        }
        Ok(Some(held.run.clone()))
    }

    async fn due(&self, plugin: &PluginId, task: &TaskName) -> Result<Option<Due>, StoreError> {
        Ok(self.lock().tasks.due.get(&(plugin.clone(), task.clone())).cloned())
    }

    async fn set_due(&self, change: DueChange) -> Result<bool, StoreError> {
        let DueChange { plugin, task, seen, next, run } = change;
        let tasks = &mut self.lock().tasks;
        let key = (plugin, task);
        if tasks.due.get(&key) != seen.as_ref() {
            return Ok(false);
        }
        let waits =
            tasks.runs.values().map(|it| &it.run).any(|it| {
                it.state == RunState::Waiting && (&it.plugin, &it.task) == (&key.0, &key.1)
            });
        match next {
            Some(next) => drop(tasks.due.insert(key, next)),
            None => drop(tasks.due.remove(&key)),
        }
        if let Some(run) = run.filter(|_| !waits) {
            tasks.add(run);
        }
        Ok(true)
    }

    async fn set_schedules(&self, plugin: &PluginId) -> Result<Vec<SetSchedule>, StoreError> {
        let tasks = &self.lock().tasks;
        let of_plugin = tasks.schedules.iter().filter(|((it, _), _)| it == plugin);
        let set = of_plugin.map(|((_, task), schedule)| SetSchedule {
            task: task.clone(),
            schedule: schedule.clone(),
        });
        Ok(set.collect())
    }

    async fn set_schedule(&self, plugin: &PluginId, set: SetSchedule) -> Result<(), StoreError> {
        self.lock().tasks.schedules.insert((plugin.clone(), set.task), set.schedule);
        Ok(())
    }

    async fn unset_schedule(&self, plugin: &PluginId, task: &TaskName) -> Result<(), StoreError> {
        self.lock().tasks.schedules.remove(&(plugin.clone(), task.clone()));
        Ok(())
    }

    async fn forget_runs(
        &self,
        before: Timestamp,
        keep_per_task: u32,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let tasks = &mut self.lock().tasks;
        let mut places = BTreeMap::new();
        let mut gone = Vec::new();
        for run in tasks.runs.values().rev().map(|it| &it.run) {
            let Some(ended) = run.ended_at else { continue };
            let place = places.entry((&run.plugin, &run.task)).or_insert(0_u32);
            *place += 1;
            if *place > keep_per_task || ended < before {
                gone.push(run.id);
            }
        }
        gone.truncate(limit as usize);
        tasks.runs.retain(|id, _| !gone.contains(id));
        Ok(gone.len() as u64)
    }
}
