//! Entries that are there already: left as they are, but for media that could not be copied before.

use serde_json::{Value, json};
use smartcms_app::entries::{ChangeEntry, ContentError, UpdateEntry, publish_entry, update_entry};
use smartcms_domain::collections::FieldKind;
use smartcms_domain::entries::{Entry, EntryId, Fields};

use super::fields::KEPT_PICTURE;
use super::links::Markup;
use super::parts::Import;
use super::shape::{META, PICTURE, Shape};
use super::tally::Tally;
use crate::item::ImportedEntry;
use crate::note::{Note, NoteKind};

impl Import {
    /// Counts an entry that is there, and mends what its import could not finish.
    pub(super) async fn present(
        &self,
        id: EntryId,
        shape: &Shape,
        entry: &ImportedEntry,
        tally: &mut Tally,
    ) -> Result<(), ContentError> {
        let collection = shape.definition.name.to_string();
        tally.count(&collection).present += 1;
        let found = self.site.ctx().app.entries.find(id).await?;
        let Some(stored) = found.filter(|it| it.trashed_at.is_none() && it.archived_at.is_none())
        else {
            return Ok(());
        };
        if self.media_store.is_none() {
            return Ok(());
        }
        let changes = self.mended(shape, &stored, entry, tally).await;
        if changes.is_empty() {
            return Ok(());
        }
        match self.save(stored, changes).await {
            Ok(()) => {
                let count = tally.count(&collection);
                count.present = count.present.saturating_sub(1);
                count.mended += 1;
                Ok(())
            }
            Err(error @ (ContentError::Store(_) | ContentError::Denied(_))) => Err(error),
            Err(error) => {
                let message =
                    format!("its media are here now, but it could not be changed: {error}");
                tally.note(Note::new(NoteKind::MediaFailed, &entry.place, &entry.title, message));
                Ok(())
            }
        }
    }

    /// Values in which media are shown from the site that were shown from elsewhere.
    async fn mended(
        &self,
        shape: &Shape,
        stored: &Entry,
        entry: &ImportedEntry,
        tally: &mut Tally,
    ) -> Fields {
        let mut changes = Fields::default();
        let body =
            shape.definition.body.as_ref().and_then(|it| shape.definition.field(it.as_str()));
        if let Some(field) = body
            && let Some(value) = stored.fields.get(field.name.as_str())
        {
            let mended = match (&field.kind, value) {
                (FieldKind::Markdown, Value::String(text)) => {
                    self.mended_text(text, entry, tally).await.map(Value::String)
                }
                (FieldKind::RichText, document) => self.mended_blocks(document, entry, tally).await,
                _ => None,
            };
            if let Some(mended) = mended {
                changes.set(field.name.as_str(), mended);
            }
        }
        let places = (shape.field_of(PICTURE, &["asset"]), shape.field_of(META, &["json"]));
        if let (Some(field), Some(data)) = places
            && stored.fields.get(field.name.as_str()).is_none()
            && let Some(Value::Object(mut kept)) = stored.fields.get(data.name.as_str()).cloned()
            && let Some(Value::String(url)) = kept.remove(KEPT_PICTURE)
            && let Some(medium) = self.store_medium(&url, entry, tally).await
        {
            changes.set(field.name.as_str(), json!(medium.id));
            changes.set(data.name.as_str(), Value::Object(kept));
        }
        changes
    }

    async fn mended_text(
        &self,
        text: &str,
        entry: &ImportedEntry,
        tally: &mut Tally,
    ) -> Option<String> {
        if !self.store_shown(text, Markup::Markdown, entry, tally).await {
            return None;
        }
        let mended = self.with_stored_media(text, Markup::Markdown, entry);
        (mended != text).then_some(mended)
    }

    /// The addresses of blocks stand in their values: as HTML they are found like those of any text.
    async fn mended_blocks(
        &self,
        document: &Value,
        entry: &ImportedEntry,
        tally: &mut Tally,
    ) -> Option<Value> {
        let mut mended = document.clone();
        let mut open = vec![&mut mended];
        let mut is_changed = false;
        while let Some(value) = open.pop() {
            match value {
                Value::Array(values) => open.extend(values.iter_mut()),
                Value::Object(map) => {
                    for (name, value) in map.iter_mut() {
                        let Value::String(text) = value else {
                            open.push(value);
                            continue;
                        };
                        if matches!(name.as_str(), "url" | "href")
                            && let Some(medium) = self.store_medium(text, entry, tally).await
                        {
                            *text = medium.url;
                            is_changed = true;
                        }
                    }
                }
                _ => {}
            }
        }
        is_changed.then_some(mended)
    }

    /// A new revision; public where the entry was, unless somebody works on a newer draft.
    async fn save(&self, stored: Entry, fields: Fields) -> Result<(), ContentError> {
        let ctx = self.site.ctx();
        let is_public = stored.live.is_some() && !stored.has_newer_draft();
        let change = |seen| ChangeEntry {
            collection: stored.collection.to_string(),
            id: stored.id,
            seen: Some(seen),
        };
        let message = Some("media that were missing when it was imported".to_owned());
        let command = UpdateEntry { change: change(stored.revision), slug: None, fields, message };
        let saved = update_entry(&ctx, command).await?;
        if is_public && saved.live.as_ref().is_some_and(|it| it.revision != saved.revision) {
            publish_entry(&ctx, change(saved.revision)).await?;
        }
        Ok(())
    }
}
