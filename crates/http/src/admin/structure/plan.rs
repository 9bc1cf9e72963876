//! What a change of a definition does to the entries there are, shown before it is done.

use std::collections::BTreeMap;

use smartcms_app::collections::{CollectionPlan, PlannedStep};
use smartcms_app::entries::{View, get_entry};
use smartcms_domain::entries::EntryId;
use smartcms_pages::admin::{PlanDuplicate, PlanEntry, PlanStep};

use super::super::list::{entry_url, title_of};
use super::super::person::Person;
use super::super::visit::Visit;
use crate::state::AppState;

/// How many entries are called by their titles; others by their ids.
const TITLES_MAX: usize = 30;

/// The steps of a plan for the page.
pub(super) async fn steps(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    plan: &CollectionPlan,
) -> Vec<PlanStep> {
    let duplicates = plan.steps.iter().flat_map(|it| &it.duplicates).flat_map(|it| &it.entries);
    let examples = plan.steps.iter().flat_map(|it| &it.examples);
    let mut entries = BTreeMap::new();
    for id in examples.chain(duplicates) {
        if entries.len() >= TITLES_MAX {
            break;
        }
        if !entries.contains_key(id) {
            entries.insert(*id, entry(state, visit, person, plan, *id).await);
        }
    }
    plan.steps.iter().map(|it| step(plan, it, &entries)).collect()
}

async fn entry(
    state: &AppState,
    visit: &Visit,
    person: &Person,
    plan: &CollectionPlan,
    id: EntryId,
) -> PlanEntry {
    let ctx = person.context(&state.app);
    let collection = plan.collection.as_str();
    let found = get_entry(&ctx, collection, &id.to_string(), View::Newest).await.ok();
    let definition = state.app.collections.find(collection);
    match found.zip(definition) {
        Some((entry, definition)) => {
            PlanEntry { title: title_of(visit, &definition, &entry.fields), url: entry_url(&entry) }
        }
        None => by_id(plan, id),
    }
}

fn by_id(plan: &CollectionPlan, id: EntryId) -> PlanEntry {
    PlanEntry { title: id.to_string(), url: format!("/admin/content/{}/{id}", plan.collection) }
}

fn step(
    plan: &CollectionPlan,
    step: &PlannedStep,
    entries: &BTreeMap<EntryId, PlanEntry>,
) -> PlanStep {
    let named = |ids: &[EntryId]| {
        let entry = |id: &EntryId| entries.get(id).cloned().unwrap_or_else(|| by_id(plan, *id));
        ids.iter().map(entry).collect::<Vec<_>>()
    };
    let duplicates = step.duplicates.iter().map(|it| PlanDuplicate {
        value: it.value.as_str().map_or_else(|| it.value.to_string(), str::to_owned),
        entries: named(&it.entries),
    });
    PlanStep {
        field: step.step.field.clone().unwrap_or_default(),
        kind: step.step.kind.name(),
        message: step.step.message.clone(),
        entries: step.entries,
        public: step.public,
        lost: step.lost,
        invalid: step.invalid,
        examples: named(&step.examples),
        duplicates: duplicates.collect(),
    }
}
