//! Keeping what somebody is writing, before it is saved.
//!
//! A working copy is no state of the entry: it makes no revision and no event, is never published, and no plugin is
//! asked about it. Hooks may refuse and may take their time, and both is wrong every few seconds while somebody types;
//! they are asked when the copy is saved, as every other check of a save is made then.

use smartcms_domain::Problem;
use smartcms_domain::actors::{Permission, Subject};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, EntryId, Fields, Revision, SLUG_LEN_MAX, WorkingCopy};

use super::commit::{definition, find};
use super::error::ContentError;
use super::save_checks::{hidden_problems, joined, refuse, size_problem};
use super::working_copy::{WorkingCopyState, state_of};
use crate::OpContext;
use crate::ports::KeepOutcome;

/// How many authors can have a working copy of one entry.
pub const WORKING_COPIES_MAX: u32 = 20;

/// What somebody is writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepWorkingCopy {
    /// The collection in which the entry is looked for.
    pub collection: String,
    /// Which entry.
    pub id: EntryId,
    /// The state that the author began with. It may be an old one by now: work is kept all the same.
    pub based_on: Revision,
    /// Another slug, as far as it is typed; `None` keeps the entry's.
    pub slug: Option<String>,
    /// Other values: fields that are not named stay, null takes one away.
    pub fields: Fields,
}

/// Keeps what the actor is writing, in the place of what was kept before. Values may be incomplete; their shape and size
/// may not be broken.
pub async fn keep_working_copy(
    ctx: &OpContext<'_>,
    command: KeepWorkingCopy,
) -> Result<WorkingCopyState, ContentError> {
    let definition = definition(ctx, &command.collection)?;
    ctx.actor.require_some(Permission::Update, &definition.name)?;
    let entry = find(ctx, &command.collection, command.id).await?;
    ctx.actor.require_on(Permission::Update, Subject::of(&entry))?;
    let now = ctx.app.clock.now();
    // Nothing is kept for what could not be saved whatever is written.
    entry.clone().save(entry.slug.clone(), Fields::default(), now)?;
    check(ctx, &definition, &entry, &command)?;
    let author = ctx.actor.to_string();
    let before = ctx.app.working_copies.find(entry.id, &author).await?;
    let copy = WorkingCopy {
        entry: entry.id,
        author,
        based_on: command.based_on,
        slug: command.slug,
        fields: command.fields,
        since: now,
        updated_at: now,
    };
    let copy = copy.following(before.as_ref());
    match ctx.app.working_copies.keep(copy.clone(), WORKING_COPIES_MAX).await? {
        KeepOutcome::Kept => state_of(ctx, &entry, copy).await,
        KeepOutcome::TooMany => Err(ContentError::TooManyWorkingCopies {
            entry: entry.id.to_string(),
            limit: WORKING_COPIES_MAX,
        }),
        KeepOutcome::NoEntry => Err(ContentError::UnknownEntry {
            collection: command.collection,
            key: command.id.to_string(),
        }),
    }
}

fn check(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    entry: &Entry,
    command: &KeepWorkingCopy,
) -> Result<(), ContentError> {
    let hidden = hidden_problems(ctx.actor, definition, &entry.created_by, &command.fields);
    let mut problems = joined(hidden, definition.shape_problems_of(&command.fields));
    if command.based_on > entry.revision || command.based_on < Revision::FIRST {
        let (based_on, stored) = (command.based_on, entry.revision);
        let message = format!("the entry has revisions 1 to {stored}, not {based_on}");
        problems.push(Problem::field("based_on", "unknown-revision", message));
    }
    let slug_len = command.slug.as_ref().map_or(0, String::len);
    if slug_len > SLUG_LEN_MAX {
        let message = format!("the slug has {slug_len} bytes; {SLUG_LEN_MAX} is the limit");
        problems.push(Problem::field("slug", "too-long", message));
    }
    problems.extend(size_problem(&command.fields));
    refuse(problems)
}
