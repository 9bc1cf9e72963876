//! Two have written: theirs beside yours, and what is saved of both.

use axum::http::StatusCode;
use serde_json::Value;
use smartcms_app::entries::{ContentError, discard_working_copy, get_revision};
use smartcms_domain::entries::{Entry, Fields, Revision};
use smartcms_pages::admin::{ConflictField, ConflictPage};

use super::super::answer::{self, Answer};
use super::super::failure::AdminError;
use super::super::form::Form;
use super::super::names::Names;
use super::change::changed;
use super::controls::readable;
use super::draft::Desk;
use super::help::SUGGESTION;
use super::values::{PREFIX, written};

/// The name under which a merged form says what its author changed.
const ONLY: &str = "only";

impl Desk {
    /// The page that shows both. Fields that the person did not change are theirs without a question.
    pub(super) async fn conflict(&self, form: &Form) -> Answer {
        let entry = self.entry.as_ref().ok_or(AdminError::NotFound)?;
        let base = self.base(entry, form).await?;
        let yours = changed(&base, self.values(form));
        let fields = written(&self.person.actor, &self.definition, self.author());
        let fields = fields.filter_map(|field| {
            let name = field.name.as_str();
            let mine = yours.get(name)?;
            let theirs = entry.fields.get(name);
            let same = theirs.unwrap_or(&Value::Null) == mine;
            (!same).then(|| ConflictField {
                name: name.to_owned(),
                label: field.label.clone(),
                theirs: readable(field, theirs),
                yours: readable(field, Some(mine)),
                both: theirs != base.get(name),
            })
        });
        let fields: Vec<ConflictField> = fields.collect();
        let ctx = self.person.context(&self.state.app);
        let collection = self.definition.name.as_str();
        let newest = get_revision(&ctx, collection, entry.id, entry.revision).await?;
        let author = std::iter::once(newest.author.as_str());
        let names = Names::of(&self.state, &self.visit, author).await;
        let url = self.url();
        let title = self.visit.say("conflict.title", &[]);
        let page = ConflictPage {
            frame: self.visit.frame_below(&self.state, title, &[(&self.definition.label, &url)]),
            action: url.clone(),
            revision: entry.revision.number(),
            author: names.get(&newest.author),
            at: newest.at.as_millis(),
            kept: kept(form, &fields),
            fields,
            url,
        };
        answer::page_with(&self.state, StatusCode::CONFLICT, &page)
    }

    /// Saves what was chosen of both.
    pub(super) async fn merge(&self, entry: &Entry, form: &Form) -> Result<Entry, ContentError> {
        let mine = |name: &str| {
            form.all(ONLY).any(|it| it == name) && form.get(&format!("keep.{name}")) != "theirs"
        };
        let values = self.values(form);
        let fields = values.iter().filter(|(name, _)| mine(name));
        let fields: Fields = fields.map(|(name, value)| (name.to_owned(), value.clone())).collect();
        if fields.is_empty() && form.get("slug") == entry.slug.as_str() {
            // All of it is theirs: there is nothing to save, and the working copy has done its work.
            let ctx = self.person.context(&self.state.app);
            discard_working_copy(&ctx, self.definition.name.as_str(), entry.id).await?;
            return Ok(entry.clone());
        }
        self.update(entry, form, fields).await
    }

    /// The values that the person began with.
    async fn base(&self, entry: &Entry, form: &Form) -> Result<Fields, ContentError> {
        let seen = form.get("revision").parse().map(Revision::new).unwrap_or(entry.revision);
        let ctx = self.person.context(&self.state.app);
        match get_revision(&ctx, self.definition.name.as_str(), entry.id, seen).await {
            Ok(record) => Ok(record.fields),
            // It was dropped from the history: then everything counts as changed by both.
            Err(ContentError::UnknownRevision { .. }) => Ok(Fields::default()),
            Err(error) => Err(error),
        }
    }
}

/// What the form of the page brings back.
fn kept(form: &Form, fields: &[ConflictField]) -> Vec<(String, String)> {
    let wanted =
        |name: &str| name.starts_with(PREFIX) || matches!(name, "slug" | "message" | SUGGESTION);
    let kept = form.0.iter().filter(|(name, _)| wanted(name)).cloned();
    let only = fields.iter().map(|it| (ONLY.to_owned(), it.name.clone()));
    kept.chain(only).collect()
}
