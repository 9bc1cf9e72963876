//! The call of a case, in the real host, and its outcome in the words of a case.

mod model;
mod queries;
mod route;
mod task;

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use smartcms_app::entries::{ChangeEntry, CreateEntry, create_entry, publish_entry};
use smartcms_app::ports::{
    Delivery, FilterContext, HookFailure, PluginFailure, Plugins, SaveDraft,
};
use smartcms_app::{CallChain, OpContext};
use smartcms_domain::Problem;
use smartcms_domain::actors::Actor;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Entry, EntryId, Fields, Slug};
use smartcms_domain::events::Event;
use uuid::Uuid;

use super::super::args::Point;
use super::super::case::{Case, CaseCall};
use crate::compose::Stage;
use crate::failure::fault;

/// What came of a call.
pub(super) struct Outcome {
    pub(super) time: Duration,
    /// By the words that `expect` uses.
    pub(super) result: Map<String, Value>,
}

/// The same entry in every case, so that what a plugin writes about it can be expected.
const DRAFT_ID: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
const EVENT_ID: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002);

/// Prepares the content of a case, calls the plugin, and takes down what it did.
pub(super) async fn called(stage: &Stage, case: &Case) -> anyhow::Result<Outcome> {
    for entry in &case.entries {
        let fields = entry.fields.clone();
        store(stage, &entry.collection, &entry.slug, fields, entry.published).await?;
    }
    if !case.keys.is_empty() {
        stage.keep(&case.keys).await?;
    }
    let (time, mut result) = match case.point {
        Point::Filter => filter(stage, &case.call).await?,
        Point::SaveHook => save(stage, &case.call).await?,
        Point::PublishHook => before(stage, &case.call, false).await?,
        Point::DeleteHook => before(stage, &case.call, true).await?,
        Point::Events => event(stage, &case.call).await?,
        Point::Block => queries::block(stage, &case.call).await?,
        Point::Task => task::task(stage, &case.call).await?,
        Point::Function => queries::function(stage, &case.call).await?,
        Point::Model => model::model(stage, &case.call).await?,
        Point::Route => route::route(stage, &case.call).await?,
    };
    result.insert("log".to_owned(), json!(stage.log.lines()));
    Ok(Outcome { time, result })
}

type Called = (Duration, Map<String, Value>);

async fn filter(stage: &Stage, call: &CaseCall) -> anyhow::Result<Called> {
    let collection = CollectionName::parse(&call.collection)?;
    let slug = Slug::parse(&call.slug)?;
    let entry = EntryId::new(DRAFT_ID);
    let locale = stage.app.site.locales.default();
    let context = FilterContext { entry, collection: &collection, slug: &slug, locale };
    let begun = Instant::now();
    let filtered = stage.host.filter_html(context, call.html.clone()).await;
    let time = begun.elapsed();
    let result = match filtered.failures.first() {
        Some(failure) => failed(failure),
        None => one("html", json!(filtered.html)),
    };
    Ok((time, result))
}

async fn save(stage: &Stage, call: &CaseCall) -> anyhow::Result<Called> {
    let collection = CollectionName::parse(&call.collection)?;
    let slug = Slug::parse(&call.slug)?;
    let before: Fields = call.fields.clone().into_iter().collect();
    let locale = stage.app.site.locales.default();
    let fields = before.clone();
    let draft = SaveDraft { entry: None, collection: &collection, slug: &slug, locale, fields };
    let begun = Instant::now();
    let answer = stage.host.before_save(draft, &CallChain::EMPTY).await;
    let time = begun.elapsed();
    let result = match answer {
        Ok(after) => one("fields", Value::Object(changes(&before, &after))),
        Err(failure) => refused(&failure),
    };
    Ok((time, result))
}

async fn before(stage: &Stage, call: &CaseCall, delete: bool) -> anyhow::Result<Called> {
    let entry = store(stage, &call.collection, &call.slug, call.fields.clone(), delete).await?;
    let begun = Instant::now();
    let answer = if delete {
        stage.host.before_delete(&entry, &CallChain::EMPTY).await
    } else {
        stage.host.before_publish(&entry, &CallChain::EMPTY).await
    };
    let time = begun.elapsed();
    Ok((time, answer.map_or_else(|failure| refused(&failure), |()| one("accepted", json!(true)))))
}

async fn event(stage: &Stage, call: &CaseCall) -> anyhow::Result<Called> {
    let kind = call.kind.parse()?;
    let entry = store(stage, &call.collection, &call.slug, call.fields.clone(), true).await?;
    let event = Event {
        id: EVENT_ID,
        kind,
        at: entry.updated_at,
        collection: entry.collection.clone(),
        entry: entry.id,
        revision: entry.revision,
    };
    let begun = Instant::now();
    let delivery = stage.host.deliver(&stage.id, &event).await;
    let time = begun.elapsed();
    let (word, reason) = match delivery {
        Delivery::Handled => ("handled", None),
        Delivery::Retry(reason) => ("retry", Some(reason)),
        Delivery::Unavailable(reason) => ("unavailable", Some(reason)),
        Delivery::GiveUp(reason) => ("give-up", Some(reason)),
    };
    let mut result = one("delivery", json!(word));
    result.extend(reason.map(|reason| ("reason".to_owned(), json!(reason))));
    Ok((time, result))
}

/// Stores an entry as an operator would, without any plugin.
async fn store(
    stage: &Stage,
    collection: &str,
    slug: &str,
    fields: Map<String, Value>,
    publish: bool,
) -> anyhow::Result<Entry> {
    let ctx = OpContext::new(&stage.app, &Actor::Operator);
    let command = CreateEntry {
        collection: collection.to_owned(),
        locale: None,
        translation_of: None,
        slug: Some(slug.to_owned()),
        fields: fields.into_iter().collect(),
        message: None,
    };
    let entry = create_entry(&ctx, command).await.map_err(fault)?;
    if !publish || entry.live.is_some() {
        return Ok(entry);
    }
    let seen = Some(entry.revision);
    let change = ChangeEntry { collection: collection.to_owned(), id: entry.id, seen };
    publish_entry(&ctx, change).await.map_err(fault)
}

/// The fields that are other after than before; null for one that was taken away.
fn changes(before: &Fields, after: &Fields) -> Map<String, Value> {
    let changed = after.iter().filter(|(name, value)| before.get(name) != Some(*value));
    let gone = before.names().filter(|name| after.get(name).is_none());
    let gone = gone.map(|name| (name.to_owned(), Value::Null));
    changed.map(|(name, value)| (name.to_owned(), value.clone())).chain(gone).collect()
}

fn refused(failure: &HookFailure) -> Map<String, Value> {
    match failure {
        HookFailure::Refused { problems, .. } => {
            one("problems", problems.iter().map(told).collect())
        }
        HookFailure::Failed(failure) => failed(failure),
    }
}

fn told(problem: &Problem) -> Value {
    let mut told = json!({ "code": problem.code, "message": problem.message });
    if let (Some(field), Some(told)) = (&problem.field, told.as_object_mut()) {
        told.insert("field".to_owned(), json!(field));
    }
    told
}

fn failed(failure: &PluginFailure) -> Map<String, Value> {
    let mut result = one("failure", json!(failure.kind.code()));
    result.insert("message".to_owned(), json!(failure.message));
    result
}

fn one(name: &str, value: Value) -> Map<String, Value> {
    [(name.to_owned(), value)].into_iter().collect()
}
