//! What the buttons of the form do.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use smartcms_app::entries::{
    ChangeEntry, ContentError, CreateEntry, KeepWorkingCopy, ScheduleEntry, UpdateEntry,
    archive_entry, create_entry, discard_working_copy, keep_working_copy, publish_entry,
    schedule_entry, trash_entry, unpublish_entry, update_entry,
};
use smartcms_app::{Fault, FaultKind};
use smartcms_domain::entries::{Entry, EntryError, Fields, Revision, Schedule};
use smartcms_domain::{Problem, Timestamp};
use smartcms_pages::admin::{FlashKind, Mistake};

use super::super::answer::{self, Answer, line};
use super::super::failure::AdminError;
use super::super::form::Form;
use super::super::list::entry_url;
use super::super::person::Person;
use super::super::visit::Visit;
use super::draft::{Desk, Draft};
use super::pick::{Look, Picking};
use super::problems::mistakes_of;
use super::rows::RowAction;
use crate::state::AppState;

/// Stores a new entry, or changes the form.
pub(in super::super) async fn create(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(collection): Path<String>,
    form: Form,
) -> Answer {
    let wanted = (form.get("locale").to_owned(), form.get("translation_of").to_owned());
    let desk = Desk::of_new(&state, visit, person, &collection, (&wanted.0, &wanted.1))?;
    if let Some(page) = desk.reshaped(&form).await? {
        return Ok(page);
    }
    let command = CreateEntry {
        collection,
        locale: Some(desk.locale.to_string()),
        translation_of: desk.translation_of,
        slug: some_text(&form, "slug"),
        fields: desk.values(&form).iter().filter(|(_, it)| !it.is_null()).map(owned).collect(),
        message: some_text(&form, "message"),
    };
    let help = desk.help_taken(&form).await?;
    let ctx = desk.person.context(&state.app).with_help(&help);
    let entry = match create_entry(&ctx, command).await {
        Ok(entry) => entry,
        Err(error) => return desk.refused(&form, error).await,
    };
    let to = entry_url(&entry);
    if form.action().0 != "publish" {
        return Ok(desk.visit.done(&state, &to, "entry.created"));
    }
    match publish_entry(&ctx, desk.seen(&entry)).await {
        Ok(_) => Ok(desk.visit.done(&state, &to, "entry.published")),
        Err(error) => Ok(desk.visit.news(&state, &to, FlashKind::Warning, error.to_string())),
    }
}

/// Does what the button of the form says.
pub(in super::super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path((collection, id)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let desk = Desk::of(&state, visit, person, &collection, &id).await?;
    if let Some(page) = desk.reshaped(&form).await? {
        return Ok(page);
    }
    let entry = desk.entry.clone().ok_or(AdminError::NotFound)?;
    let (action, _) = form.action();
    match desk.act(action, &entry, &form).await {
        Ok((to, key)) => Ok(desk.visit.done(&state, &to, key)),
        Err(Refusal::Mistakes(mistakes)) => desk.again(&form, mistakes).await,
        Err(Refusal::Content(error)) if is_stale(&error) => desk.conflict(&form).await,
        Err(Refusal::Content(error)) => desk.refused(&form, error).await,
    }
}

/// Keeps what somebody is writing, for a script.
pub(in super::super) async fn autosave(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path((collection, id)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let desk = Desk::of(&state, visit, person, &collection, &id).await?;
    let entry = desk.entry.clone().ok_or(AdminError::NotFound)?;
    let slug = some_text(&form, "slug").filter(|it| it != entry.slug.as_str());
    let based_on = form.get("revision").parse().map(Revision::new).unwrap_or(entry.revision);
    let fields = changed(&entry.fields, desk.values(&form));
    let command = KeepWorkingCopy { collection, id: entry.id, based_on, slug, fields };
    keep_working_copy(&desk.person.context(&state.app), command).await?;
    Ok(line(StatusCode::OK, String::new()))
}

/// Drops the working copy.
pub(in super::super) async fn discard(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path((collection, id)): Path<(String, String)>,
    _: Form,
) -> Answer {
    let desk = Desk::of(&state, visit, person, &collection, &id).await?;
    let entry = desk.entry.as_ref().ok_or(AdminError::NotFound)?;
    discard_working_copy(&desk.person.context(&state.app), &collection, entry.id).await?;
    Ok(desk.visit.done(&state, &desk.url(), "entry.discarded"))
}

/// Why an action was not done.
enum Refusal {
    Mistakes(Vec<Mistake>),
    Content(ContentError),
}

impl From<ContentError> for Refusal {
    fn from(error: ContentError) -> Self {
        Self::Content(error)
    }
}

impl Desk {
    pub(super) fn seen(&self, entry: &Entry) -> ChangeEntry {
        ChangeEntry {
            collection: self.definition.name.to_string(),
            id: entry.id,
            seen: Some(entry.revision),
        }
    }

    /// The form again, where a button changed nothing but the form: rows, and what was looked for.
    async fn reshaped(&self, form: &Form) -> Result<Option<Response>, AdminError> {
        let (verb, place) = form.action();
        let mut look = Look::default();
        let action = RowAction::parse(verb);
        if verb != "look" && action.is_none() {
            return Ok(None);
        }
        let mut draft = self.sent(form).await?;
        if let Some(action) = action {
            action.apply(&mut draft.fields, place);
        } else if let Some(target) = self.target_at(place) {
            let picking = Picking { state: &self.state, visit: &self.visit, person: &self.person };
            look.name = place.to_owned();
            look.query = form.get(&format!("look.{place}")).trim().to_owned();
            look.options = picking.find(&target, &look.query).await;
        }
        let page = self.page(draft, Vec::new(), look).await?;
        answer::page(&self.state, &page).map(Some)
    }

    /// What the picker at a place of the form points to.
    fn target_at(&self, place: &str) -> Option<String> {
        let parts = place.strip_prefix(super::values::PREFIX)?.split('.');
        let mut fields = self.definition.fields.as_slice();
        let mut found = None;
        for part in parts.filter(|it| it.parse::<usize>().is_err()) {
            let field = fields.iter().find(|it| it.name.as_str() == part)?;
            fields = field.kind.inner_fields();
            found = super::pick::target_of(&field.kind);
        }
        found.map(|(target, _)| target.to_owned())
    }

    /// Where to go then, and what is said there.
    async fn act(
        &self,
        action: &str,
        entry: &Entry,
        form: &Form,
    ) -> Result<(String, &'static str), Refusal> {
        let ctx = self.person.context(&self.state.app);
        let here = self.url();
        let list = format!("/admin/content/{}", self.definition.name);
        let seen = || {
            let seen = form.get("revision").parse().ok().map(Revision::new);
            ChangeEntry { seen, ..self.seen(entry) }
        };
        match action {
            "unpublish" => {
                unpublish_entry(&ctx, seen()).await?;
                Ok((here, "entry.unpublished"))
            }
            "archive" => {
                archive_entry(&ctx, seen()).await?;
                Ok((here, "entry.archived"))
            }
            "trash" => {
                trash_entry(&ctx, seen()).await?;
                Ok((list, "entry.trashed"))
            }
            "publish" => {
                let entry = self.save(entry, form).await?;
                publish_entry(&ctx, self.seen(&entry)).await?;
                Ok((here, "entry.published"))
            }
            "schedule" => {
                let schedule = self.schedule(form)?;
                let entry = self.save(entry, form).await?;
                let change = self.seen(&entry);
                schedule_entry(&ctx, ScheduleEntry { change, schedule }).await?;
                Ok((here, "entry.scheduled"))
            }
            "merge" => {
                self.merge(entry, form).await?;
                Ok((here, "entry.merged"))
            }
            _ => {
                self.update(entry, form, self.values(form)).await?;
                Ok((here, "entry.saved"))
            }
        }
    }

    /// Saves where something differs from what is stored.
    async fn save(&self, entry: &Entry, form: &Form) -> Result<Entry, ContentError> {
        let values = changed(&entry.fields, self.values(form));
        let slug = some_text(form, "slug").filter(|it| it != entry.slug.as_str());
        let seen = form.get("revision").parse().ok().map(Revision::new);
        if values.is_empty() && slug.is_none() && seen == Some(entry.revision) {
            return Ok(entry.clone());
        }
        self.update(entry, form, self.values(form)).await
    }

    /// Saves these values.
    pub(super) async fn update(
        &self,
        entry: &Entry,
        form: &Form,
        fields: Fields,
    ) -> Result<Entry, ContentError> {
        let seen = form.get("revision").parse().ok().map(Revision::new);
        let command = UpdateEntry {
            change: ChangeEntry { seen, ..self.seen(entry) },
            slug: some_text(form, "slug").filter(|it| it != entry.slug.as_str()),
            fields,
            message: some_text(form, "message"),
        };
        let help = self.help_taken(form).await?;
        update_entry(&self.person.context(&self.state.app).with_help(&help), command).await
    }

    fn schedule(&self, form: &Form) -> Result<Schedule, Refusal> {
        let time = |name: &str| {
            let Some(text) = some_text(form, name) else { return Ok(None) };
            let time = self.visit.zone.parse_local(&text);
            let time = time.and_then(|it| Timestamp::from_millis(it).ok());
            time.map(Some).ok_or_else(|| {
                Refusal::Mistakes(vec![Mistake {
                    input: name.to_owned(),
                    label: self.visit.say(&format!("entry.{name}"), &[]),
                    text: self.visit.say("entry.bad_time", &[]),
                }])
            })
        };
        let (publish_at, unpublish_at) = (time("publish_at")?, time("unpublish_at")?);
        Ok(Schedule { publish_at, unpublish_at })
    }

    /// The form again, with what an operation refused in it. What people cannot mend in the form has a page of its own.
    async fn refused(&self, form: &Form, error: ContentError) -> Answer {
        let mistakes = match &error {
            ContentError::SlugTaken { .. } => {
                let problem = Problem::field("slug", "taken", error.to_string());
                mistakes_of(&self.visit, &self.definition, &[problem])
            }
            ContentError::Rule(EntryError::Schedule { reason, .. }) => {
                let problem = Problem::field("publish_at", "schedule", *reason);
                mistakes_of(&self.visit, &self.definition, &[problem])
            }
            _ if !error.problems().is_empty() => {
                mistakes_of(&self.visit, &self.definition, error.problems())
            }
            _ if matches!(error.kind(), FaultKind::Conflict | FaultKind::Invalid) => {
                let (input, label) = (String::new(), String::new());
                vec![Mistake { input, label, text: error.to_string() }]
            }
            _ => return Err(error.into()),
        };
        self.again(form, mistakes).await
    }

    async fn again(&self, form: &Form, mistakes: Vec<Mistake>) -> Answer {
        let draft: Draft = self.sent(form).await?;
        let page = self.page(draft, mistakes, Look::default()).await?;
        answer::page_with(&self.state, StatusCode::UNPROCESSABLE_ENTITY, &page)
    }
}

/// Whether somebody else was faster.
fn is_stale(error: &ContentError) -> bool {
    matches!(
        error,
        ContentError::Rule(EntryError::Stale { .. }) | ContentError::ChangedMeanwhile(_)
    )
}

/// The values that differ from those before.
pub(super) fn changed(before: &Fields, after: Fields) -> Fields {
    let differs = |(name, value): &(&str, &serde_json::Value)| match before.get(name) {
        Some(old) => old != *value,
        None => !value.is_null(),
    };
    after.iter().filter(differs).map(owned).collect()
}

fn owned((name, value): (&str, &serde_json::Value)) -> (String, serde_json::Value) {
    (name.to_owned(), value.clone())
}

fn some_text(form: &Form, name: &str) -> Option<String> {
    Some(form.get(name).trim().to_owned()).filter(|it| !it.is_empty())
}
