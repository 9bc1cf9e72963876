//! A stretch of a task, with somebody who listens.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::json;
use smartcms_app::ports::{Plugins, StoreError, TaskCall, TaskControl, TaskOutcome, TaskProgress};
use smartcms_domain::plugins::TaskName;
use uuid::Uuid;

use super::super::super::case::CaseCall;
use super::{Called, failed, one};
use crate::compose::Stage;

/// The same run in every case.
const RUN_ID: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0003);

/// Runs a stretch of a task.
pub(super) async fn task(stage: &Stage, call: &CaseCall) -> anyhow::Result<Called> {
    let listener = Arc::new(Listener { stop: call.stop, heard: Mutex::default() });
    let stretch = TaskCall {
        run: RUN_ID,
        task: TaskName::parse(&call.task)?,
        argument: call.argument.clone(),
        checkpoint: call.checkpoint.clone().map(Bytes::from),
    };
    let control = Arc::clone(&listener) as Arc<dyn TaskControl>;
    let begun = Instant::now();
    let outcome = stage.host.run_task(&stage.id, stretch, control).await;
    let time = begun.elapsed();
    let mut result = match outcome {
        Ok(TaskOutcome::Done(text)) => one("done", json!(text)),
        Ok(TaskOutcome::Stopped) => one("stopped", json!(true)),
        Ok(TaskOutcome::Retry(text)) => one("retry", json!(text)),
        Ok(TaskOutcome::Failed(text)) => one("failed", json!(text)),
        Err(failure) => failed(&failure),
    };
    let heard = listener.heard.lock().unwrap_or_else(PoisonError::into_inner);
    result.insert("progress".to_owned(), json!(heard.progress));
    result.extend(heard.checkpoint.as_ref().map(|text| ("checkpoint".to_owned(), json!(text))));
    Ok((time, result))
}

struct Listener {
    stop: bool,
    heard: Mutex<Heard>,
}

#[derive(Default)]
struct Heard {
    progress: Vec<String>,
    checkpoint: Option<String>,
}

#[async_trait]
impl TaskControl for Listener {
    fn report(&self, progress: TaskProgress) {
        let TaskProgress { done, total, message } = progress;
        let total = total.map_or_else(String::new, |total| format!(" of {total}"));
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.progress.push(format!("{done}{total}: {message}"));
    }

    async fn save_checkpoint(&self, checkpoint: Bytes) -> Result<(), StoreError> {
        let text = String::from_utf8_lossy(&checkpoint).into_owned();
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).checkpoint = Some(text);
        Ok(())
    }

    fn should_stop(&self) -> bool {
        self.stop
    }
}
