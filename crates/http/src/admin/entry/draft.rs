//! What a form of an entry shows: the saved state, with what its author has not saved yet.

use std::sync::Arc;

use smartcms_app::entries::{
    ContentError, View, WorkingCopyState, get_entry, get_working_copy, list_editing,
};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::{Entry, EntryId, Fields};
use smartcms_domain::locales::Locale;

use super::super::failure::AdminError;
use super::super::form::Form;
use super::super::list::collection_of;
use super::super::names::Names;
use super::super::person::Person;
use super::super::visit::Visit;
use super::help::SUGGESTION;
use super::values::{Reader, written};
use crate::state::AppState;

/// Where somebody writes: who, in which collection, which entry.
pub(super) struct Desk {
    pub(super) state: AppState,
    pub(super) visit: Visit,
    pub(super) person: Person,
    pub(super) definition: Arc<CollectionDefinition>,
    /// `None` for a new one.
    pub(super) entry: Option<Entry>,
    /// The language of the entry.
    pub(super) locale: Locale,
    /// What a new one translates.
    pub(super) translation_of: Option<EntryId>,
}

/// What the form shows.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) fields: Fields,
    pub(super) slug: String,
    pub(super) message: String,
    /// The suggestions of models that are in it.
    pub(super) suggestions: Vec<String>,
    pub(super) revision: u64,
    pub(super) publish_at: String,
    pub(super) unpublish_at: String,
    pub(super) kept_at: i64,
    pub(super) is_stale: bool,
    pub(super) editing: Vec<String>,
}

impl Desk {
    /// The desk of a new entry, in a language of the site.
    pub(super) fn of_new(
        state: &AppState,
        visit: Visit,
        person: Person,
        collection: &str,
        (locale, translation_of): (&str, &str),
    ) -> Result<Self, AdminError> {
        let definition = collection_of(&state.app, &person, collection)?;
        let locales = &state.app.site.locales;
        let named = Locale::parse(locale).ok().filter(|it| locales.contains(it));
        let locale = named.unwrap_or_else(|| locales.default().clone());
        let translation_of = EntryId::parse(translation_of).ok();
        let state = state.clone();
        Ok(Self { state, visit, person, definition, entry: None, locale, translation_of })
    }

    /// The desk of an entry.
    pub(super) async fn of(
        state: &AppState,
        visit: Visit,
        person: Person,
        collection: &str,
        id: &str,
    ) -> Result<Self, AdminError> {
        let definition = collection_of(&state.app, &person, collection)?;
        // A slug would find an entry, too; forms name it by its id.
        EntryId::parse(id).map_err(|_| AdminError::NotFound)?;
        let entry = get_entry(&person.context(&state.app), collection, id, View::Newest).await?;
        let locale = entry.locale.clone();
        let state = state.clone();
        let entry = Some(entry);
        Ok(Self { state, visit, person, definition, entry, locale, translation_of: None })
    }

    /// Where the entry is.
    pub(super) fn url(&self) -> String {
        let name = &self.definition.name;
        match &self.entry {
            Some(entry) => format!("/admin/content/{name}/{}", entry.id),
            None => format!("/admin/content/{name}/new"),
        }
    }

    /// Who wrote the entry first.
    pub(super) fn author(&self) -> Option<&str> {
        self.entry.as_ref().map(|it| it.created_by.as_str())
    }

    /// The values that a form has, of the fields that the person writes.
    pub(super) fn values(&self, form: &Form) -> Fields {
        let before = self.entry.as_ref().map(|it| it.fields.clone()).unwrap_or_default();
        let reader = Reader { form, zone: &self.visit.zone };
        reader.fields(written(&self.person.actor, &self.definition, self.author()), &before)
    }

    /// What is shown to somebody who opens the form.
    pub(super) async fn draft(&self) -> Result<Draft, ContentError> {
        let Some(entry) = &self.entry else {
            let fields = self.definition.with_defaults(Fields::default());
            return Ok(Draft { fields, ..Draft::default() });
        };
        let mut draft = self.saved(entry);
        let ctx = self.person.context(&self.state.app);
        let collection = self.definition.name.as_str();
        match get_working_copy(&ctx, collection, entry.id).await {
            Ok(kept) => draft.take(kept),
            Err(ContentError::NoWorkingCopy(_) | ContentError::Denied(_)) => {}
            Err(error) => return Err(error),
        }
        draft.editing = self.editing(entry.id).await?;
        Ok(draft)
    }

    /// What is shown of what somebody sent.
    pub(super) async fn sent(&self, form: &Form) -> Result<Draft, ContentError> {
        let mut draft = match &self.entry {
            Some(entry) => Draft { editing: self.editing(entry.id).await?, ..self.saved(entry) },
            None => Draft::default(),
        };
        draft.fields = draft.fields.with(self.values(form));
        draft.slug = form.get("slug").to_owned();
        draft.message = form.get("message").to_owned();
        draft.suggestions = form.all(SUGGESTION).map(str::to_owned).collect();
        draft.revision = form.get("revision").parse().unwrap_or(draft.revision);
        draft.publish_at = form.get("publish_at").to_owned();
        draft.unpublish_at = form.get("unpublish_at").to_owned();
        Ok(draft)
    }

    fn saved(&self, entry: &Entry) -> Draft {
        let local = |it: Option<smartcms_domain::Timestamp>| {
            it.map(|it| self.visit.zone.local(it.as_millis())).unwrap_or_default()
        };
        Draft {
            fields: entry.fields.clone(),
            slug: entry.slug.to_string(),
            revision: entry.revision.number(),
            publish_at: local(entry.schedule.publish_at),
            unpublish_at: local(entry.schedule.unpublish_at),
            ..Draft::default()
        }
    }

    async fn editing(&self, id: EntryId) -> Result<Vec<String>, ContentError> {
        let ctx = self.person.context(&self.state.app);
        let others = list_editing(&ctx, self.definition.name.as_str(), id).await?;
        let authors = others.iter().map(|it| it.author.as_str());
        let names = Names::of(&self.state, &self.visit, authors).await;
        Ok(others.iter().map(|it| names.get(&it.author)).collect())
    }
}

impl Draft {
    fn take(&mut self, kept: WorkingCopyState) {
        self.is_stale = kept.is_stale();
        let copy = kept.copy;
        self.fields = std::mem::take(&mut self.fields).with(copy.fields);
        self.slug = copy.slug.unwrap_or_else(|| std::mem::take(&mut self.slug));
        self.revision = copy.based_on.number();
        self.kept_at = copy.updated_at.as_millis();
    }
}
