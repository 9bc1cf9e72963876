//! The port of the application: calls each plugin that takes part, in the order of the plugins' ids.
//!
//! A call begins and ends here, with no limit of time: a plugin is a part of the program, and one that traps ends it.

use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use serde_json::Value;
use smartcms_app::CallChain;
use smartcms_app::ports::{
    BlockCheck, BlockPlace, Delivery, Digest, FilterContext, Filtered, FunctionCalls,
    FunctionError, HookFailure, PluginBlockKind, PluginCondition, PluginFailure, PluginFailureKind,
    PluginMeasures, PluginReport, PluginRequest, PluginResponse, Plugins, RouteError, SaveDraft,
    ShownBlock,
};
use smartcms_app::rendering::sanitise_html;
use smartcms_domain::actors::Actor;
use smartcms_domain::blocks::PluginBlockName;
use smartcms_domain::entries::{Entry, Fields};
use smartcms_domain::events::Event;
use smartcms_domain::plugins::PluginId;

use super::blocks::KnownBlocks;
use super::convert::{entry_out, fields_in, fields_out, problems_in, quoted};
use super::functions::Caller;
use super::{HTTP, ListedPlugin, SitePlugins, TRUSTED_HTML, sorted};
use crate::host_interfaces::smartcms::portable::plugins as wit;
use crate::log::level;

/// The plugins that were composed in, configured with their settings, and the variables that are none of theirs.
pub(crate) fn composed(
    variables: Vec<(String, String)>,
) -> Result<(Vec<(String, String)>, SitePlugins), String> {
    let mut listed = wit::list().into_iter().map(listed).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<&str> = listed.iter().map(|it| it.id.as_str()).collect();
    let (others, settings) = sorted(variables, &ids)?;
    for (place, (plugin, settings)) in (0..).zip(listed.iter_mut().zip(settings)) {
        plugin.settings = settings;
        let texts = plugin.settings.iter().map(|(name, value)| (name.clone(), text_of(value)));
        wit::configure(place, plugin.id.as_str(), least_level(), &texts.collect::<Vec<_>>());
    }
    let called = (0..).zip(&listed).map(|(place, plugin)| Called::of(place, plugin)).collect();
    Ok((others, SitePlugins { listed, calls: std::sync::Arc::new(Composed(called)) }))
}

fn listed(plugin: wit::Plugin) -> Result<ListedPlugin, String> {
    let wit::Plugin { id, name, version, description, digest, points, grants } = plugin;
    let unusable = || format!("the plugin {id} was composed in with a digest that is none");
    Ok(ListedPlugin {
        digest: Digest::parse(&digest).ok_or_else(unusable)?,
        id: PluginId::parse(&id).map_err(|error| error.to_string())?,
        name,
        version,
        description,
        points,
        grants,
        settings: serde_json::Map::new(),
    })
}

/// Texts as they are, everything else as JSON.
fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The least important level of lines that are told, as the contract counts them.
fn least_level() -> u8 {
    match level() {
        tracing::Level::TRACE => 0,
        tracing::Level::DEBUG => 1,
        tracing::Level::INFO => 2,
        tracing::Level::WARN => 3,
        tracing::Level::ERROR => 4,
    }
}

/// A plugin that is called.
pub(super) struct Called {
    /// Its place in the list.
    pub(super) place: u32,
    pub(super) id: PluginId,
    points: Vec<String>,
    pub(super) is_trusted: bool,
    /// Whether it reaches nothing that can be another thing tomorrow.
    pub(super) is_repeatable: bool,
    pub(super) blocks: KnownBlocks,
    calls: AtomicU64,
}

impl Called {
    fn of(place: u32, plugin: &ListedPlugin) -> Self {
        Self {
            place,
            id: plugin.id.clone(),
            points: plugin.points.clone(),
            is_trusted: plugin.holds(TRUSTED_HTML),
            is_repeatable: !plugin.holds(HTTP),
            blocks: KnownBlocks::default(),
            calls: AtomicU64::new(0),
        }
    }

    /// To be asked before a call.
    pub(super) fn count(&self) -> u32 {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.place
    }

    pub(super) fn takes_part(&self, point: &str) -> bool {
        self.points.iter().any(|it| it == point)
    }

    /// A plugin's own refusal.
    pub(super) fn declined(&self, what: &str, reason: &str) -> PluginFailure {
        let message = format!("{what}: {}", quoted(reason));
        tracing::warn!(plugin.id = %self.id, "the plugin {message}");
        PluginFailure { plugin: self.id.clone(), kind: PluginFailureKind::Trapped, message }
    }

    pub(super) fn unusable(&self, what: &str) -> PluginFailure {
        let (plugin, kind) = (self.id.clone(), PluginFailureKind::Unusable);
        PluginFailure { plugin, kind, message: what.to_owned() }
    }

    fn verdict<T>(
        &self,
        answer: Result<T, Vec<smartcms_domain::Problem>>,
    ) -> Result<T, HookFailure> {
        answer.map_err(|problems| HookFailure::Refused { plugin: self.id.clone(), problems })
    }
}

struct Composed(Vec<Called>);

impl Composed {
    fn at<'a>(&'a self, point: &'a str) -> impl Iterator<Item = &'a Called> {
        self.0.iter().filter(move |it| it.takes_part(point))
    }

    fn ids(&self, point: &str) -> Vec<PluginId> {
        self.at(point).map(|it| it.id.clone()).collect()
    }

    fn of_block(&self, name: &PluginBlockName) -> Option<&Called> {
        self.at("blocks").find(|it| it.id.as_str() == name.plugin())
    }
}

#[async_trait]
impl Plugins for Composed {
    async fn before_save(
        &self,
        draft: SaveDraft<'_>,
        _: &CallChain,
    ) -> Result<Fields, HookFailure> {
        let mut fields = draft.fields;
        for plugin in self.at("before-save") {
            let draft = wit::Draft {
                entry: draft.entry.map(|it| it.to_string()),
                collection: draft.collection.to_string(),
                slug: draft.slug.to_string(),
                fields: fields_out(&fields),
                locale: draft.locale.to_string(),
            };
            let answer = wit::before_save(plugin.count(), &draft);
            let changes = answer.map_err(problems_in).and_then(fields_in);
            fields = fields.with(plugin.verdict(changes)?);
        }
        Ok(fields)
    }

    async fn before_publish(&self, entry: &Entry, _: &CallChain) -> Result<(), HookFailure> {
        for plugin in self.at("before-publish") {
            let answer = wit::before_publish(plugin.count(), &entry_out(entry));
            plugin.verdict(answer.map_err(problems_in))?;
        }
        Ok(())
    }

    async fn before_delete(&self, entry: &Entry, _: &CallChain) -> Result<(), HookFailure> {
        for plugin in self.at("before-delete") {
            let answer = wit::before_delete(plugin.count(), &entry_out(entry));
            plugin.verdict(answer.map_err(problems_in))?;
        }
        Ok(())
    }

    async fn filter_html(&self, context: FilterContext<'_>, html: String) -> Filtered {
        let mut filtered = Filtered { html, failures: Vec::new(), repeatable: true };
        let context = wit::FilterContext {
            entry: context.entry.to_string(),
            collection: context.collection.to_string(),
            slug: context.slug.to_string(),
            locale: context.locale.to_string(),
        };
        for plugin in self.at("filters") {
            filtered.repeatable &= plugin.is_repeatable;
            match wit::filter_html(plugin.count(), &context, &filtered.html) {
                Ok(html) if plugin.is_trusted => filtered.html = html,
                Ok(html) => filtered.html = sanitise_html(&html),
                Err(reason) => {
                    let failure = plugin.declined("left the text as it was", &reason);
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
        match self.of_block(name) {
            Some(plugin) => super::blocks::render(plugin, name, data, place),
            None => Ok(None),
        }
    }

    async fn check_block(&self, name: &PluginBlockName, data: &Value) -> BlockCheck {
        match self.of_block(name) {
            Some(plugin) => super::blocks::check(plugin, name, data),
            None => {
                let name = name.as_str();
                BlockCheck::Unknown(format!("no plugin of this site brings the block {name}"))
            }
        }
    }

    async fn block_kinds(&self) -> Vec<PluginBlockKind> {
        let kinds = self.at("blocks").filter_map(|it| super::blocks::kinds(it).ok());
        kinds.flatten().cloned().collect()
    }

    async fn functions(&self, plugin: &PluginId) -> Result<Box<dyn FunctionCalls>, FunctionError> {
        let found = self.at("functions").find(|it| it.id == *plugin);
        let Some(found) = found else {
            let ids = self.ids("functions");
            return Err(super::functions::unknown(
                plugin,
                "at all",
                ids.iter().map(PluginId::as_str),
            ));
        };
        Ok(Box::new(Caller::open(found)?))
    }

    fn function_libraries(&self) -> Vec<PluginId> {
        self.ids("functions")
    }

    fn end_with_process(&self) -> bool {
        true
    }

    fn listeners(&self) -> Vec<PluginId> {
        self.ids("events")
    }

    async fn deliver(&self, plugin: &PluginId, event: &Event) -> Delivery {
        let Some(plugin) = self.at("events").find(|it| it.id == *plugin) else {
            return Delivery::Unavailable(format!("plugin {plugin} is no part of this site"));
        };
        let event = wit::Event {
            id: event.id.to_string(),
            kind: event.kind.name().to_owned(),
            at: event.at.to_string(),
            collection: event.collection.to_string(),
            entry: event.entry.to_string(),
            revision: event.revision.number(),
        };
        match wit::on_event(plugin.count(), &event) {
            Ok(()) => Delivery::Handled,
            Err(wit::EventError::Retry(reason)) => Delivery::Retry(reason),
            Err(wit::EventError::GiveUp(reason)) => Delivery::GiveUp(reason),
        }
    }

    fn reports(&self) -> Vec<PluginReport> {
        let report = |it: &Called| PluginReport {
            plugin: it.id.clone(),
            condition: PluginCondition::Ready,
            measures: PluginMeasures {
                calls: it.calls.load(Ordering::Relaxed),
                ..PluginMeasures::default()
            },
        };
        self.0.iter().map(report).collect()
    }

    async fn route(
        &self,
        _: &PluginId,
        _: &Actor,
        _: PluginRequest,
    ) -> Result<PluginResponse, RouteError> {
        Err(RouteError::NoRoute)
    }
}
