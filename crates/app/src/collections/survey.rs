//! Looking at the entries that a change is about, a page at a time.

use smartcms_domain::collections::DefinitionChange;
use smartcms_domain::entries::{Entry, EntryId};
use smartcms_domain::events::{Event, EventKind};
use uuid::Uuid;

use super::plan::CollectionPlan;
use super::rewriting::{rewritten, those_with};
use crate::entries::facts_of;
use crate::ports::{
    EntryPurge, EntryQuery, EntryRewrite, EventCursor, Listing, StagedEntry, StoreError,
};
use crate::{App, OpContext};

/// How many entries are looked at together: as many as may be in memory at a time.
const PAGE_LEN: u32 = 50;
/// How many values that are not unique a plan names.
const DUPLICATES_MAX: u32 = 3;
/// How many events are read at once to find out which entries changed meanwhile.
const EVENTS_LEN: u32 = 500;

/// Counts what a change does, and changes nothing.
pub(super) async fn plan(
    app: &App,
    change: &DefinitionChange,
) -> Result<CollectionPlan, StoreError> {
    let mut plan = CollectionPlan::of(change);
    if change.looks_at_entries() {
        let mut pages = Pages::of(change);
        while let Some(entries) = pages.next(app).await? {
            for entry in &entries {
                count(app, change, entry, &mut plan).await?;
            }
        }
    }
    for (step, old, _) in change.unique_now() {
        if !old.kind.is_scalar() {
            continue;
        }
        let found = app.entries.duplicates(change.collection(), &old.name, DUPLICATES_MAX).await?;
        if let Some(step) = plan.steps.get_mut(step) {
            step.duplicates = found;
        }
    }
    Ok(plan)
}

async fn count(
    app: &App,
    change: &DefinitionChange,
    entry: &Entry,
    plan: &mut CollectionPlan,
) -> Result<(), StoreError> {
    plan.count_whole(entry);
    if change.after().is_some() {
        plan.count(entry, &rewritten(app, change, entry).await?.touched);
    }
    Ok(())
}

/// Puts aside what becomes of every entry, and counts again: entries may have changed since they were counted first.
pub(super) async fn stage(
    ctx: &OpContext<'_>,
    id: Uuid,
    change: &DefinitionChange,
) -> Result<CollectionPlan, StoreError> {
    let mut plan = CollectionPlan::of(change);
    let mut pages = Pages::of(change);
    while let Some(entries) = pages.next(ctx.app).await? {
        stage_page(ctx, id, change, entries, &mut plan).await?;
    }
    Ok(plan)
}

/// Puts aside what becomes of the entries that changed since; the place of the newest event, and what they lose.
pub(super) async fn stage_changed(
    ctx: &OpContext<'_>,
    id: Uuid,
    changes: &[DefinitionChange],
    mut seen: EventCursor,
) -> Result<(EventCursor, Vec<CollectionPlan>), StoreError> {
    let mut plans: Vec<CollectionPlan> = changes.iter().map(CollectionPlan::of).collect();
    loop {
        let events = ctx.app.outbox.after(seen, EVENTS_LEN).await?;
        let Some(last) = events.last() else { return Ok((seen, plans)) };
        seen = last.cursor;
        for (change, plan) in changes.iter().zip(&mut plans) {
            let here = events.iter().filter(|it| it.event.collection == *change.collection());
            let mut ids: Vec<EntryId> = here.map(|it| it.event.entry).collect();
            smartcms_domain::sorting::sort(&mut ids);
            ids.dedup();
            for page in ids.chunks(PAGE_LEN as usize) {
                restage(ctx, id, change, page, plan).await?;
            }
        }
    }
}

async fn restage(
    ctx: &OpContext<'_>,
    id: Uuid,
    change: &DefinitionChange,
    ids: &[EntryId],
    plan: &mut CollectionPlan,
) -> Result<(), StoreError> {
    // What is gone by now has nothing put aside.
    ctx.app.definitions.stage(id, ids.to_vec(), Vec::new()).await?;
    for entry in ctx.app.entries.find_many(ids).await? {
        let together = those_with(ctx.app, change, entry).await?;
        stage_page(ctx, id, change, together.into_values().collect(), plan).await?;
    }
    Ok(())
}

async fn stage_page(
    ctx: &OpContext<'_>,
    id: Uuid,
    change: &DefinitionChange,
    entries: Vec<Entry>,
    plan: &mut CollectionPlan,
) -> Result<(), StoreError> {
    let ids = entries.iter().map(|it| it.id).collect();
    let mut staged = Vec::new();
    for entry in entries {
        plan.count_whole(&entry);
        staged.extend(staged_entry(ctx, change, entry, plan).await?);
    }
    ctx.app.definitions.stage(id, ids, staged).await
}

async fn staged_entry(
    ctx: &OpContext<'_>,
    change: &DefinitionChange,
    entry: Entry,
    plan: &mut CollectionPlan,
) -> Result<Option<StagedEntry>, StoreError> {
    let previous = entry.revision;
    let Some(definition) = change.after() else {
        let event = event(ctx, &entry, EventKind::EntryPurged);
        return Ok(Some(StagedEntry::Purge(EntryPurge { id: entry.id, previous, event })));
    };
    let after = rewritten(ctx.app, change, &entry).await?;
    plan.count(&entry, &after.touched);
    let live_before = entry.live.as_ref().map(|it| it.revision);
    let now = ctx.app.clock.now();
    let Some(entry) = entry.redefined(after.fields, after.live, now) else { return Ok(None) };
    let public = entry.live.as_ref().map(|it| it.revision) != live_before;
    let kind = if public { EventKind::EntryPublished } else { EventKind::EntryUpdated };
    Ok(Some(StagedEntry::Rewrite(Box::new(EntryRewrite {
        previous,
        author: ctx.actor.to_string(),
        message: format!("the definition of {} changed", change.collection()),
        event: event(ctx, &entry, kind),
        facts: facts_of(definition, &entry),
        entry,
    }))))
}

fn event(ctx: &OpContext<'_>, entry: &Entry, kind: EventKind) -> Event {
    let now = ctx.app.clock.now();
    Event {
        id: ctx.app.randomness.id(now),
        kind,
        at: now,
        collection: entry.collection.clone(),
        entry: entry.id,
        revision: entry.revision,
    }
}

/// Every entry of a collection, those in the trash last.
struct Pages(Option<EntryQuery>);

impl Pages {
    fn of(change: &DefinitionChange) -> Self {
        Self(change.before().map(|it| EntryQuery {
            author: None,
            collection: it.name.clone(),
            listing: Listing::Newest(None),
            locale: None,
            fallbacks: Vec::new(),
            filter: None,
            sort: Vec::new(),
            limit: PAGE_LEN,
            after: None,
        }))
    }

    async fn next(&mut self, app: &App) -> Result<Option<Vec<Entry>>, StoreError> {
        let Some(query) = self.0.take() else { return Ok(None) };
        let page = app.entries.list(&query).await?;
        self.0 = match (page.next, query.listing) {
            (Some(after), _) => Some(EntryQuery { after: Some(after), ..query }),
            (None, Listing::Trashed) => None,
            (None, _) => Some(EntryQuery { listing: Listing::Trashed, after: None, ..query }),
        };
        Ok(Some(page.entries))
    }
}
