//! From a registered plugin to one that can be called.

use std::sync::Arc;

use smartcms_app::ports::{BlobStore, PluginRecord};
use smartcms_domain::plugins::Grant;
use wasmtime::component::Component;
use wasmtime_wasi_http::handler::ProxyPre;
use wasmtime_wasi_http::p2::bindings::ProxyPre as SecondPre;
use wasmtime_wasi_http::p3::bindings::ServicePre as ThirdPre;

use super::plugin::{Body, LinkedAtOnce, Ready};
use super::tasks::ProgramTask;
use crate::capabilities::files;
use crate::compile::{CompileError, ComponentLoader};
use crate::contract::{self, FormAtOnce, Point};
use crate::convert::to_component;
use crate::engine::PluginEngine;
use crate::error::PluginFault;
use crate::inspect::{InterfaceName, Manifest, check_contract, inspect, misfit, wanted_grants};
use crate::link::{GrantAdvice, GrantedBy, PluginSetup, Ungranted, imports_of};
use crate::lowered::ModulePre;
use crate::program::Program;
use crate::state::GuestProfile;

/// The largest file of functions that is compiled for a second engine, in bytes: language runtimes are larger, and what
/// they compute takes longer than what is spared.
const TWICE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What loading needs.
pub(crate) struct Loading<'a> {
    pub(crate) loader: &'a Arc<ComponentLoader>,
    pub(crate) blobs: &'a dyn BlobStore,
}

impl Loading<'_> {
    /// Loads a plugin; whatever is wrong with it is kept for whoever calls it.
    pub(crate) async fn load(&self, record: &PluginRecord, profile: &GuestProfile) -> Body {
        match self.component(record).await {
            Ok(component) => match self.ready_or_told(record, profile, &component).await {
                Ok(mut ready) => {
                    if let Some(program) = &mut ready.program
                        && let Some(manifest) = self.manifest(record).await
                    {
                        program.told(&manifest);
                    }
                    Body::Ready(ready)
                }
                Err(fault) => {
                    let engine = self.loader.engine().wasmtime();
                    let exports = component.component_type();
                    let points =
                        exports.exports(engine).filter_map(|(name, _)| point(name)).collect();
                    Body::Unusable { fault, points }
                }
            },
            Err(fault) => Body::Unusable { points: self.points(record).await, fault },
        }
    }

    async fn component(&self, record: &PluginRecord) -> Result<Component, PluginFault> {
        let (loader, digest) =
            (Arc::clone(self.loader), blake3::Hash::from_bytes(*record.digest.as_bytes()));
        // Checking and mapping a compiled file is work for a thread that may block.
        let cached = tokio::task::spawn_blocking(move || loader.cached(&digest)).await;
        if let Ok(Some(component)) = cached {
            return Ok(component);
        }
        let file = self.file(record).await?;
        let converted =
            to_component(&file).map_err(|error| PluginFault::Host(error.to_string()))?;
        check_contract(&converted.wasm)?;
        Ok(self.loader.component(&converted.wasm).await?)
    }

    /// What the file says of itself; nothing where that cannot be read.
    async fn manifest(&self, record: &PluginRecord) -> Option<Manifest> {
        let file = self.file(record).await.ok()?;
        inspect(&file, None).ok()?.manifest
    }

    async fn file(&self, record: &PluginRecord) -> Result<bytes::Bytes, PluginFault> {
        let found = self.blobs.get(&record.digest).await;
        let found =
            found.map_err(|error| PluginFault::Host(format!("{error}: {}", error.source)))?;
        found.ok_or_else(|| {
            PluginFault::Host(format!("the file with the digest {} is gone", record.digest))
        })
    }

    /// The same as [`Self::ready`], and who lacks a grant is told the one that the author asks for: it stands in the file,
    /// which is read for nobody else.
    async fn ready_or_told(
        &self,
        record: &PluginRecord,
        profile: &GuestProfile,
        component: &Component,
    ) -> Result<Ready, PluginFault> {
        match self.ready(record, profile, component, &[]) {
            Err(PluginFault::Denied { .. }) => {
                let file = self.file(record).await;
                let wanted = file.map(|it| wanted_grants(&it)).unwrap_or_default();
                self.ready(record, profile, component, &wanted)
            }
            other => other,
        }
    }

    /// Checks the grants, then links: nothing of the plugin has run until here.
    fn ready(
        &self,
        record: &PluginRecord,
        profile: &GuestProfile,
        component: &Component,
        wanted: &[Grant],
    ) -> Result<Ready, PluginFault> {
        let engine = self.loader.engine().wasmtime();
        let exports = component.component_type();
        if let Some(fault) = exports.exports(engine).find_map(|(name, _)| misfit(name)) {
            return Err(fault);
        }
        let imports = imports_of(engine, component);
        let advice = GrantAdvice { by: GrantedBy::Command(record.id.as_str()), wanted };
        let names = imports.iter().map(String::as_str);
        let setup = PluginSetup::check(names, &record.grants, Ungranted::Refuse, advice)?;
        check_folders(profile)?;
        let pre = setup.link(engine, component)?;
        let misfit = |error: wasmtime::Error| {
            PluginFault::Host(format!("its exports do not fit: {error:#}"))
        };
        let contract = contract::bind(&pre).map_err(misfit)?;
        let program = match contract.takes_part(Point::Tasks) {
            true => None,
            false => Program::of(engine, &pre).map_err(misfit)?.map(ProgramTask::new),
        };
        let start = pre.clone();
        let exports = |name: &str| {
            component.component_type().exports(engine).any(|(it, _)| it.starts_with(name))
        };
        let routes = if exports("wasi:http/handler@0.3.") {
            Some(ProxyPre::P3(ThirdPre::new(pre).map_err(misfit)?))
        } else if exports("wasi:http/incoming-handler@0.2.") {
            Some(ProxyPre::P2(SecondPre::new(pre).map_err(misfit)?))
        } else {
            None
        };
        let impure = imports.into_iter().find(|it| !is_pure(it));
        let is_library = impure.is_none() && contract.takes_part(Point::Functions);
        let linked = is_library.then(|| setup.link_at_once(engine, component)).flatten();
        let at_once = linked.map(|linked| LinkedAtOnce {
            engine: self.loader.engine().clone(),
            linked: FormAtOnce::Component(linked),
        });
        Ok(Ready { contract, routes, program, impure, at_once, start, setup })
    }

    /// The functions of a plugin in the engine that calls them the quickest: compiled for it once more, where that is
    /// little work.
    pub(super) async fn at_once(
        &self,
        record: &PluginRecord,
        ready: &Ready,
    ) -> Option<LinkedAtOnce> {
        let usual = ready.at_once.as_ref()?;
        let again = async {
            let file = self.file(record).await.ok().filter(|it| it.len() <= TWICE_BYTES_MAX)?;
            let engine = self.loader.at_once()?.clone();
            let converted = to_component(&file).ok()?;
            let linked = self.linked_in(&engine, ready, &converted.wasm).await;
            let linked = linked
                .inspect_err(|error| tracing::warn!(plugin.id = %record.id, %error, "functions of plugin {} stay in the usual engine", record.id))
                .ok()??;
            Some(LinkedAtOnce { engine, linked })
        };
        Some(again.await.unwrap_or_else(|| usual.clone()))
    }

    /// Functions in another engine than the usual one: their module, where a component is no more than that.
    async fn linked_in(
        &self,
        engine: &PluginEngine,
        ready: &Ready,
        component: &[u8],
    ) -> Result<Option<FormAtOnce>, CompileError> {
        let Some(library) = ready.contract.library_module(component) else {
            let component = self.loader.component_in(engine, component).await?;
            let linked = ready.setup.link_at_once(engine.wasmtime(), &component);
            return Ok(linked.map(FormAtOnce::Component));
        };
        let guest = self.loader.module_in(engine, library.sole.wasm).await?;
        let beside = self.loader.module_in(engine, &library.beside).await?;
        let module = ModulePre::new(engine.wasmtime(), &guest, beside, library.sole.exports);
        Ok(module.map(FormAtOnce::Module).ok())
    }

    /// Where a plugin that cannot be compiled would take part, as its file says.
    async fn points(&self, record: &PluginRecord) -> Vec<Point> {
        let Ok(file) = self.file(record).await else { return UNKNOWN.to_vec() };
        match inspect(&file, None) {
            Ok(inspection) => inspection.exports.iter().filter_map(|it| point(it)).collect(),
            Err(_) => UNKNOWN.to_vec(),
        }
    }
}

/// A file that cannot be read may have had any hook, and hooks fail closed.
const UNKNOWN: [Point; 3] = [Point::BeforeSave, Point::BeforePublish, Point::BeforeDelete];

fn point(export: &str) -> Option<Point> {
    let (name, version) = export.split_once('@')?;
    match name {
        "smartcms:plugin/before-save" => Some(Point::BeforeSave),
        "smartcms:plugin/before-publish" => Some(Point::BeforePublish),
        "smartcms:plugin/before-delete" => Some(Point::BeforeDelete),
        "smartcms:plugin/events" => Some(Point::Events),
        "smartcms:plugin/filters" => Some(Point::Filters),
        "smartcms:plugin/blocks" => Some(Point::Blocks),
        "smartcms:plugin/functions" => Some(Point::Functions),
        "smartcms:plugin/tasks" => Some(Point::Tasks),
        "smartcms:plugin/ai-provider" => Some(Point::Models),
        "wasi:cli/run" if ["0.2.", "0.3."].iter().any(|it| version.starts_with(it)) => {
            Some(Point::Tasks)
        }
        "wasi:http/incoming-handler" if version.starts_with("0.2.") => Some(Point::Routes),
        "wasi:http/handler" if version.starts_with("0.3.") => Some(Point::Routes),
        _ => None,
    }
}

/// Whether a function may import this: nothing that is another thing tomorrow but the clock and chance. Language runtimes
/// import folders and variables whether they use them or not; functions find nothing there.
fn is_pure(import: &str) -> bool {
    let package = InterfaceName::parse(import).package;
    let types = ["smartcms:content/types@", "smartcms:plugin/"];
    ["wasi:clocks", "wasi:random", "wasi:io", "wasi:cli", "wasi:logging", "wasi:filesystem"]
        .contains(&package)
        || types.iter().any(|it| import.starts_with(it))
}

fn check_folders(profile: &GuestProfile) -> Result<(), PluginFault> {
    let services = &profile.services;
    let checked = files::check(
        profile.grant_list().iter(),
        &services.folder_root,
        &services.protected_folders,
    );
    checked.map_err(|error| PluginFault::Host(error.to_string()))
}
