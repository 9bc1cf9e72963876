//! Many redirects at a time.

use smartcms_domain::Problem;
use smartcms_domain::redirects::{Redirect, RedirectDraft, RedirectLoop};

use super::create::{checked, new_redirect, require_room};
use super::error::RedirectError;
use crate::OpContext;
use crate::audit::{Deed, record};
use crate::ports::{RedirectConflict, SavedRedirect, Together};

/// The most redirects of one import.
pub const IMPORT_LEN_MAX: usize = 1_000;

/// How many redirects of an import were new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportedRedirects {
    /// Stored now.
    pub added: u64,
    /// There already, leading to the same.
    pub present: u64,
}

/// What became of a redirect that was offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectOutcome {
    /// It is stored.
    Added,
    /// It was there already, leading to the same.
    Present,
    /// It is not stored, because of this.
    Refused(Problem),
}

/// Stores many redirects, all or none; a problem names the redirect by its place: `redirects[3].from`.
pub async fn import_redirects(
    ctx: &OpContext<'_>,
    drafts: Vec<RedirectDraft>,
) -> Result<ImportedRedirects, RedirectError> {
    let outcomes = store(ctx, drafts, Together::All).await?;
    let mut imported = ImportedRedirects::default();
    let mut problems = Vec::new();
    for (at, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            RedirectOutcome::Added => imported.added += 1,
            RedirectOutcome::Present => imported.present += 1,
            RedirectOutcome::Refused(problem) => problems.push(placed(at, problem)),
        }
    }
    if !problems.is_empty() {
        return Err(RedirectError::InvalidImport(problems));
    }
    let said = format!("{} redirects", imported.added);
    record(ctx, Deed::done("redirect.imported").detail(said)).await;
    Ok(imported)
}

/// Stores of many redirects those that can be stored, and tells what became of each.
pub async fn offer_redirects(
    ctx: &OpContext<'_>,
    drafts: Vec<RedirectDraft>,
) -> Result<Vec<RedirectOutcome>, RedirectError> {
    store(ctx, drafts, Together::Each).await
}

async fn store(
    ctx: &OpContext<'_>,
    drafts: Vec<RedirectDraft>,
    together: Together,
) -> Result<Vec<RedirectOutcome>, RedirectError> {
    RedirectError::check(ctx)?;
    if drafts.len() > IMPORT_LEN_MAX {
        let message = format!("there are {}; {IMPORT_LEN_MAX} is the limit", drafts.len());
        return Err(RedirectError::Invalid(vec![Problem::field("redirects", "too-many", message)]));
    }
    require_room(ctx, drafts.len() as u64).await?;
    let mut read: Vec<Result<Redirect, Problem>> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let checked = checked(ctx, draft).await?;
        let first = |problems: Vec<Problem>| problems.into_iter().next().unwrap_or_else(unreadable);
        read.push(checked.map(|it| new_redirect(ctx, it)).map_err(first));
    }
    if together == Together::All && read.iter().any(Result::is_err) {
        // Nothing is stored, and only what is wrong is told.
        let outcome = |it: Result<Redirect, Problem>| {
            it.map_or_else(RedirectOutcome::Refused, |_| RedirectOutcome::Present)
        };
        return Ok(read.into_iter().map(outcome).collect());
    }
    saved(ctx, read, together).await
}

/// Stores of many those that could be read and can be stored.
pub(super) async fn offered(
    ctx: &OpContext<'_>,
    read: Vec<Result<Redirect, Problem>>,
) -> Result<Vec<RedirectOutcome>, RedirectError> {
    saved(ctx, read, Together::Each).await
}

async fn saved(
    ctx: &OpContext<'_>,
    read: Vec<Result<Redirect, Problem>>,
    together: Together,
) -> Result<Vec<RedirectOutcome>, RedirectError> {
    let wanted = read.iter().filter_map(|it| it.as_ref().ok().cloned()).collect();
    let mut saved = ctx.app.redirects.save_redirects(wanted, together).await?.into_iter();
    let outcome = |it: Result<Redirect, Problem>| match it {
        Ok(_) => saved.next().map_or(RedirectOutcome::Present, outcome_of),
        Err(problem) => RedirectOutcome::Refused(problem),
    };
    Ok(read.into_iter().map(outcome).collect())
}

/// What a draft without a problem is told that could not be read either; there is none.
fn unreadable() -> Problem {
    Problem::field("from", "path", "this is no redirect")
}

fn outcome_of(saved: Result<SavedRedirect, RedirectConflict>) -> RedirectOutcome {
    match saved {
        Ok(SavedRedirect::Stored(_)) => RedirectOutcome::Added,
        Ok(SavedRedirect::Present(_)) => RedirectOutcome::Present,
        Err(RedirectConflict::Taken(other)) => {
            let message =
                format!("there is a redirect from {} already, to another place", other.source);
            RedirectOutcome::Refused(Problem::field("from", "taken", message))
        }
        Err(RedirectConflict::Loop(error @ RedirectLoop { .. })) => {
            RedirectOutcome::Refused(Problem::field("to", "loop", error.to_string()))
        }
    }
}

fn placed(at: usize, problem: Problem) -> Problem {
    let field = problem.field.map(|it| format!(".{it}")).unwrap_or_default();
    Problem { field: Some(format!("redirects[{at}]{field}")), ..problem }
}
