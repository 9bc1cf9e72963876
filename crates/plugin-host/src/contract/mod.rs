//! The contract's versions. Each version has a module that binds it and implements [`Contract`], so that a new
//! version is a new module and no new arm anywhere else.

pub(crate) mod v0_1;

use std::sync::Arc;

use async_trait::async_trait;
use smartcms_app::ports::{
    DeclaredTask, Delivery, Description, Embedding, Generation, Model, ModelError, Scalar,
    ScalarType, TaskCall, TaskOutcome, TextEnd,
};
use smartcms_domain::Problem;
use smartcms_domain::blocks::BlockId;
use smartcms_domain::collections::CollectionName;
use smartcms_domain::entries::{Entry, EntryId, Fields, Slug};
use smartcms_domain::events::Event;
use smartcms_domain::locales::Locale;
use tokio::sync::mpsc::Sender;
use wasmtime::Store;
use wasmtime::component::InstancePre;

use crate::lowered::{ModulePre, SoleModule};
use crate::state::GuestState;

/// Where a plugin takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Point {
    /// Before an entry is stored.
    BeforeSave,
    /// Before an entry becomes public.
    BeforePublish,
    /// Before an entry goes to the trash.
    BeforeDelete,
    /// After a change.
    Events,
    /// When HTML is shown.
    Filters,
    /// On a schedule, or started by hand.
    Tasks,
    /// Requests under `/ext/<id>/`.
    Routes,
    /// Where blocks of rich text are shown.
    Blocks,
    /// In queries.
    Functions,
    /// Where text is written and meaning measured.
    Models,
}

/// An entry that is about to be stored, as it travels into a call.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) entry: Option<EntryId>,
    pub(crate) collection: CollectionName,
    pub(crate) slug: Slug,
    pub(crate) locale: Locale,
    pub(crate) fields: Fields,
}

/// Whose HTML is filtered.
#[derive(Debug, Clone)]
pub(crate) struct HtmlOf {
    pub(crate) entry: EntryId,
    pub(crate) collection: CollectionName,
    pub(crate) slug: Slug,
    pub(crate) locale: Locale,
}

/// A kind of block as the plugin lists it, with nothing checked.
#[derive(Debug, Clone)]
pub(crate) struct ListedBlock {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) schema: String,
}

/// A block to show.
#[derive(Debug, Clone)]
pub(crate) struct AskedBlock {
    pub(crate) kind: String,
    /// One JSON text.
    pub(crate) attributes: String,
    pub(crate) entry: EntryId,
    pub(crate) collection: CollectionName,
    pub(crate) slug: Slug,
    pub(crate) locale: Locale,
    pub(crate) block: BlockId,
}

/// A function as the plugin lists it, with nothing checked.
#[derive(Debug, Clone)]
pub(crate) struct ListedFunction {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) parameters: Vec<(String, ScalarType)>,
    pub(crate) result: ScalarType,
    pub(crate) deterministic: bool,
}

/// The functions of one instance.
#[async_trait]
pub(crate) trait Library: Send + Sync {
    async fn list(&self, store: &mut Store<GuestState>) -> wasmtime::Result<Vec<ListedFunction>>;

    /// The result, or why there is none.
    async fn call(
        &self,
        store: &mut Store<GuestState>,
        function: &str,
        arguments: Vec<Scalar>,
    ) -> wasmtime::Result<Result<Scalar, String>>;
}

/// The functions of one instance that ends its calls on the thread where they begin.
pub(crate) trait LibraryAtOnce: Send {
    /// The result, or why there is none.
    fn call(
        &self,
        store: &mut Store<GuestState>,
        function: Arc<str>,
        arguments: Vec<Scalar>,
    ) -> wasmtime::Result<Result<Scalar, String>>;
}

/// The module of a component of functions, and the one that stands beside it.
pub(crate) struct LibraryModule<'a> {
    pub(crate) sole: SoleModule<'a>,
    pub(crate) beside: Vec<u8>,
}

/// Functions that are called without waiting: in a component, or in the module that is all of it.
#[derive(Clone)]
pub(crate) enum FormAtOnce {
    Component(InstancePre<GuestState>),
    Module(ModulePre),
}

/// What a hook says: it accepts, with what it gives, or refuses with its reasons.
pub(crate) type Verdict<T> = Result<T, Vec<Problem>>;

/// A plugin that is linked and can be called, whatever version of the contract it speaks.
/// Every call makes an instance in the store it is given, which must be a new one.
#[async_trait]
pub(crate) trait Contract: Send + Sync {
    /// Whether the plugin takes part here.
    fn takes_part(&self, point: Point) -> bool;

    /// The changes to the fields: null takes one away.
    async fn before_save(
        &self,
        store: &mut Store<GuestState>,
        draft: Draft,
    ) -> wasmtime::Result<Verdict<Fields>>;

    async fn before_publish(
        &self,
        store: &mut Store<GuestState>,
        entry: &Entry,
    ) -> wasmtime::Result<Verdict<()>>;

    async fn before_delete(
        &self,
        store: &mut Store<GuestState>,
        entry: &Entry,
    ) -> wasmtime::Result<Verdict<()>>;

    async fn on_event(
        &self,
        store: &mut Store<GuestState>,
        event: &Event,
    ) -> wasmtime::Result<Delivery>;

    /// The blocks that it brings.
    async fn block_kinds(
        &self,
        store: &mut Store<GuestState>,
    ) -> wasmtime::Result<Vec<ListedBlock>>;

    /// The HTML of a block, or why there is none.
    async fn render_block(
        &self,
        store: &mut Store<GuestState>,
        block: &AskedBlock,
    ) -> wasmtime::Result<Result<String, String>>;

    /// The models that it brings.
    async fn models(
        &self,
        store: &mut Store<GuestState>,
    ) -> wasmtime::Result<Result<Vec<Model>, ModelError>>;

    /// Sends each piece of a text until there is none; how it ended. A text that nobody takes any more has no end.
    async fn generate(
        &self,
        store: &mut Store<GuestState>,
        request: Generation,
        pieces: Sender<String>,
    ) -> wasmtime::Result<Result<TextEnd, ModelError>>;

    /// The vectors of texts, with nothing checked.
    async fn embed(
        &self,
        store: &mut Store<GuestState>,
        request: Embedding,
    ) -> wasmtime::Result<Result<Vec<Vec<f32>>, ModelError>>;

    /// What an image shows.
    async fn describe(
        &self,
        store: &mut Store<GuestState>,
        request: Description,
    ) -> wasmtime::Result<Result<String, ModelError>>;

    /// An instance whose functions can be called again and again in the same store.
    async fn library(&self, store: &mut Store<GuestState>) -> wasmtime::Result<Box<dyn Library>>;

    /// The same of what is linked so that nothing in it has to be awaited.
    fn library_at_once(
        &self,
        linked: &FormAtOnce,
        store: &mut Store<GuestState>,
    ) -> wasmtime::Result<Box<dyn LibraryAtOnce>>;

    /// The module of a component whose functions can be called without the rest of it, where it has one.
    fn library_module<'a>(&self, component: &'a [u8]) -> Option<LibraryModule<'a>>;

    /// The HTML to show, or why there is none.
    async fn filter_html(
        &self,
        store: &mut Store<GuestState>,
        of: &HtmlOf,
        html: &str,
    ) -> wasmtime::Result<Result<String, String>>;

    /// The tasks that the plugin tells of.
    async fn tasks(&self, store: &mut Store<GuestState>) -> wasmtime::Result<Vec<DeclaredTask>>;

    /// One stretch of a task.
    async fn run_task(
        &self,
        store: &mut Store<GuestState>,
        call: TaskCall,
    ) -> wasmtime::Result<TaskOutcome>;
}

/// Binds a linked component to the version of the contract that it speaks.
pub(crate) fn bind(pre: &InstancePre<GuestState>) -> wasmtime::Result<Arc<dyn Contract>> {
    Ok(Arc::new(v0_1::Plugin::bind(pre)?))
}
