//! Many redirects at a time.

use smartcms_domain::Problem;
use smartcms_domain::redirects::{Redirect, RedirectDraft, RedirectLoop};

use super::create::{checked, new_redirect, require_room};
use super::error::RedirectError;
use crate::OpContext;
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
    if problems.is_empty() { Ok(imported) } else { Err(RedirectError::InvalidImport(problems)) }
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
    let mut outcomes: Vec<Option<RedirectOutcome>> = Vec::with_capacity(drafts.len());
    let mut wanted: Vec<Redirect> = Vec::new();
    for draft in drafts {
        outcomes.push(match checked(ctx, draft).await? {
            Ok(checked) => {
                wanted.push(new_redirect(ctx, checked));
                None
            }
            Err(problems) => problems.into_iter().next().map(RedirectOutcome::Refused),
        });
    }
    let is_whole = outcomes.iter().all(Option::is_none);
    if together == Together::All && !is_whole {
        // Nothing is stored, and only what is wrong is told.
        return Ok(outcomes.into_iter().map(|it| it.unwrap_or(RedirectOutcome::Present)).collect());
    }
    let mut saved = ctx.app.redirects.save_redirects(wanted, together).await?.into_iter();
    let stored = |outcome: Option<RedirectOutcome>| {
        outcome.or_else(|| saved.next().map(outcome_of)).unwrap_or(RedirectOutcome::Present)
    };
    Ok(outcomes.into_iter().map(stored).collect())
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
