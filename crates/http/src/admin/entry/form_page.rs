//! The page with the form of an entry.

use serde_json::Value;
use smartcms_app::entries::{ContentError, preview_token};
use smartcms_domain::Timestamp;
use smartcms_domain::actors::Permission;
use smartcms_domain::collections::{CollectionDefinition, FieldDefinition, FieldKind};
use smartcms_domain::entries::Entry;
use smartcms_pages::admin::{
    AsideLink, ComputedValue, EntryFormPage, FormField, Mistake, PublishBox, SeoBox, Translation,
};

use super::super::answer::query;
use super::super::failure::AdminError;
use super::super::list::{entry_url, title_of};
use super::controls::Controls;
use super::draft::{Desk, Draft};
use super::help::offered as help_offered;
use super::pick::{Look, Picking};
use super::values::{PREFIX, written};

/// The fields that hold the sentence for search engines, the likeliest first.
const DESCRIPTIONS: [&str; 4] = ["excerpt", "description", "summary", "teaser"];

impl Desk {
    /// The form with these values.
    pub(super) async fn page(
        &self,
        draft: Draft,
        mistakes: Vec<Mistake>,
        look: Look,
    ) -> Result<EntryFormPage, AdminError> {
        let fields = written(&self.person.actor, &self.definition, self.author());
        let fields: Vec<_> = fields.collect();
        let picking = Picking { state: &self.state, visit: &self.visit, person: &self.person };
        let pointing = fields.iter().map(|it| (*it, draft.fields.get(it.name.as_str())));
        let labels = picking.labels(pointing).await;
        let controls = Controls {
            labels: &labels,
            look: &look,
            mistakes: &mistakes,
            zone: &self.visit.zone,
            several_languages: self.state.app.site.locales.iter().nth(1).is_some(),
        };
        let help = help_offered(&self.state, &self.person).await?;
        let tasks = help.as_ref().map(|(_, tasks)| tasks.as_slice()).unwrap_or_default();
        let shown = fields.iter().map(|it| FormField {
            help_tasks: self.tasks_for(it, tasks),
            ..controls.field(it, draft.fields.get(it.name.as_str()))
        });
        let fields = shown.collect();
        let url = self.url();
        let id = self.entry.as_ref().map(|it| it.id.to_string()).unwrap_or_default();
        let (preview_url, shared_url) = self.previews()?;
        let permission = if id.is_empty() { Permission::Create } else { Permission::Update };
        let path = self.definition.name.to_string();
        Ok(EntryFormPage {
            frame: self.frame(&draft),
            autosave_url: if id.is_empty() { String::new() } else { format!("{url}/autosave") },
            links: self.links(),
            translations: self.translations().await?,
            publish: self.life(&draft),
            seo: self.seo(&draft),
            read_only: !self.person.actor.may_some(permission, &self.definition.name),
            locale: self.locale.to_string(),
            direction: smartcms_pages::direction(&self.locale),
            translation_of: self.translation_of.map(|it| it.to_string()).unwrap_or_default(),
            collection: path.clone(),
            label_one: self.definition.label_one.clone(),
            action: if id.is_empty() { format!("/admin/content/{path}/new") } else { url },
            revision: draft.revision,
            slug: draft.slug,
            message: draft.message,
            suggestions: draft.suggestions,
            editing: draft.editing,
            kept_at: draft.kept_at,
            is_stale: draft.is_stale,
            id,
            has_editor: written(&self.person.actor, &self.definition, self.author())
                .any(|it| holds_long_text(&it.kind)),
            help: help.map(|(shown, _)| shown),
            computed: self.computed(),
            mistakes,
            fields,
            preview_url,
            shared_url,
        })
    }

    fn frame(&self, draft: &Draft) -> smartcms_pages::admin::Frame {
        let title = match &self.entry {
            Some(_) => title_of(&self.visit, &self.definition, &draft.fields),
            None => self.visit.say("entry.title_new", &[("label", &self.definition.label_one)]),
        };
        let list = format!("/admin/content/{}", self.definition.name);
        self.visit.frame_below(&self.state, title, &[(&self.definition.label, &list)])
    }

    fn life(&self, draft: &Draft) -> PublishBox {
        let may = |permission| self.person.actor.may(permission, &self.definition.name);
        let entry = self.entry.as_ref();
        let live = entry.and_then(|it| it.live.as_ref());
        let locales = &self.state.app.site.locales;
        let live_url = live.and_then(|it| self.definition.path(locales, &self.locale, &it.slug));
        PublishBox {
            status: entry.map(|it| it.status().name()).unwrap_or_default(),
            has_newer_draft: entry.is_some_and(Entry::has_newer_draft),
            drafts: self.definition.drafts,
            may_publish: may(Permission::Publish),
            may_delete: may(Permission::Delete),
            publish_at: draft.publish_at.clone(),
            unpublish_at: draft.unpublish_at.clone(),
            live_url: live_url.unwrap_or_default(),
            updated_at: entry.map_or(0, |it| it.updated_at.as_millis()),
            published_at: entry
                .and_then(|it| it.first_published_at)
                .map_or(0, Timestamp::as_millis),
        }
    }

    /// The page beside the text, and the signed address for others; both empty where the entry has no page.
    fn previews(&self) -> Result<(String, String), ContentError> {
        let Some(entry) = self.entry.as_ref().filter(|_| self.definition.url.is_some()) else {
            return Ok((String::new(), String::new()));
        };
        let token = preview_token(&self.person.context(&self.state.app), entry)?;
        Ok((format!("{}/preview", self.url()), format!("/preview/{token}")))
    }

    /// The computed values of the saved state, as far as this person sees them.
    fn computed(&self) -> Vec<ComputedValue> {
        let Some(entry) = &self.entry else { return Vec::new() };
        let shown = |field: &FieldDefinition| {
            let value = match entry.fields.get(field.name.as_str())? {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            Some(ComputedValue { label: field.label.clone(), value })
        };
        self.definition.fields.iter().filter(|it| it.computed.is_some()).filter_map(shown).collect()
    }

    fn links(&self) -> Vec<AsideLink> {
        if self.entry.is_none() {
            return Vec::new();
        }
        let url = format!("{}/revisions", self.url());
        vec![AsideLink { text: "entry.history", url, icon: "clock" }]
    }

    fn seo(&self, draft: &Draft) -> Option<SeoBox> {
        let app = &self.state.app;
        let slug = smartcms_domain::entries::Slug::parse("x").ok()?;
        let path = self.definition.path(&app.site.locales, &self.locale, &slug)?;
        let description = description_field(&self.definition);
        let text = |name: &str| draft.fields.text(name).unwrap_or_default().to_owned();
        Some(SeoBox {
            address: format!("{}{}", app.site.base_url, path.trim_end_matches('x')),
            title: text(self.definition.title.as_str()),
            description: description.map(text).unwrap_or_default(),
            title_input: format!("{PREFIX}{}", self.definition.title),
            description_input: description.map(|it| format!("{PREFIX}{it}")).unwrap_or_default(),
        })
    }

    async fn translations(&self) -> Result<Vec<Translation>, ContentError> {
        let locales = &self.state.app.site.locales;
        let Some(entry) = self.entry.as_ref().filter(|_| locales.iter().nth(1).is_some()) else {
            return Ok(Vec::new());
        };
        let ctx = self.person.context(&self.state.app);
        let found = smartcms_app::entries::list_translations(&ctx, entry).await?;
        let new = format!("/admin/content/{}/new", self.definition.name);
        let id = entry.id.to_string();
        let shown = |locale: &smartcms_domain::locales::Locale| {
            let there = found.iter().find(|it| it.locale == *locale);
            let begin = || {
                let pairs = [("locale", locale.as_str()), ("translation_of", id.as_str())];
                format!("{new}{}", query(&pairs))
            };
            Translation {
                locale: locale.to_string(),
                label: smartcms_pages::language_name(locale.as_str()),
                url: there.map_or_else(begin, entry_url),
                status: there.map(|it| it.status().name()).unwrap_or_default(),
                is_current: there.is_some_and(|it| it.id == entry.id),
            }
        };
        Ok(locales.iter().map(shown).collect())
    }
}

/// Whether a field, or one inside of it, has an editor for long text.
fn holds_long_text(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::RichText | FieldKind::Markdown)
        || kind.inner_fields().iter().any(|it| holds_long_text(&it.kind))
}

pub(super) fn description_field(definition: &CollectionDefinition) -> Option<&str> {
    let is_text = |it: &&&str| {
        let field = definition.field(it);
        field.is_some_and(|it| matches!(it.kind, FieldKind::Text | FieldKind::LongText))
    };
    DESCRIPTIONS.iter().find(is_text).copied()
}
