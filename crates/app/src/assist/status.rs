//! Who may have what, of what is there.

use smartcms_domain::Timestamp;

use super::budget::{day_of, renewed_at};
use super::error::AssistError;
use super::task::Task;
use crate::{App, Fault as _, OpContext};

/// What an actor can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssistStatus {
    /// Why the actor gets none; `None` where it does.
    pub refusal: Option<(String, Option<String>)>,
    /// The models that follow instructions, the one that is asked first before the others.
    pub text_models: Vec<String>,
    /// The models that look at images.
    pub image_models: Vec<String>,
    /// Every task.
    pub tasks: Vec<TaskStatus>,
    /// What is left; `None` for who gets none.
    pub budget: Option<(BudgetStatus, BudgetStatus)>,
    /// When the budgets are whole again.
    pub renewed_at: Timestamp,
}

/// Whether a model is there for a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskStatus {
    /// The task.
    pub task: Task,
    /// Why none is, and what to do about it; `None` where one is.
    pub lacking: Option<(String, Option<String>)>,
}

/// One budget on this day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetStatus {
    /// Tokens a day.
    pub limit: u64,
    /// How many are used or held.
    pub used: u64,
}

impl BudgetStatus {
    /// How many are left.
    pub fn left(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }
}

/// What the actor can have.
pub async fn assist_status(ctx: &OpContext<'_>) -> Result<AssistStatus, AssistError> {
    let assist = &ctx.app.assist;
    let (text_models, image_models) = (assist.models.models(), assist.images.models());
    let lacking = |task: Task| match task {
        Task::AltText if image_models.is_empty() => Some(explained(&AssistError::NoImageModel)),
        Task::AltText => None,
        _ if text_models.is_empty() => Some(explained(&AssistError::NoModel(task.name()))),
        _ => None,
    };
    let tasks = Task::ALL.map(|task| TaskStatus { task, lacking: lacking(task) }).to_vec();
    let allowed = assist.settings.require(ctx.actor);
    let now = ctx.app.clock.now();
    let budget = match &allowed {
        Ok(limit) => {
            assist.settle_abandoned().await?;
            let spent = assist.store.spent(day_of(now), &ctx.actor.author()).await?;
            let limit_of_site = assist.settings.site_tokens_a_day;
            Some((
                BudgetStatus { limit: *limit, used: spent.person },
                BudgetStatus { limit: limit_of_site, used: spent.site },
            ))
        }
        Err(_) => None,
    };
    let refusal = allowed.as_ref().err().map(explained);
    let renewed_at = renewed_at(now);
    Ok(AssistStatus { refusal, text_models, image_models, tasks, budget, renewed_at })
}

/// What all have used of the site's budget on this day, for the operator.
pub async fn site_budget(app: &App) -> Result<BudgetStatus, AssistError> {
    let spent = app.assist.store.spent(day_of(app.clock.now()), "").await?;
    Ok(BudgetStatus { limit: app.assist.settings.site_tokens_a_day, used: spent.site })
}

fn explained(error: &AssistError) -> (String, Option<String>) {
    (error.to_string(), error.hint())
}
