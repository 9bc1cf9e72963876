//! The running plugins, as operations and pages see them.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use serde_json::Value;
use smartcms_domain::Problem;
use smartcms_domain::actors::Actor;
use smartcms_domain::blocks::PluginBlockName;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Entry, EntryId, Fields, Slug};
use smartcms_domain::events::Event;
use smartcms_domain::locales::Locale;
use smartcms_domain::plugins::PluginId;

use super::ModelProvider;
use super::{BlockCheck, BlockPlace, FunctionCalls, FunctionError, PluginBlockKind, ShownBlock};
use super::{DeclaredTask, PluginReport, TaskCall, TaskControl, TaskOutcome};
use crate::CallChain;

/// A body that comes in pieces.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;
/// A request to a plugin's route: the path and query are those after `/ext/<id>`.
pub type PluginRequest = http::Request<UnsyncBoxBody<Bytes, BodyError>>;
/// What a plugin's route answers.
pub type PluginResponse = http::Response<UnsyncBoxBody<Bytes, BodyError>>;

/// Makes a body for [`PluginRequest`] and [`PluginResponse`].
pub fn plugin_body<B>(body: B) -> UnsyncBoxBody<Bytes, BodyError>
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BodyError>,
{
    body.map_err(Into::into).boxed_unsync()
}

/// The plugins of a site. An implementation calls each plugin that takes part, in the order of their ids,
/// and none that is in the chain of the call.
#[async_trait]
pub trait Plugins: Send + Sync {
    /// Lets plugins check and change an entry before it is stored: the fields to store.
    async fn before_save(
        &self,
        draft: SaveDraft<'_>,
        chain: &CallChain,
    ) -> Result<Fields, HookFailure>;

    /// Lets plugins refuse a publication.
    async fn before_publish(&self, entry: &Entry, chain: &CallChain) -> Result<(), HookFailure>;

    /// Lets plugins refuse that an entry goes to the trash.
    async fn before_delete(&self, entry: &Entry, chain: &CallChain) -> Result<(), HookFailure>;

    /// Lets plugins change the HTML of an entry. What comes back is safe to show: the HTML of a plugin
    /// without `html:trusted` was sanitised. A plugin that fails is left out.
    async fn filter_html(&self, context: FilterContext<'_>, html: String) -> Filtered;

    /// Lets a plugin show a block of rich text; `None` where no plugin that is used brings it.
    async fn render_block(
        &self,
        _name: &PluginBlockName,
        _data: &Value,
        _place: BlockPlace<'_>,
    ) -> Result<Option<ShownBlock>, PluginFailure> {
        Ok(None)
    }

    /// Holds the data of a block against what its plugin takes.
    async fn check_block(&self, name: &PluginBlockName, _data: &Value) -> BlockCheck {
        BlockCheck::Unknown(format!("no plugin that is used brings the block {name}"))
    }

    /// The blocks that plugins bring, by type. A plugin that fails brings none.
    async fn block_kinds(&self) -> Vec<PluginBlockKind> {
        Vec::new()
    }

    /// The functions of a plugin for one caller.
    async fn functions(&self, plugin: &PluginId) -> Result<Box<dyn FunctionCalls>, FunctionError> {
        let (plugin, function) = (plugin.clone(), "whatever".to_owned());
        Err(FunctionError::Unknown { plugin, function, hint: String::new() })
    }

    /// The plugins that bring functions.
    fn function_libraries(&self) -> Vec<PluginId> {
        Vec::new()
    }

    /// The plugins that bring models.
    fn model_providers(&self) -> Vec<PluginId> {
        Vec::new()
    }

    /// The models of a plugin; `None` where it brings none.
    fn model_provider(&self, _plugin: &PluginId) -> Option<Arc<dyn ModelProvider>> {
        None
    }

    /// The plugins that listen to events.
    fn listeners(&self) -> Vec<PluginId>;

    /// Whether a plugin that traps ends this process, so that what is tried has to be stored before.
    fn end_with_process(&self) -> bool {
        false
    }

    /// Tells one plugin of one event.
    async fn deliver(&self, plugin: &PluginId, event: &Event) -> Delivery;

    /// The plugins that have tasks; none where tasks are not run.
    fn task_plugins(&self) -> Vec<PluginId> {
        Vec::new()
    }

    /// The tasks of a plugin, as it tells of them. Cheap: the plugin is asked once.
    async fn tasks(&self, _plugin: &PluginId) -> Result<Vec<DeclaredTask>, PluginFailure> {
        Ok(Vec::new())
    }

    /// Runs one stretch of a task.
    async fn run_task(
        &self,
        plugin: &PluginId,
        _call: TaskCall,
        _control: Arc<dyn TaskControl>,
    ) -> Result<TaskOutcome, PluginFailure> {
        let message = "cannot be called: no plugins run here".to_owned();
        Err(PluginFailure { plugin: plugin.clone(), kind: PluginFailureKind::Unavailable, message })
    }

    /// How every plugin of this process is, and what it did so far.
    fn reports(&self) -> Vec<PluginReport> {
        Vec::new()
    }

    /// Calls a paused plugin again, at once.
    fn resume(&self, _plugin: &PluginId) {}

    /// Lets a plugin answer a request.
    async fn route(
        &self,
        plugin: &PluginId,
        actor: &Actor,
        request: PluginRequest,
    ) -> Result<PluginResponse, RouteError>;
}

/// An entry that is about to be stored.
#[derive(Debug, Clone)]
pub struct SaveDraft<'a> {
    /// `None` while the entry is new.
    pub entry: Option<EntryId>,
    /// Its collection.
    pub collection: &'a CollectionName,
    /// Its slug.
    pub slug: &'a Slug,
    /// Its language.
    pub locale: &'a Locale,
    /// Its values.
    pub fields: Fields,
}

/// Whose HTML is filtered.
#[derive(Debug, Clone, Copy)]
pub struct FilterContext<'a> {
    /// The entry.
    pub entry: EntryId,
    /// Its collection.
    pub collection: &'a CollectionName,
    /// Its public slug.
    pub slug: &'a Slug,
    /// Its language.
    pub locale: &'a Locale,
}

/// HTML after the filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filtered {
    /// What to show.
    pub html: String,
    /// The plugins that were left out.
    pub failures: Vec<PluginFailure>,
    /// Whether the same HTML would come again: nothing failed, and no filter could reach anything that changes
    /// (content, keys, other hosts, folders). Only then may a page be kept.
    pub repeatable: bool,
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The plugin handled the event.
    Handled,
    /// It should be told again later.
    Retry(String),
    /// It could not be told now: it is busy, paused, or lacks a grant. That says nothing of the event.
    Unavailable(String),
    /// It should not be told again.
    GiveUp(String),
}

/// Why a hook stopped an operation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HookFailure {
    /// The plugin refused, and said why.
    #[error("plugin {plugin} refused the change")]
    Refused {
        /// Which one.
        plugin: PluginId,
        /// Its reasons.
        problems: Vec<Problem>,
    },
    /// The plugin failed; hooks fail closed.
    #[error(transparent)]
    Failed(#[from] PluginFailure),
}

/// A call of a plugin that gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("plugin {plugin} {message}")]
pub struct PluginFailure {
    /// Which one.
    pub plugin: PluginId,
    /// What kind of failure.
    pub kind: PluginFailureKind,
    /// What happened, after the plugin's name: "passed its limit of 500 ms (hook)".
    pub message: String,
}

/// The kinds of failures of plugins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PluginFailureKind {
    /// It passed its time.
    TimedOut,
    /// It passed a limit other than time.
    Limit,
    /// It ended in a trap.
    Trapped,
    /// It needs a grant it does not have.
    Denied,
    /// Too many of its calls are under way, or it is paused after repeated failures.
    Unavailable,
    /// It cannot be loaded: broken, or made for another contract.
    Unusable,
}

impl PluginFailureKind {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::TimedOut => "plugin.timed-out",
            Self::Limit => "plugin.limit",
            Self::Trapped => "plugin.trapped",
            Self::Denied => "plugin.denied",
            Self::Unavailable => "plugin.unavailable",
            Self::Unusable => "plugin.unusable",
        }
    }
}

/// Why a route gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// There is no such plugin, it is not enabled, or it has no routes.
    #[error("no plugin answers here")]
    NoRoute,
    /// The plugin failed.
    #[error(transparent)]
    Failed(#[from] PluginFailure),
}

/// No plugins at all.
pub struct NoPlugins;

#[async_trait]
impl Plugins for NoPlugins {
    async fn before_save(
        &self,
        draft: SaveDraft<'_>,
        _: &CallChain,
    ) -> Result<Fields, HookFailure> {
        Ok(draft.fields)
    }

    async fn before_publish(&self, _: &Entry, _: &CallChain) -> Result<(), HookFailure> {
        Ok(())
    }

    async fn before_delete(&self, _: &Entry, _: &CallChain) -> Result<(), HookFailure> {
        Ok(())
    }

    async fn filter_html(&self, _: FilterContext<'_>, html: String) -> Filtered {
        Filtered { html, failures: Vec::new(), repeatable: true }
    }

    fn listeners(&self) -> Vec<PluginId> {
        Vec::new()
    }

    async fn deliver(&self, _: &PluginId, _: &Event) -> Delivery {
        Delivery::Handled
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
