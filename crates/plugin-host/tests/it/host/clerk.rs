//! A real plugin that reads and writes as it is told, called on its own account and for somebody.

use http_body_util::{BodyExt, Empty};
use serde_json::json;
use smartcms_app::CallChain;
use smartcms_app::OpContext;
use smartcms_app::entries::{ChangeEntry, CreateEntry, create_entry, publish_entry};
use smartcms_app::ports::{Delivery, HookFailure, PluginStore, Plugins, SaveDraft, plugin_body};
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::entries::{Entry, EntryId, Revision};
use smartcms_domain::events::{Event, EventKind};
use smartcms_testkit::builders::{at, collection, entry_id, fields, locale, plugin, slug};

use super::guest::built_case;
use super::site::Site;

/// The plugin on a site, with its grants.
pub(super) struct Clerk(pub(super) Site);

impl Clerk {
    pub(super) async fn with(grants: &[&str]) -> Self {
        Self(Site::with(&[("clerk", &built_case("clerk"), grants)]).await)
    }

    /// What it answers to a request of somebody.
    pub(super) async fn asked_by(&self, actor: &Actor, command: &str) -> String {
        let mut request = http::Request::new(plugin_body(Empty::new()));
        *request.uri_mut() = format!("/{command}").parse().unwrap();
        let response = self.0.host.route(&plugin("clerk"), actor, request).await.unwrap();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(body.to_vec()).unwrap()
    }

    /// What it does when an event comes, on its own account.
    pub(super) async fn alone(&self, command: &str) -> String {
        let found = self.0.store.find(&plugin("clerk")).await.unwrap();
        let mut record = found.unwrap();
        record.settings = json!({ "command": command }).to_string();
        self.0.store.save(record).await.unwrap();
        self.0.host.refresh().await.unwrap();
        let event = Event {
            id: *entry_id(1).as_uuid(),
            kind: EventKind::EntryCreated,
            at: at(0),
            collection: collection("posts"),
            entry: entry_id(1),
            revision: Revision::FIRST,
        };
        match self.0.host.deliver(&plugin("clerk"), &event).await {
            Delivery::GiveUp(answer) => answer,
            other => panic!("the clerk did not answer: {other:?}"),
        }
    }

    /// What its hook does while somebody saves.
    pub(super) async fn in_save_of(&self, actor: &Actor, command: &str) -> String {
        let (collection, slug, locale) = (collection("posts"), slug("a"), locale("en"));
        let fields = fields(json!({ "title": format!("do {command}") }));
        let draft = SaveDraft {
            entry: None,
            collection: &collection,
            slug: &slug,
            locale: &locale,
            fields,
        };
        let chain = CallChain::acting_for(actor.clone());
        match self.0.host.before_save(draft, &chain).await {
            Err(HookFailure::Refused { problems, .. }) => problems[0].message.clone(),
            other => panic!("the clerk did not answer: {other:?}"),
        }
    }

    /// Stores a post of the operator with a title, an excerpt and a body; its id.
    pub(super) async fn fill(site: &Site) -> EntryId {
        let ctx = OpContext::new(&site.app, &Actor::Operator);
        let values = json!({ "title": "Filled", "excerpt": "Short", "body": "Long" });
        let command = CreateEntry {
            collection: "posts".into(),
            slug: None,
            locale: None,
            translation_of: None,
            fields: fields(values),
            message: None,
        };
        create_entry(&ctx, command).await.unwrap().id
    }

    /// Stores a post of the operator.
    pub(super) async fn draft(&self, title: &str) -> Entry {
        self.0.save(title).await.unwrap()
    }

    /// Stores and publishes a post of the operator.
    pub(super) async fn published(&self, title: &str) -> Entry {
        let entry = self.draft(title).await;
        let ctx = OpContext::new(&self.0.app, &Actor::Operator);
        let change = ChangeEntry { collection: "posts".into(), id: entry.id, seen: None };
        publish_entry(&ctx, change).await.unwrap()
    }
}

pub(super) fn token(role: Role) -> Actor {
    Actor::token(role.to_string(), role)
}

/// The id of the entry that an answer shows.
pub(super) fn id_of(answer: &str) -> &str {
    answer.split(' ').next().unwrap_or_default()
}
