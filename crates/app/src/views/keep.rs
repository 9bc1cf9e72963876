//! Keeping views, and finding them again.

use smartcms_domain::Problem;
use smartcms_domain::actors::{Actor, UserId};
use uuid::Uuid;

use super::error::ViewError;
use crate::OpContext;
use crate::ports::SavedView;

/// The most views of a person.
pub const VIEWS_MAX: u32 = 100;
/// The longest name of a view, in characters.
pub const VIEW_NAME_LEN_MAX: usize = 60;
/// The longest query of a view, in bytes.
pub const VIEW_QUERY_LEN_MAX: usize = 1_000;
/// The longest name of a list, in bytes.
const LIST_LEN_MAX: usize = 100;

/// A view to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepView {
    /// Of which list: `content/posts`.
    pub list: String,
    /// What to call it; one of that name is replaced.
    pub name: String,
    /// What stands behind the `?` of its address.
    pub query: String,
}

/// The actor's views of a list, by name.
pub async fn list_views(ctx: &OpContext<'_>, list: &str) -> Result<Vec<SavedView>, ViewError> {
    let Ok(owner) = owner(ctx) else { return Ok(Vec::new()) };
    Ok(ctx.app.views.list_views(owner, list).await?)
}

/// Every view of the actor, by list and name.
pub async fn all_views(ctx: &OpContext<'_>) -> Result<Vec<SavedView>, ViewError> {
    let Ok(owner) = owner(ctx) else { return Ok(Vec::new()) };
    Ok(ctx.app.views.all_views(owner).await?)
}

/// Keeps a view for the actor, in the place of one with the same name.
pub async fn keep_view(ctx: &OpContext<'_>, command: KeepView) -> Result<SavedView, ViewError> {
    let owner = owner(ctx)?;
    let name = command.name.trim().to_owned();
    let problems = problems(&name, &command);
    if !problems.is_empty() {
        return Err(ViewError::Invalid(problems));
    }
    let id = ctx.app.randomness.id(ctx.app.clock.now());
    let view = SavedView { id, owner, list: command.list, name, query: command.query };
    if ctx.app.views.save_view(view.clone(), VIEWS_MAX).await? {
        Ok(view)
    } else {
        Err(ViewError::TooMany(VIEWS_MAX))
    }
}

/// Takes one of the actor's views away.
pub async fn remove_view(ctx: &OpContext<'_>, id: &str) -> Result<(), ViewError> {
    let owner = owner(ctx)?;
    let unknown = || ViewError::Unknown(id.to_owned());
    let parsed = Uuid::try_parse(id).map_err(|_| unknown())?;
    if ctx.app.views.remove_view(owner, parsed).await? { Ok(()) } else { Err(unknown()) }
}

fn owner(ctx: &OpContext<'_>) -> Result<UserId, ViewError> {
    match ctx.actor {
        Actor::User { id, .. } => Ok(*id),
        other => Err(ViewError::Denied(other.to_string())),
    }
}

fn problems(name: &str, command: &KeepView) -> Vec<Problem> {
    let mut problems = Vec::new();
    let len = name.chars().count();
    if !(1..=VIEW_NAME_LEN_MAX).contains(&len) || name.chars().any(char::is_control) {
        let message = format!("a name has 1 to {VIEW_NAME_LEN_MAX} characters on one line");
        problems.push(Problem::field("name", "name", message));
    }
    let query = &command.query;
    let is_odd = query.chars().any(|it| it.is_whitespace() || it.is_control() || it == '#');
    if query.len() > VIEW_QUERY_LEN_MAX || is_odd {
        let message = format!("this is no query of at most {VIEW_QUERY_LEN_MAX} bytes");
        problems.push(Problem::field("query", "query", message));
    }
    if command.list.is_empty() || command.list.len() > LIST_LEN_MAX {
        problems.push(Problem::field("list", "list", "this is no list"));
    }
    problems
}
