//! Version 0.1.0 of the contract.

pub(crate) mod bindings;
mod blocks;
pub(crate) mod content;
mod convert;
mod functions;
mod lowered_functions;
mod models;
pub(crate) mod tasks;

use async_trait::async_trait;
use smartcms_app::ports::{
    DeclaredTask, Delivery, Description, Embedding, Generation, Model, ModelError, TaskCall,
    TaskOutcome, TextEnd,
};
use smartcms_domain::entries::{Entry, Fields};
use smartcms_domain::events::Event;
use tokio::sync::mpsc::Sender;
use wasmtime::Store;
use wasmtime::component::InstancePre;

use self::bindings::events::exports::smartcms::plugin::events as wit_events;
use self::bindings::filters::exports::smartcms::plugin::filters as wit_filters;
use self::bindings::save::exports::smartcms::plugin::before_save as wit_save;
use self::bindings::tasks::TaskRunnerPre;
use self::bindings::{delete, events, filters, publish, save};
use super::{
    AskedBlock, Contract, Draft, FormAtOnce, HtmlOf, Library, LibraryAtOnce, LibraryModule,
    ListedBlock, Point, Verdict,
};
use crate::state::GuestState;

/// A plugin of this version, pre-linked at each point where it takes part.
pub(crate) struct Plugin {
    save: Option<save::SaveHookPre<GuestState>>,
    publish: Option<publish::PublishHookPre<GuestState>>,
    delete: Option<delete::DeleteHookPre<GuestState>>,
    events: Option<events::EventListenerPre<GuestState>>,
    filters: Option<filters::HtmlFilterPre<GuestState>>,
    blocks: Option<bindings::blocks::BlockRendererPre<GuestState>>,
    functions: Option<bindings::functions::FunctionLibraryPre<GuestState>>,
    tasks: Option<TaskRunnerPre<GuestState>>,
    models: Option<bindings::models::ModelProviderPre<GuestState>>,
}

impl Plugin {
    /// Looks the exports up; one that is there with other types than the contract's is an error.
    pub(crate) fn bind(pre: &InstancePre<GuestState>) -> wasmtime::Result<Self> {
        let exports = |name: &str| pre.component().get_export_index(None, name).is_some();
        let at = |name: &str| exports(name).then(|| pre.clone());
        Ok(Self {
            save: at("smartcms:plugin/before-save@0.1.0")
                .map(save::SaveHookPre::new)
                .transpose()?,
            publish: at("smartcms:plugin/before-publish@0.1.0")
                .map(publish::PublishHookPre::new)
                .transpose()?,
            delete: at("smartcms:plugin/before-delete@0.1.0")
                .map(delete::DeleteHookPre::new)
                .transpose()?,
            events: at("smartcms:plugin/events@0.1.0")
                .map(events::EventListenerPre::new)
                .transpose()?,
            filters: at("smartcms:plugin/filters@0.1.0")
                .map(filters::HtmlFilterPre::new)
                .transpose()?,
            blocks: at("smartcms:plugin/blocks@0.1.0")
                .map(bindings::blocks::BlockRendererPre::new)
                .transpose()?,
            functions: at("smartcms:plugin/functions@0.1.0")
                .map(bindings::functions::FunctionLibraryPre::new)
                .transpose()?,
            tasks: at("smartcms:plugin/tasks@0.1.0").map(TaskRunnerPre::new).transpose()?,
            models: at("smartcms:plugin/ai-provider@0.1.0")
                .map(bindings::models::ModelProviderPre::new)
                .transpose()?,
        })
    }
}

#[async_trait]
impl Contract for Plugin {
    fn takes_part(&self, point: Point) -> bool {
        match point {
            Point::BeforeSave => self.save.is_some(),
            Point::BeforePublish => self.publish.is_some(),
            Point::BeforeDelete => self.delete.is_some(),
            Point::Events => self.events.is_some(),
            Point::Filters => self.filters.is_some(),
            Point::Blocks => self.blocks.is_some(),
            Point::Functions => self.functions.is_some(),
            Point::Tasks => self.tasks.is_some(),
            Point::Models => self.models.is_some(),
            Point::Routes => false,
        }
    }

    async fn before_save(
        &self,
        store: &mut Store<GuestState>,
        draft: Draft,
    ) -> wasmtime::Result<Verdict<Fields>> {
        let Some(pre) = &self.save else { return Ok(Ok(Fields::default())) };
        let draft = wit_save::Draft {
            entry: draft.entry.map(|it| it.to_string()),
            collection: draft.collection.to_string(),
            slug: draft.slug.to_string(),
            fields: convert::fields_out(&draft.fields),
            locale: draft.locale.to_string(),
        };
        let plugin = pre.instantiate_async(&mut *store).await?;
        let answer = plugin.smartcms_plugin_before_save().call_before_save(store, &draft).await?;
        Ok(match answer {
            Ok(fields) => convert::fields_in(fields),
            Err(problems) => Err(convert::problems_in(problems)),
        })
    }

    async fn before_publish(
        &self,
        store: &mut Store<GuestState>,
        entry: &Entry,
    ) -> wasmtime::Result<Verdict<()>> {
        let Some(pre) = &self.publish else { return Ok(Ok(())) };
        let entry = convert::newest_out(entry);
        let plugin = pre.instantiate_async(&mut *store).await?;
        let answer =
            plugin.smartcms_plugin_before_publish().call_before_publish(store, &entry).await?;
        Ok(answer.map_err(convert::problems_in))
    }

    async fn before_delete(
        &self,
        store: &mut Store<GuestState>,
        entry: &Entry,
    ) -> wasmtime::Result<Verdict<()>> {
        let Some(pre) = &self.delete else { return Ok(Ok(())) };
        let entry = convert::newest_out(entry);
        let plugin = pre.instantiate_async(&mut *store).await?;
        let answer =
            plugin.smartcms_plugin_before_delete().call_before_delete(store, &entry).await?;
        Ok(answer.map_err(convert::problems_in))
    }

    async fn on_event(
        &self,
        store: &mut Store<GuestState>,
        event: &Event,
    ) -> wasmtime::Result<Delivery> {
        let Some(pre) = &self.events else { return Ok(Delivery::Handled) };
        let event = wit_events::Event {
            id: event.id.to_string(),
            kind: event.kind.name().to_owned(),
            at: event.at.to_string(),
            collection: event.collection.to_string(),
            entry: event.entry.to_string(),
            revision: event.revision.number(),
        };
        let plugin = pre.instantiate_async(&mut *store).await?;
        let answer = plugin.smartcms_plugin_events().call_on_event(store, &event).await?;
        Ok(match answer {
            Ok(()) => Delivery::Handled,
            Err(wit_events::EventError::Retry(reason)) => Delivery::Retry(reason),
            Err(wit_events::EventError::GiveUp(reason)) => Delivery::GiveUp(reason),
        })
    }

    async fn block_kinds(
        &self,
        store: &mut Store<GuestState>,
    ) -> wasmtime::Result<Vec<ListedBlock>> {
        let Some(pre) = &self.blocks else { return Ok(Vec::new()) };
        blocks::kinds(pre, store).await
    }

    async fn render_block(
        &self,
        store: &mut Store<GuestState>,
        block: &AskedBlock,
    ) -> wasmtime::Result<Result<String, String>> {
        let Some(pre) = &self.blocks else { return Ok(Err("it brings no blocks".to_owned())) };
        blocks::render(pre, store, block).await
    }

    async fn models(
        &self,
        store: &mut Store<GuestState>,
    ) -> wasmtime::Result<Result<Vec<Model>, ModelError>> {
        models::Provider::of(self.models.as_ref(), store).await?.models(store).await
    }

    async fn generate(
        &self,
        store: &mut Store<GuestState>,
        request: Generation,
        pieces: Sender<String>,
    ) -> wasmtime::Result<Result<TextEnd, ModelError>> {
        let provider = models::Provider::of(self.models.as_ref(), store).await?;
        provider.generate(store, request, pieces).await
    }

    async fn embed(
        &self,
        store: &mut Store<GuestState>,
        request: Embedding,
    ) -> wasmtime::Result<Result<Vec<Vec<f32>>, ModelError>> {
        models::Provider::of(self.models.as_ref(), store).await?.embed(store, request).await
    }

    async fn describe(
        &self,
        store: &mut Store<GuestState>,
        request: Description,
    ) -> wasmtime::Result<Result<String, ModelError>> {
        models::Provider::of(self.models.as_ref(), store).await?.describe(store, request).await
    }

    async fn library(&self, store: &mut Store<GuestState>) -> wasmtime::Result<Box<dyn Library>> {
        let Some(pre) = &self.functions else {
            return Err(wasmtime::Error::msg("it brings no functions"));
        };
        Ok(Box::new(pre.instantiate_async(store).await?))
    }

    fn library_at_once(
        &self,
        linked: &FormAtOnce,
        store: &mut Store<GuestState>,
    ) -> wasmtime::Result<Box<dyn LibraryAtOnce>> {
        Ok(match linked {
            FormAtOnce::Component(linked) => Box::new(functions::AtOnce::new(linked, store)?),
            FormAtOnce::Module(module) => {
                Box::new(lowered_functions::InModule::new(module, store)?)
            }
        })
    }

    fn library_module<'a>(&self, component: &'a [u8]) -> Option<LibraryModule<'a>> {
        lowered_functions::module(component)
    }

    async fn filter_html(
        &self,
        store: &mut Store<GuestState>,
        of: &HtmlOf,
        html: &str,
    ) -> wasmtime::Result<Result<String, String>> {
        let Some(pre) = &self.filters else { return Ok(Ok(html.to_owned())) };
        let context = wit_filters::FilterContext {
            entry: of.entry.to_string(),
            collection: of.collection.to_string(),
            slug: of.slug.to_string(),
            locale: of.locale.to_string(),
        };
        let plugin = pre.instantiate_async(&mut *store).await?;
        plugin.smartcms_plugin_filters().call_filter_html(store, &context, html).await
    }

    async fn tasks(&self, store: &mut Store<GuestState>) -> wasmtime::Result<Vec<DeclaredTask>> {
        match &self.tasks {
            Some(pre) => tasks::list(pre, store).await,
            None => Ok(Vec::new()),
        }
    }

    async fn run_task(
        &self,
        store: &mut Store<GuestState>,
        call: TaskCall,
    ) -> wasmtime::Result<TaskOutcome> {
        match &self.tasks {
            Some(pre) => tasks::run(pre, store, call).await,
            None => Ok(TaskOutcome::Failed("it has no tasks".to_owned())),
        }
    }
}
