//! What fields point to: what is chosen, and what was looked for.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use serde_json::Value;
use smartcms_app::assets::{ListAssets, get_asset, list_assets};
use smartcms_app::entries::{ListEntries, View, get_entry, list_entries};
use smartcms_app::ports::{Listing, SearchMode};
use smartcms_app::search::{SearchContent, search_content};
use smartcms_domain::collections::{FieldDefinition, FieldKind};
use smartcms_domain::entries::Entry;
use smartcms_pages::admin::{PickOption, PickerPage, PickerPart};

use super::super::answer::{self, Answer, query};
use super::super::list::{Pairs, title_of};
use super::super::media::card;
use super::super::person::Person;
use super::super::visit::Visit;
use crate::state::AppState;

/// How many things are shown that can be chosen.
const FOUND: u32 = 12;
/// What stands for the files in the address of a search.
const MEDIA: &str = "media";
/// What stands for the entries of every collection.
pub(in super::super) const ANYWHERE: &str = "*";
/// The most labels that are read for one form.
const LABELS_MAX: usize = 300;

/// Who looks for something to point to.
#[derive(Clone, Copy)]
pub(in super::super) struct Picking<'a> {
    pub(in super::super) state: &'a AppState,
    pub(in super::super) visit: &'a Visit,
    pub(in super::super) person: &'a Person,
}

/// What entries and files are called, by where they are and their ids.
#[derive(Default)]
pub(super) struct Labels(BTreeMap<(String, String), PickOption>);

/// What was looked for with a button of a form.
#[derive(Default)]
pub(super) struct Look {
    /// The name of the picker.
    pub(super) name: String,
    /// The words.
    pub(super) query: String,
    /// What was found.
    pub(super) options: Vec<PickOption>,
}

/// `GET /admin/pick/{collection}`: what was found, for a script that puts it into a form.
pub(in super::super) async fn pick(
    State(state): State<AppState>,
    visit: Visit,
    person: Person,
    Path(target): Path<String>,
    Query(pairs): Pairs,
) -> Answer {
    let value = |name: &str| {
        let found = pairs.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.to_owned()).unwrap_or_default()
    };
    let name = value("name");
    let words = pairs.iter().find(|(it, _)| it.starts_with("look."));
    let words = words.map(|(_, it)| it.trim().to_owned()).unwrap_or_default();
    let picking = Picking { state: &state, visit: &visit, person: &person };
    let options = picking.find(&target, &words).await;
    let picker = PickerPart {
        many: value("many") == "true",
        is_media: target == MEDIA,
        chosen: Vec::new(),
        query: words,
        found_nothing: options.is_empty(),
        options,
        search_url: String::new(),
        name,
    };
    let frame = visit.frame(&state, String::new());
    answer::page(&state, &PickerPage { frame, picker })
}

/// Where a field looks for what it points to: a collection, or the files. `None` for fields that point to nothing.
pub(super) fn target_of(kind: &FieldKind) -> Option<(&str, bool)> {
    match kind {
        FieldKind::Relation(it) => Some((it.to.as_str(), it.many)),
        FieldKind::Asset => Some((MEDIA, false)),
        FieldKind::Assets => Some((MEDIA, true)),
        _ => None,
    }
}

/// The ids that a value has.
pub(super) fn ids_of(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(id)) if !id.is_empty() => vec![id.as_str()],
        Some(Value::Array(ids)) => ids.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

impl Picking<'_> {
    /// What has these words; without words the newest. What may not be seen is not found.
    pub(in super::super) async fn find(&self, target: &str, words: &str) -> Vec<PickOption> {
        if target == MEDIA {
            return self.find_assets(words).await;
        }
        let ctx = self.person.context(&self.state.app);
        let entries: Vec<Entry> = if words.is_empty() {
            self.newest(target).await
        } else {
            let query = SearchContent {
                text: words.to_owned(),
                mode: SearchMode::Text,
                collections: Some(target.to_owned())
                    .filter(|it| it != ANYWHERE)
                    .into_iter()
                    .collect(),
                locale: None,
                view: View::Newest,
                limit: FOUND,
                after: 0,
            };
            let found = search_content(&ctx, query).await.map(|it| it.hits).unwrap_or_default();
            found.into_iter().map(|it| it.entry).collect()
        };
        let option = |it: &Entry| match target {
            ANYWHERE => self.option_of_any(it),
            _ => self.option(it),
        };
        entries.iter().filter_map(option).collect()
    }

    /// The newest entries of a collection, or of each that has pages.
    async fn newest(&self, target: &str) -> Vec<Entry> {
        let ctx = self.person.context(&self.state.app);
        let all = self.state.app.collections.all();
        let targets: Vec<&str> = match target {
            ANYWHERE => {
                all.iter().filter(|it| it.url.is_some()).map(|it| it.name.as_str()).collect()
            }
            only => vec![only],
        };
        let each = FOUND / u32::try_from(targets.len().clamp(1, 6)).unwrap_or(1);
        let mut entries = Vec::new();
        for target in targets {
            let query = ListEntries::first(target, Listing::Newest(None), each);
            entries
                .extend(list_entries(&ctx, query).await.into_iter().flat_map(|it| it.page.entries));
        }
        entries.truncate(FOUND as usize);
        entries
    }

    /// An entry among those of other collections: it says of which it is.
    pub(in super::super) fn option_of_any(&self, entry: &Entry) -> Option<PickOption> {
        let definition = self.state.app.collections.get(&entry.collection)?;
        let option = self.option(entry)?;
        let notes = [definition.label_one.as_str(), option.note.as_str()];
        let note = notes.iter().filter(|it| !it.is_empty()).copied().collect::<Vec<_>>().join(", ");
        Some(PickOption { note, ..option })
    }

    async fn find_assets(&self, words: &str) -> Vec<PickOption> {
        let search = Some(words.to_owned()).filter(|it| !it.is_empty());
        let asked = ListAssets { media_type: None, search, limit: FOUND, after: None };
        let found = list_assets(&self.person.context(&self.state.app), asked).await;
        let assets = found.map(|it| it.assets).unwrap_or_default();
        assets.iter().map(|it| self.asset_option(it)).collect()
    }

    fn option(&self, entry: &Entry) -> Option<PickOption> {
        let definition = self.state.app.collections.get(&entry.collection)?;
        let label = title_of(self.visit, &definition, &entry.fields);
        let status = entry.status();
        let is_public = entry.live.is_some();
        let note = self.visit.say(&format!("status.{}", status.name()), &[]);
        let note = if is_public { String::new() } else { note };
        let (value, image) = (entry.id.to_string(), String::new());
        Some(PickOption { value, label, note, image, selected: false })
    }

    fn asset_option(&self, asset: &smartcms_domain::assets::Asset) -> PickOption {
        let card = card(&self.state.app, asset);
        let (value, label, image) = (card.id, card.name, card.image);
        PickOption { value, label, note: card.note, image, selected: false }
    }

    /// What the things are called that these values point to.
    pub(super) async fn labels<'a>(
        &self,
        fields: impl Iterator<Item = (&'a FieldDefinition, Option<&'a Value>)>,
    ) -> Labels {
        let mut wanted = Vec::new();
        fields.for_each(|(field, value)| pointed(field, value, &mut wanted));
        let mut labels = Labels::default();
        for (target, id) in wanted.into_iter().take(LABELS_MAX) {
            let key = (target.to_owned(), id.to_owned());
            if labels.0.contains_key(&key) {
                continue;
            }
            let ctx = self.person.context(&self.state.app);
            let found = if target == MEDIA {
                get_asset(&ctx, id).await.ok().map(|it| self.asset_option(&it))
            } else {
                let entry = get_entry(&ctx, target, id, View::Newest).await.ok();
                entry.and_then(|it| self.option(&it))
            };
            let gone = || PickOption {
                value: id.to_owned(),
                label: self.visit.say("pick.gone", &[]),
                ..PickOption::default()
            };
            labels.0.insert(key, found.unwrap_or_else(gone));
        }
        labels
    }
}

/// Where a value points, with what is in groups and rows.
fn pointed<'a>(
    field: &'a FieldDefinition,
    value: Option<&'a Value>,
    wanted: &mut Vec<(&'a str, &'a str)>,
) {
    if let Some((target, _)) = target_of(&field.kind) {
        wanted.extend(ids_of(value).into_iter().map(|id| (target, id)));
    }
    let objects = match value {
        Some(Value::Array(rows)) => rows.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    for inner in field.kind.inner_fields() {
        for object in objects {
            pointed(inner, object.get(inner.name.as_str()), wanted);
        }
    }
}

impl Labels {
    /// The picker of a field.
    pub(super) fn picker(
        &self,
        (target, many): (&str, bool),
        name: &str,
        value: Option<&Value>,
        look: &Look,
    ) -> PickerPart {
        let ids = ids_of(value);
        let option = |id: &&str| {
            let key = (target.to_owned(), (*id).to_owned());
            let found = self.0.get(&key).cloned();
            let found = found
                .unwrap_or_else(|| PickOption { value: (*id).to_owned(), ..PickOption::default() });
            PickOption { selected: true, ..found }
        };
        let asked = look.name == name;
        let is_new = |it: &&PickOption| !ids.contains(&it.value.as_str());
        let options: Vec<PickOption> = match asked {
            true => look.options.iter().filter(is_new).cloned().collect(),
            false => Vec::new(),
        };
        let pairs = [("name", name), ("many", if many { "true" } else { "" })];
        PickerPart {
            name: name.to_owned(),
            many,
            is_media: target == MEDIA,
            chosen: ids.iter().map(option).collect(),
            query: if asked { look.query.clone() } else { String::new() },
            found_nothing: asked && options.is_empty(),
            options,
            search_url: format!("/admin/pick/{target}{}", query(&pairs)),
        }
    }
}
