//! The tasks that a plugin tells of, checked: a plugin can say anything.

use std::collections::BTreeSet;

use smartcms_domain::Timestamp;
use smartcms_domain::plugins::{PluginId, Schedule, TaskName};

use super::error::TaskError;
use crate::App;
use crate::ports::{DeclaredTask, StoreError};

/// The most tasks of one plugin; what it tells of beyond them is left out.
pub const TASKS_MAX: usize = 32;
/// How much of a description is shown.
pub const DESCRIPTION_CHARS_MAX: usize = 200;

/// A task that can be started, or one that cannot and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownTask {
    /// Its name.
    pub name: TaskName,
    /// What it does.
    pub description: String,
    /// When it runs by itself.
    pub schedule: Option<Schedule>,
    /// Whether its runs may overlap.
    pub overlap: bool,
    /// When it runs next by itself, as far as is known.
    pub next_at: Option<Timestamp>,
    /// What is wrong with its schedule, so that it never runs by itself.
    pub problem: Option<String>,
    /// Whether the operator set when it runs by itself, in place of what the plugin says.
    pub set: bool,
}

/// The tasks of a plugin, in its own order.
pub async fn known_tasks(app: &App, plugin: &PluginId) -> Result<Vec<KnownTask>, TaskError> {
    if !app.plugins.task_plugins().contains(plugin) {
        return Err(TaskError::NoTasks(plugin.clone()));
    }
    let mut known = with_set(app, plugin, checked(app.plugins.tasks(plugin).await?)).await?;
    for task in &mut known {
        if task.schedule.is_some() {
            task.next_at = app.tasks.due(plugin, &task.name).await?.map(|it| it.at);
        }
    }
    Ok(known)
}

/// One task of a plugin.
pub async fn find_task(app: &App, plugin: &PluginId, name: &str) -> Result<KnownTask, TaskError> {
    let mut tasks = known_tasks(app, plugin).await?;
    match tasks.iter().position(|it| it.name.as_str() == name) {
        Some(at) => Ok(tasks.swap_remove(at)),
        None => Err(TaskError::Unknown {
            plugin: plugin.clone(),
            task: printable(name, DESCRIPTION_CHARS_MAX),
            known: tasks.iter().map(|it| it.name.to_string()).collect(),
        }),
    }
}

/// What of the tasks can be used: those with a name, each name once.
pub(super) fn checked(declared: Vec<DeclaredTask>) -> Vec<KnownTask> {
    let mut names = BTreeSet::new();
    let tasks = declared.into_iter().take(TASKS_MAX).filter_map(|task| {
        let name = TaskName::parse(&task.name).ok()?;
        let (schedule, problem) = match task.schedule.as_deref().map(Schedule::parse) {
            None => (None, None),
            Some(Ok(schedule)) => (Some(schedule), None),
            Some(Err(error)) => (None, Some(error.to_string())),
        };
        let description = printable(&task.description, DESCRIPTION_CHARS_MAX);
        let overlap = task.overlap;
        Some(KnownTask { name, description, schedule, overlap, next_at: None, problem, set: false })
    });
    tasks.filter(|it| names.insert(it.name.clone())).collect()
}

/// Tasks with the schedules that the operator set for them.
pub(super) async fn with_set(
    app: &App,
    plugin: &PluginId,
    mut tasks: Vec<KnownTask>,
) -> Result<Vec<KnownTask>, StoreError> {
    for set in app.tasks.set_schedules(plugin).await? {
        let Some(task) = tasks.iter_mut().find(|it| it.name == set.task) else { continue };
        let parsed = set.schedule.as_deref().map(Schedule::parse).transpose();
        task.problem = parsed.as_ref().err().map(ToString::to_string);
        task.schedule = parsed.ok().flatten();
        task.set = true;
    }
    Ok(tasks)
}

/// What a plugin wrote, bounded, in one line, and without what could steer a terminal.
pub(super) fn printable(text: &str, chars_max: usize) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().take(chars_max).map(plain).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{DeclaredTask, TASKS_MAX, checked};

    fn task(name: &str, schedule: Option<&str>) -> DeclaredTask {
        DeclaredTask {
            name: name.to_owned(),
            description: "Does\u{1b}[31m\nthings".to_owned(),
            schedule: schedule.map(str::to_owned),
            overlap: false,
        }
    }

    #[test]
    fn what_a_plugin_says_is_made_safe_to_show_and_to_store() {
        let declared =
            vec![task("good", Some("@daily")), task("Bad name", None), task("good", None)];
        let known = checked(declared);
        assert_eq!(known.len(), 1);
        let first = &known[0];
        assert_eq!(first.description, "Does [31m things");
        assert!(first.schedule.is_some() && first.problem.is_none());
    }

    #[test]
    fn a_wrong_schedule_is_a_problem_and_never_due() {
        let known = checked(vec![task("often", Some("every minute"))]);
        assert!(known[0].schedule.is_none());
        assert!(known[0].problem.as_deref().is_some_and(|it| it.contains("every minute")));
    }

    #[test]
    fn there_is_an_end_to_the_list() {
        let many = (0..1_000).map(|it| task(&format!("t{it}"), None)).collect();
        assert_eq!(checked(many).len(), TASKS_MAX);
    }
}
