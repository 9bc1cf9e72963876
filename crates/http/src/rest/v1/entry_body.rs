//! What an entry looks like to a client.

use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;
use smartcms_app::App;
use smartcms_app::entries::{Along, Included, View};
use smartcms_domain::entries::{Editing, Entry, Fields, Revision};
use smartcms_pages::urls;

use super::assets::body::AssetBody;
use super::autosave::EditingBody;
use crate::caller::Caller;
use crate::preconditions::entity_tag;
use crate::reply::{self, JSON};

/// An entry in one of its states.
#[derive(Serialize)]
pub(crate) struct EntryBody<'a> {
    id: String,
    collection: &'a str,
    locale: &'a str,
    /// The same for all translations of the entry.
    group: String,
    slug: &'a str,
    status: &'static str,
    revision: u64,
    fields: &'a Fields,
    /// The public page; null while there is none.
    url: Option<String>,
    created_at: String,
    updated_at: String,
    /// When the entry was first published.
    published_at: Option<String>,
    /// Only in the newest state: readers learn nothing of drafts.
    #[serde(skip_serializing_if = "Option::is_none")]
    has_newer_draft: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trashed_at: Option<String>,
    /// When the newest state becomes public by itself. Only in the newest state.
    #[serde(skip_serializing_if = "Option::is_none")]
    publish_at: Option<String>,
    /// When the entry leaves the site by itself. Only in the newest state.
    #[serde(skip_serializing_if = "Option::is_none")]
    unpublish_at: Option<String>,
    /// What it points to, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    included: Option<Vec<Self>>,
    /// Who else is changing it now. Only of one entry, in the newest state.
    #[serde(skip_serializing_if = "Option::is_none")]
    editing: Option<Vec<EditingBody<'a>>>,
}

/// An answer with the files that come along.
#[derive(Serialize)]
pub(crate) struct WithAssets<'a, T> {
    #[serde(flatten)]
    body: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    included_assets: Option<Vec<AssetBody<'a>>>,
}

impl<'a, T> WithAssets<'a, T> {
    /// An answer as this caller sees it.
    pub(crate) fn new(app: &App, caller: &Caller, body: T, along: &'a Along) -> Self {
        let assets = along.assets.as_deref();
        let included_assets = assets.map(|it| AssetBody::of_included(app, caller, it));
        Self { body, included_assets }
    }
}

/// Which state of an entry a client sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// What readers see. An entry that is not public shows its newest state.
    Published,
    /// The newest.
    Newest,
}

impl<'a> EntryBody<'a> {
    /// An entry in this state.
    pub(crate) fn new(app: &App, entry: &'a Entry, state: State) -> Self {
        let live = entry.live.as_ref();
        let url = live.and_then(|live| {
            let definition = app.collections.get(&entry.collection)?;
            Some(urls::absolute(
                &app.site.base_url,
                &definition.path(&app.site.locales, &entry.locale, &live.slug)?,
            ))
        });
        let newest = Self {
            id: entry.id.to_string(),
            collection: entry.collection.as_str(),
            locale: entry.locale.as_str(),
            group: entry.group.to_string(),
            slug: entry.slug.as_str(),
            status: if entry.trashed_at.is_some() { "trashed" } else { entry.status().name() },
            revision: entry.revision.number(),
            fields: &entry.fields,
            url,
            created_at: entry.created_at.to_string(),
            updated_at: entry.updated_at.to_string(),
            published_at: entry.first_published_at.map(|it| it.to_string()),
            has_newer_draft: Some(entry.has_newer_draft()),
            trashed_at: entry.trashed_at.map(|it| it.to_string()),
            publish_at: entry.schedule.publish_at.map(|it| it.to_string()),
            unpublish_at: entry.schedule.unpublish_at.map(|it| it.to_string()),
            included: None,
            editing: None,
        };
        match live.filter(|_| state == State::Published) {
            None => newest,
            Some(live) => Self {
                slug: live.slug.as_str(),
                revision: live.revision.number(),
                fields: &live.fields,
                updated_at: live.published_at.to_string(),
                has_newer_draft: None,
                publish_at: None,
                unpublish_at: None,
                ..newest
            },
        }
    }
}

impl<'a> EntryBody<'a> {
    /// Entries that come along.
    pub(crate) fn of_included(app: &App, included: &'a [Included]) -> Vec<Self> {
        let state = |view| if view == View::Published { State::Published } else { State::Newest };
        included.iter().map(|it| Self::new(app, &it.entry, state(it.view))).collect()
    }

    /// The same with those who are changing it now.
    pub(crate) fn with_editing(self, editing: Option<&'a [Editing]>) -> Self {
        Self { editing: editing.map(EditingBody::of), ..self }
    }

    /// The same with what it points to.
    pub(crate) fn with_included(self, included: Option<Vec<Self>>) -> Self {
        Self { included, ..self }
    }
}

/// The revision that a state has.
pub(crate) fn revision_of(entry: &Entry, state: State) -> Revision {
    let live = entry.live.as_ref().filter(|_| state == State::Published);
    live.map_or(entry.revision, |it| it.revision)
}

/// The tag of a state.
pub(crate) fn tag_of(entry: &Entry, state: State) -> HeaderValue {
    entity_tag(revision_of(entry, state))
}

/// Answers a change with the entry's newest state.
pub(crate) fn changed(app: &App, status: StatusCode, entry: &Entry) -> Response {
    let response = reply::json(status, JSON, &EntryBody::new(app, entry, State::Newest));
    reply::tagged(response, tag_of(entry, State::Newest), false)
}
