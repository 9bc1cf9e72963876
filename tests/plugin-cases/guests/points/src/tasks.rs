//! `count` is a good task; `odd` does what its argument says.

use std::thread::sleep;
use std::time::Duration;

use crate::Points;
use crate::exports::smartcms::plugin::tasks::{Guest, Task, TaskEnd, TaskError, TaskRun};
use crate::smartcms::plugin::task_progress::{report, save_checkpoint, should_stop};

/// How long one step of `count` takes.
const STEP: Duration = Duration::from_millis(50);

impl Guest for Points {
    fn list() -> Vec<Task> {
        let task = |name: &str, schedule: Option<&str>, overlap| Task {
            name: name.to_owned(),
            description: format!("The task {name}."),
            schedule: schedule.map(str::to_owned),
            overlap,
        };
        vec![
            task("count", None, false),
            task("odd", None, true),
            task("often", Some("* * * * *"), false),
            task("crooked", Some("every minute"), false),
            task("No Name", None, false),
        ]
    }

    fn run(run: TaskRun) -> Result<TaskEnd, TaskError> {
        match run.task.as_str() {
            "count" => count(&run),
            "odd" => odd(run.argument.as_deref().unwrap_or_default(), &run),
            _ => Ok(TaskEnd::Done(format!("did {}", run.task))),
        }
    }
}

/// Counts as far as the argument says, from where the checkpoint left it.
fn count(run: &TaskRun) -> Result<TaskEnd, TaskError> {
    let number = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).parse::<u64>().ok();
    let from = run.checkpoint.as_ref().and_then(number).unwrap_or(0);
    let total: u64 = run.argument.as_deref().and_then(|it| it.parse().ok()).unwrap_or(10);
    println!("counting from {from}");
    for step in from..total {
        if should_stop() {
            return Ok(TaskEnd::Stopped);
        }
        sleep(STEP);
        report(step + 1, Some(total), &format!("step {}", step + 1));
        save_checkpoint((step + 1).to_string().as_bytes());
    }
    Ok(TaskEnd::Done(format!("counted to {total} from {from}")))
}

fn odd(way: &str, run: &TaskRun) -> Result<TaskEnd, TaskError> {
    match way {
        "fail" => Err(TaskError::Failed("it is odd".to_owned())),
        "retry" => Err(TaskError::Retry("it is busy".to_owned())),
        "stop" => Ok(TaskEnd::Stopped),
        "deaf" => loop {
            report(1, None, "deaf");
            sleep(STEP);
        },
        "terminal" => Ok(TaskEnd::Done("a\u{1b}[31mb".to_owned())),
        _ => Ok(TaskEnd::Done(format!("{way:?} {}", run.checkpoint.is_some()))),
    }
}
