//! The port of the application: calls each plugin that takes part, in the order of the plugins' ids.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use smartcms_app::CallChain;
use smartcms_app::ports::{
    BlockCheck, BlockPlace, DeclaredTask, Delivery, FilterContext, Filtered, FunctionCalls,
    FunctionError, HookFailure, ModelProvider, PluginBlockKind, PluginCondition, PluginFailure,
    PluginFailureKind, PluginReport, PluginRequest, PluginResponse, Plugins, RouteError, SaveDraft,
    ShownBlock, TaskCall, TaskControl, TaskOutcome,
};
use smartcms_app::rendering::sanitise_html;
use smartcms_domain::actors::Actor;
use smartcms_domain::blocks::PluginBlockName;
use smartcms_domain::entries::{Entry, Fields};
use smartcms_domain::events::Event;
use smartcms_domain::plugins::{Grant, PluginId};

use super::plugin::Plugin;
use super::{Condition, PluginHealth, PluginHost, blocks, functions, models};
use crate::budget;
use crate::contract::{Draft, HtmlOf, Point, Verdict};

#[async_trait]
impl Plugins for PluginHost {
    async fn before_save(
        &self,
        draft: SaveDraft<'_>,
        chain: &CallChain,
    ) -> Result<Fields, HookFailure> {
        let SaveDraft { entry, collection, slug, locale, mut fields } = draft;
        for plugin in taking_part(self, Point::BeforeSave, chain) {
            let (collection, slug, locale) = (collection.clone(), slug.clone(), locale.clone());
            let draft = Draft { entry, collection, slug, locale, fields: fields.clone() };
            let time = plugin.profile.limits.times.hook;
            let verdict = plugin
                .call(time, chain, move |contract, mut store| async move {
                    contract.before_save(&mut store, draft).await
                })
                .await?;
            fields = fields.with(accepted(&plugin, verdict)?);
        }
        Ok(fields)
    }

    async fn before_publish(&self, entry: &Entry, chain: &CallChain) -> Result<(), HookFailure> {
        for plugin in taking_part(self, Point::BeforePublish, chain) {
            let entry = entry.clone();
            let time = plugin.profile.limits.times.hook;
            let verdict = plugin
                .call(time, chain, move |contract, mut store| async move {
                    contract.before_publish(&mut store, &entry).await
                })
                .await?;
            accepted(&plugin, verdict)?;
        }
        Ok(())
    }

    async fn before_delete(&self, entry: &Entry, chain: &CallChain) -> Result<(), HookFailure> {
        for plugin in taking_part(self, Point::BeforeDelete, chain) {
            let entry = entry.clone();
            let time = plugin.profile.limits.times.hook;
            let verdict = plugin
                .call(time, chain, move |contract, mut store| async move {
                    contract.before_delete(&mut store, &entry).await
                })
                .await?;
            accepted(&plugin, verdict)?;
        }
        Ok(())
    }

    async fn filter_html(&self, context: FilterContext<'_>, html: String) -> Filtered {
        let mut filtered = Filtered { html, failures: Vec::new(), repeatable: true };
        for plugin in self.registry().at(Point::Filters) {
            let of = HtmlOf {
                entry: context.entry,
                collection: context.collection.clone(),
                slug: context.slug.clone(),
                locale: context.locale.clone(),
            };
            filtered.repeatable &= !reaches_what_changes(plugin);
            match filter(plugin, of, filtered.html.clone()).await {
                Ok(html) => {
                    if let Some(budget) = budget::current() {
                        budget.returned(html.len());
                    }
                    let trusted = plugin.profile.has("html:trusted");
                    filtered.html = if trusted { html } else { sanitise_html(&html) };
                }
                Err(failure) => {
                    filtered.failures.push(failure);
                    filtered.repeatable = false;
                }
            }
        }
        filtered
    }

    async fn render_block(
        &self,
        name: &PluginBlockName,
        data: &Value,
        place: BlockPlace<'_>,
    ) -> Result<Option<ShownBlock>, PluginFailure> {
        match blocks::plugin(&self.registry(), name) {
            Some(plugin) => blocks::render(plugin, name, data, place).await,
            None => Ok(None),
        }
    }

    async fn check_block(&self, name: &PluginBlockName, data: &Value) -> BlockCheck {
        blocks::check(&self.registry(), name, data).await
    }

    async fn block_kinds(&self) -> Vec<PluginBlockKind> {
        blocks::kinds(&self.registry()).await
    }

    async fn functions(&self, plugin: &PluginId) -> Result<Box<dyn FunctionCalls>, FunctionError> {
        functions::open(&self.registry(), self.loading(), plugin).await
    }

    fn function_libraries(&self) -> Vec<PluginId> {
        self.registry().at(Point::Functions).iter().map(|it| it.record.id.clone()).collect()
    }

    fn model_providers(&self) -> Vec<PluginId> {
        self.registry().at(Point::Models).iter().map(|it| it.record.id.clone()).collect()
    }

    fn model_provider(&self, plugin: &PluginId) -> Option<Arc<dyn ModelProvider>> {
        models::provider(&self.registry(), plugin)
    }

    fn listeners(&self) -> Vec<PluginId> {
        self.registry().at(Point::Events).iter().map(|it| it.record.id.clone()).collect()
    }

    async fn deliver(&self, plugin: &PluginId, event: &Event) -> Delivery {
        let registry = self.registry();
        let Some(plugin) = registry.find(plugin) else {
            return Delivery::Unavailable(format!("plugin {plugin} is not loaded"));
        };
        let (time, event) = (plugin.profile.limits.times.event, event.clone());
        let delivered = plugin
            .call(time, &CallChain::EMPTY, move |contract, mut store| async move {
                contract.on_event(&mut store, &event).await
            })
            .await;
        delivered.unwrap_or_else(|failure| match failure.kind {
            // Nothing of it ran: that says nothing of the event.
            PluginFailureKind::Unavailable
            | PluginFailureKind::Denied
            | PluginFailureKind::Unusable => Delivery::Unavailable(failure.to_string()),
            _ => Delivery::Retry(failure.to_string()),
        })
    }

    fn task_plugins(&self) -> Vec<PluginId> {
        self.registry().at(Point::Tasks).iter().map(|it| it.record.id.clone()).collect()
    }

    async fn tasks(&self, plugin: &PluginId) -> Result<Vec<DeclaredTask>, PluginFailure> {
        let registry = self.registry();
        match registry.find(plugin).filter(|it| it.takes_part(Point::Tasks)) {
            Some(plugin) => super::tasks::list(plugin).await,
            None => Ok(Vec::new()),
        }
    }

    async fn run_task(
        &self,
        plugin: &PluginId,
        call: TaskCall,
        control: Arc<dyn TaskControl>,
    ) -> Result<TaskOutcome, PluginFailure> {
        let registry = self.registry();
        let Some(plugin) = registry.find(plugin) else {
            let (plugin, kind) = (plugin.clone(), PluginFailureKind::Unavailable);
            return Err(PluginFailure { plugin, kind, message: "is not loaded".to_owned() });
        };
        super::tasks::run(plugin, call, control).await
    }

    fn reports(&self) -> Vec<PluginReport> {
        let registry = self.registry();
        registry.iter().map(super::health).zip(registry.iter()).map(report).collect()
    }

    fn resume(&self, plugin: &PluginId) {
        if let Some(plugin) = self.registry().find(plugin) {
            plugin.breaker.succeeded();
            tracing::info!(plugin.id = %plugin.record.id, "an operator resumed a plugin");
        }
    }

    async fn route(
        &self,
        plugin: &PluginId,
        actor: &Actor,
        request: PluginRequest,
    ) -> Result<PluginResponse, RouteError> {
        let registry = self.registry();
        let found = registry.find(plugin).filter(|it| it.takes_part(Point::Routes));
        let plugin = found.ok_or(RouteError::NoRoute)?;
        Ok(super::routes::answer(plugin, actor, request).await?)
    }
}

fn report((health, plugin): (PluginHealth, &Arc<Plugin>)) -> PluginReport {
    let condition = match health.condition {
        Condition::Ready => PluginCondition::Ready,
        Condition::Paused(reason) => PluginCondition::Paused(reason),
        Condition::Unusable(reason) => PluginCondition::Unusable(reason),
    };
    PluginReport { plugin: health.plugin, condition, measures: plugin.profile.meter.measures() }
}

/// The plugins that take part and are not among those whose calls led here.
fn taking_part(host: &PluginHost, point: Point, chain: &CallChain) -> Vec<Arc<Plugin>> {
    let registry = host.registry();
    registry.at(point).iter().filter(|it| !chain.contains(&it.record.id)).cloned().collect()
}

fn accepted<T>(plugin: &Plugin, verdict: Verdict<T>) -> Result<T, HookFailure> {
    verdict.map_err(|problems| HookFailure::Refused { plugin: plugin.record.id.clone(), problems })
}

/// Whether the plugin was granted anything beyond what a call hands it that can be another thing tomorrow.
pub(super) fn reaches_what_changes(plugin: &Plugin) -> bool {
    plugin.profile.grant_list().iter().any(|grant| match grant {
        // A model gives the same numbers tomorrow.
        Grant::TrustedHtml | Grant::ActorRead | Grant::Environment(_) | Grant::Model(_) => false,
        Grant::KeyValue
        | Grant::Http(_)
        | Grant::Folder(_)
        | Grant::ContentRead(_)
        | Grant::ContentWrite(_) => true,
    })
}

async fn filter(plugin: &Plugin, of: HtmlOf, html: String) -> Result<String, PluginFailure> {
    let time = plugin.profile.limits.times.filter;
    // What is on a page is for everybody, so a filter gets at content as readers do.
    let for_readers = CallChain::acting_for(Actor::Anonymous);
    let answer = plugin
        .call(time, &for_readers, move |contract, mut store| async move {
            contract.filter_html(&mut store, &of, &html).await
        })
        .await?;
    answer.map_err(|reason| declined(plugin, "left the text as it was", &reason))
}

/// A plugin's own refusal, which is no trap and counts for nothing.
pub(super) fn declined(plugin: &Plugin, what: &str, reason: &str) -> PluginFailure {
    PluginFailure {
        plugin: plugin.record.id.clone(),
        kind: PluginFailureKind::Trapped,
        message: format!("{what}: {}", quoted(reason)),
    }
}

/// A plugin's own reason as it is passed on.
pub(super) fn quoted(reason: &str) -> String {
    reason.chars().filter(|it| !it.is_control()).take(REASON_CHARS_MAX).collect()
}

/// How much of a plugin's own reason is passed on.
const REASON_CHARS_MAX: usize = 500;
