//! `/admin/collections`: the types of content, made and changed in a form. What a change does to the entries there are is
//! shown before it is done.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value;
use smartcms_app::collections::{
    CollectionError, CollectionPlan, CreateCollection, Reach, RemoveCollection, ReplaceCollection,
    create_collection, get_collection, list_collections, remove_collection, replace_collection,
};
use smartcms_app::ports::{DefinitionRecord, Origin};
use smartcms_domain::collections::{CollectionDefinition, FieldDefinition};
use smartcms_domain::entries::Revision;
use smartcms_pages::admin::{CollectionListPage, CollectionPlanPage, CollectionRow, Mistake};

use super::super::answer::{self, Answer};
use super::super::failure::AdminError;
use super::super::form::Form;
use super::super::names::Names;
use super::super::person::Person;
use super::super::visit::Visit;
use super::definition_draft::DefinitionDraft;
use super::definition_page::{Shown, URL, functions, label_of, page};
use super::mistakes::{mistakes_of, status, whole};
use super::nested::{Arrangement, place_of};
use super::plan::steps;
use crate::state::AppState;

/// Shows every collection.
pub(in super::super) async fn list(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
) -> Answer {
    may_manage(&person)?;
    let records = list_collections(&person.context(&state.app)).await?;
    let names = Names::of(&state, &visit, records.iter().map(|it| it.changed_by.as_str())).await;
    let row = |it: &DefinitionRecord| CollectionRow {
        name: it.definition.name.to_string(),
        label: it.definition.label.clone(),
        url: format!("{URL}/{}", it.definition.name),
        entries_url: format!("/admin/content/{}", it.definition.name),
        pattern: it.definition.url.as_ref().map(ToString::to_string).unwrap_or_default(),
        fields: it.definition.fields.len(),
        is_in_file: it.origin == Origin::File,
        is_taxonomy: it.definition.taxonomy.is_some(),
        changed_at: it.changed_at.as_millis(),
        changed_by: names.get(&it.changed_by),
    };
    let frame = visit.frame(&state, visit.say("collections.title", &[]));
    let rows = records.iter().map(row).collect();
    answer::page(&state, &CollectionListPage { frame, rows })
}

/// Shows the form of a new one.
pub(in super::super) async fn new(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
) -> Answer {
    may_manage(&person)?;
    let shown = Shown { functions: functions(&state).await, ..Shown::default() };
    let page = page(&state, &visit, &DefinitionDraft::new(), shown);
    answer::page(&state, &page)
}

/// Makes a collection, or changes the form.
pub(in super::super) async fn create(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    form: Form,
) -> Answer {
    may_manage(&person)?;
    let desk = Desk { state, visit, person, stored: None };
    let mut draft = DefinitionDraft::of_form(&form);
    if let Some(focused) = reshaped(&mut draft, &form) {
        return desk.form(&draft, Some(focused)).await;
    }
    let command = CreateCollection {
        name: draft.name.clone(),
        document: draft.document(),
        reach: Reach::default(),
    };
    match create_collection(&desk.person.context(&desk.state.app), command).await {
        Ok(made) => {
            let to = format!("{URL}/{}", made.now.definition.name);
            Ok(desk.visit.done(&desk.state, &to, "collections.created"))
        }
        Err(error) => desk.refused(&draft, error).await,
    }
}

/// Shows the form of one.
pub(in super::super) async fn edit(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(name): Path<String>,
) -> Answer {
    let desk = Desk::of(state, visit, person, &name).await?;
    let draft = desk.stored_draft();
    desk.form(&draft, None).await
}

/// Does what the button of the form says.
pub(in super::super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(name): Path<String>,
    form: Form,
) -> Answer {
    let desk = Desk::of(state, visit, person, &name).await?;
    let seen = form.get("revision").parse().ok().map(Revision::new);
    let forced = form.get("force") == "true";
    match form.action().0 {
        "remove-plan" => desk.remove(seen, Reach { dry_run: true, force: false }).await,
        "remove-all" => desk.remove(seen, Reach { dry_run: false, force: forced }).await,
        "apply" => {
            let draft = desk.planned(form.get("document"))?;
            desk.replace(&draft, seen, Reach { dry_run: false, force: forced }).await
        }
        "back" => {
            let draft = desk.planned(form.get("document"))?;
            desk.form(&draft, None).await
        }
        _ => {
            let mut draft = DefinitionDraft::of_form(&form);
            draft.name.clone_from(&name);
            match reshaped(&mut draft, &form) {
                Some(focused) => desk.form(&draft, Some(focused)).await,
                None => desk.replace(&draft, seen, Reach { dry_run: true, force: false }).await,
            }
        }
    }
}

/// These pages are for those who set up the site; the operations behind them say so too.
fn may_manage(person: &Person) -> Result<(), AdminError> {
    if person.actor.may_manage_site() { Ok(()) } else { Err(AdminError::Denied) }
}

/// Does what a button says that changes nothing but the form; the field that it was about.
fn reshaped(draft: &mut DefinitionDraft, form: &Form) -> Option<Focus> {
    let (verb, rest) = form.action();
    if verb == "shape" {
        return Some(Focus { place: place_of(rest), opens: true });
    }
    let (arrangement, place) = Arrangement::parse(verb, rest)?;
    let place = arrangement.apply(&mut draft.fields, &place);
    Some(Focus { place, opens: arrangement == Arrangement::Add })
}

/// The field that a button was about.
struct Focus {
    place: Vec<usize>,
    opens: bool,
}

/// Somebody at a definition.
struct Desk {
    state: AppState,
    visit: Visit,
    person: Person,
    stored: Option<DefinitionRecord>,
}

impl Desk {
    async fn of(
        state: AppState,
        visit: Visit,
        person: Person,
        name: &str,
    ) -> Result<Self, AdminError> {
        may_manage(&person)?;
        let stored = get_collection(&person.context(&state.app), name).await?;
        Ok(Self { state, visit, person, stored: Some(stored) })
    }

    fn name(&self) -> String {
        let name = self.stored.as_ref().map(|it| it.definition.name.to_string());
        name.unwrap_or_default()
    }

    fn stored_fields(&self) -> &[FieldDefinition] {
        self.stored.as_ref().map(|it| it.definition.fields.as_slice()).unwrap_or_default()
    }

    fn stored_draft(&self) -> DefinitionDraft {
        let stored = self.stored.as_ref().map(|it| &it.definition);
        stored.map(|it| DefinitionDraft::of(it, &it.fields)).unwrap_or_default()
    }

    /// The draft of a definition that was planned.
    fn planned(&self, document: &str) -> Result<DefinitionDraft, AdminError> {
        let bad = |what: String| AdminError::BadForm(what);
        let document: Value = crate::strict_json::parse(document.as_bytes())
            .map_err(|error| bad(error.to_string()))?;
        let stored = self.stored.as_ref().ok_or(AdminError::NotFound)?;
        let name = stored.definition.name.clone();
        let definition = CollectionDefinition::read(name, &document)
            .map_err(|problems| bad(CollectionError::Invalid(problems).to_string()))?;
        Ok(DefinitionDraft::of(&definition, self.stored_fields()))
    }

    async fn form(&self, draft: &DefinitionDraft, focus: Option<Focus>) -> Answer {
        let (focused, opens) = focus.map(|it| (it.place, it.opens)).unwrap_or_default();
        let (stored, functions) = (self.stored.as_ref(), functions(&self.state).await);
        let shown = Shown { stored, focused, opens, functions, ..Shown::default() };
        answer::page(&self.state, &page(&self.state, &self.visit, draft, shown))
    }

    /// The form again, with what is wrong. A state that somebody else stored is the one that the next plan is held against:
    /// the plan shows what would be undone of it.
    async fn refused(&self, draft: &DefinitionDraft, error: CollectionError) -> Answer {
        if matches!(error, CollectionError::Denied(_) | CollectionError::Store(_)) {
            return Err(error.into());
        }
        let label = |place: &str| label_of(&self.visit, draft, place);
        let mut mistakes = mistakes_of(&self.visit, &error, label);
        for mistake in &mut mistakes {
            // Choices have one input together.
            if let Some((field, _)) = mistake.input.split_once(".choices.") {
                mistake.input = format!("{field}.choices");
            }
        }
        if let CollectionError::NameTaken(_) = error {
            mistakes = vec![Mistake {
                input: "name".to_owned(),
                label: self.visit.say("definition.name", &[]),
                text: error.to_string(),
            }];
        }
        let (stored, functions) = (self.stored.as_ref(), functions(&self.state).await);
        let shown = Shown { stored, mistakes, functions, ..Shown::default() };
        let page = page(&self.state, &self.visit, draft, shown);
        answer::page_with(&self.state, status(&error), &page)
    }

    async fn replace(
        &self,
        draft: &DefinitionDraft,
        seen: Option<Revision>,
        reach: Reach,
    ) -> Answer {
        let document = draft.document();
        let command =
            ReplaceCollection { name: self.name(), document: document.clone(), seen, reach };
        let replaced = replace_collection(&self.person.context(&self.state.app), command).await;
        let to = format!("{URL}/{}", self.name());
        match replaced {
            Ok(changed) if changed.plan.steps.is_empty() => {
                Ok(self.visit.done(&self.state, &to, "collections.same"))
            }
            Ok(changed) if reach.dry_run => {
                self.plan(&changed.plan, document.to_string(), seen, None).await
            }
            Ok(_) => Ok(self.visit.done(&self.state, &to, "collections.changed")),
            Err(error) => match error.plans().first() {
                Some(plan) => self.plan(plan, document.to_string(), seen, Some(&error)).await,
                None => self.refused(draft, error).await,
            },
        }
    }

    async fn remove(&self, seen: Option<Revision>, reach: Reach) -> Answer {
        let command = RemoveCollection { name: self.name(), seen, reach };
        match remove_collection(&self.person.context(&self.state.app), command).await {
            Ok(plan) if reach.dry_run => self.plan(&plan, String::new(), seen, None).await,
            Ok(_) => Ok(self.visit.done(&self.state, URL, "collections.removed")),
            Err(error) => match error.plans().first() {
                Some(plan) => self.plan(plan, String::new(), seen, Some(&error)).await,
                None => self.refused(&self.stored_draft(), error).await,
            },
        }
    }

    async fn plan(
        &self,
        plan: &CollectionPlan,
        document: String,
        seen: Option<Revision>,
        error: Option<&CollectionError>,
    ) -> Answer {
        let url = format!("{URL}/{}", self.name());
        let label = self.stored.as_ref().map(|it| it.definition.label.clone());
        let label = label.unwrap_or_default();
        let crumbs =
            [(self.visit.say("collections.title", &[]), URL), (label.clone(), url.as_str())];
        let crumbs: Vec<(&str, &str)> =
            crumbs.iter().map(|(it, url)| (it.as_str(), *url)).collect();
        let is_removal = document.is_empty();
        let key = if is_removal { "plan.title_removal" } else { "plan.title" };
        let title = self.visit.say(key, &[("label", &label)]);
        let page = CollectionPlanPage {
            frame: self.visit.frame_below(&self.state, title, &crumbs),
            action: url.clone(),
            back_url: url.clone(),
            document,
            revision: seen.map_or(0, Revision::number),
            steps: steps(&self.state, &self.visit, &self.person, plan).await,
            loses: plan.loses(),
            is_impossible: plan.has_duplicates(),
            is_removal,
            mistakes: error.map(|it| vec![whole(it)]).unwrap_or_default(),
        };
        let status = error.map_or(StatusCode::OK, |it| status(it));
        answer::page_with(&self.state, status, &page)
    }
}
