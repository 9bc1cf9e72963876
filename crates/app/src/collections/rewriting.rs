//! What a change leaves of one entry.

use std::collections::BTreeMap;

use smartcms_domain::blocks::Document;
use smartcms_domain::collections::{Converters, DefinitionChange, Effect};
use smartcms_domain::entries::{Entry, EntryId, Fields};

use super::plan::Touched;
use crate::App;
use crate::entries::with_computed;
use crate::ports::StoreError;
use crate::rendering::{blocks_to_markdown, markdown_to_blocks};

/// Markdown and blocks say the same where reading the one and writing the other comes back to it.
const CONVERTERS: Converters = Converters {
    markdown_to_blocks: |text| Some(markdown_to_blocks(text).to_json()),
    blocks_to_markdown: |value| Some(blocks_to_markdown(&Document::parse(value).ok()?)),
};

/// The values of both sides of an entry after a change, and what steps did to them.
pub(super) struct RewrittenEntry {
    pub(super) fields: Fields,
    pub(super) live: Option<Fields>,
    pub(super) touched: Vec<Touched>,
}

/// One side of an entry after a change.
struct SideOfEntry {
    fields: Fields,
    touches: Vec<(usize, Effect)>,
}

/// Takes both sides of an entry along.
pub(super) async fn rewritten(
    app: &App,
    change: &DefinitionChange,
    entry: &Entry,
) -> Result<RewrittenEntry, StoreError> {
    let mut newest = side(change, &entry.fields);
    let mut live = entry.live.as_ref().map(|it| side(change, &it.fields));
    if change.shared_now().next().is_some()
        && let Some(leader) = leader_of(app, entry).await?
    {
        let shared = side(change, &leader.fields);
        let shared_live = leader.live.as_ref().map(|it| side(change, &it.fields));
        share(change, &shared, &mut newest);
        if let Some(live) = &mut live {
            share(change, shared_live.as_ref().unwrap_or(&shared), live);
        }
    }
    compute(app, change, &entry.fields, &mut newest).await;
    if let Some((side, before)) = live.as_mut().zip(entry.live.as_ref()) {
        compute(app, change, &before.fields, side).await;
    }
    let mut touched: BTreeMap<usize, Touched> = BTreeMap::new();
    let sides = std::iter::once((&newest, false)).chain(live.iter().map(|it| (it, true)));
    for (side, public) in sides {
        for (step, effect) in &side.touches {
            let touch = Touched { step: *step, ..Touched::default() };
            touched.entry(*step).or_insert(touch).note(*effect, public);
        }
    }
    let touched = touched.into_values().collect();
    Ok(RewrittenEntry { fields: newest.fields, live: live.map(|it| it.fields), touched })
}

fn side(change: &DefinitionChange, fields: &Fields) -> SideOfEntry {
    let rewritten = change.rewrite(fields, &CONVERTERS);
    let touches = rewritten.touches.iter().map(|it| (it.step, it.effect)).collect();
    SideOfEntry { fields: rewritten.fields, touches }
}

/// Computes what is computed by the new definition. Where that fails, what is there stays.
async fn compute(app: &App, change: &DefinitionChange, before: &Fields, side: &mut SideOfEntry) {
    let Some(definition) = change.after().filter(|it| it.computed().next().is_some()) else {
        return;
    };
    let fields = std::mem::take(&mut side.fields);
    let (mut fields, problems) = with_computed(app, definition, Some(before), fields).await;
    for name in problems.iter().filter_map(|it| it.field.as_deref()) {
        fields.set(name, before.get(name).cloned().unwrap_or_default());
    }
    for (step, name) in change.computed_now() {
        if problems.iter().any(|it| it.field.as_deref() == Some(name)) {
            side.touches.push((step, Effect::Invalid));
        } else if before.get(name) != fields.get(name) {
            side.touches.push((step, Effect::Kept));
        }
    }
    side.fields = fields;
}

/// The translation whose values the others take over: the one they translate, or the first that is left. `None` for that
/// one itself.
async fn leader_of(app: &App, entry: &Entry) -> Result<Option<Entry>, StoreError> {
    if entry.id == entry.group {
        return Ok(None);
    }
    if let Some(first) = app.entries.find(entry.group).await? {
        return Ok(Some(first));
    }
    let others = app.entries.translations(entry.group).await?;
    let first = others.into_iter().min_by_key(|it| it.id);
    Ok(first.filter(|it| it.id != entry.id))
}

fn share(change: &DefinitionChange, leader: &SideOfEntry, side: &mut SideOfEntry) {
    for (step, name) in change.shared_now() {
        let (theirs, own) = (leader.fields.get(name), side.fields.get(name));
        if theirs == own {
            continue;
        }
        side.touches.push((step, if own.is_some() { Effect::Lost } else { Effect::Kept }));
        side.fields.set(name, theirs.cloned().unwrap_or_default());
    }
}

/// The entries that change with one: its translations share its values.
pub(super) async fn those_with(
    app: &App,
    change: &DefinitionChange,
    entry: Entry,
) -> Result<BTreeMap<EntryId, Entry>, StoreError> {
    let mut all = BTreeMap::new();
    if change.shared_now().next().is_some() {
        let others = app.entries.translations(entry.group).await?;
        all.extend(others.into_iter().map(|it| (it.id, it)));
    }
    all.insert(entry.id, entry);
    Ok(all)
}
