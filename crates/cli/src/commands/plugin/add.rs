//! `smartcms plugin add`: from a file or a registry into the site.

use std::path::Path;

use anyhow::Context;
use bytes::Bytes;
use smartcms_app::App;
use smartcms_app::events::begin_listening;
use smartcms_app::plugins::{AddPlugin, add_plugin};
use smartcms_app::ports::PluginRecord;
use smartcms_plugin_host::{COMPONENT_BYTES_MAX, Inspection, to_component, with_manifest};

use super::super::{read_at_most, say};
use super::source::Source;
use super::{by_operator, inspect, pins, plugin_id, registry};
use crate::args::{AddArgs, Folders};
use crate::compose::plugin_loader;
use crate::failure::{Failure, exit, fault};

/// The longest version, in bytes.
const VERSION_LEN_MAX: usize = 100;

pub(super) async fn add(app: &App, folders: &Folders, args: AddArgs) -> anyhow::Result<()> {
    let Some(typed) = args.source.as_deref() else {
        return registry::add_locked(app, folders, &args).await;
    };
    match Source::parse(typed)? {
        Source::File(path) => {
            let file = PluginFile::read(&path, Source::remark(typed))?;
            let candidate = Candidate::of_file(&path, &file, args.id.as_deref())?;
            pins::judge_file(folders, &candidate, args.consent)?;
            candidate.add(app, folders).await?;
            // A file is not in a registry: nothing could bring it back from there.
            pins::forget(folders, candidate.id.as_str())
        }
        Source::Registry(reference) => registry::add(app, folders, &reference, &args).await,
    }
}

/// Adds a file that was just built here, under the id that it says: nothing is pinned.
pub(crate) async fn add_file(app: &App, folders: &Folders, path: &Path) -> anyhow::Result<()> {
    let file = PluginFile::read(path, "")?;
    Candidate::of_file(path, &file, None)?.add(app, folders).await?;
    Ok(())
}

/// A plugin's file with what it tells.
pub(in crate::commands) struct PluginFile {
    pub(in crate::commands) bytes: Vec<u8>,
    pub(in crate::commands) inspection: Inspection,
    /// The text of the manifest beside the file.
    pub(in crate::commands) beside: Option<String>,
}

impl PluginFile {
    /// Reads a file and the plugin.toml beside it. An error gets this remark.
    pub(super) fn read(file: &Path, remark: &str) -> anyhow::Result<Self> {
        let shown = file.display();
        let bytes = read_at_most(file, COMPONENT_BYTES_MAX)
            .with_context(|| format!("could not take {shown} for a plugin{remark}"))?;
        let beside = manifest_beside(file)?;
        let inspection = smartcms_plugin_host::inspect(&bytes, beside.as_deref())
            .with_context(|| format!("could not inspect {shown}{remark}"))?;
        Ok(Self { bytes, inspection, beside })
    }
}

/// `visits.plugin.toml` beside `visits.wasm`, or `plugin.toml` in the same folder.
pub(in crate::commands) fn manifest_beside(file: &Path) -> anyhow::Result<Option<String>> {
    for path in [file.with_extension("plugin.toml"), file.with_file_name("plugin.toml")] {
        match std::fs::read_to_string(&path) {
            Ok(text) => return Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("could not read {}", path.display()));
            }
        }
    }
    Ok(None)
}

/// A component that can become a plugin: nothing of it has run.
pub(in crate::commands) struct Candidate<'a> {
    /// Where it comes from, for messages.
    pub(super) shown: String,
    pub(in crate::commands) id: smartcms_domain::plugins::PluginId,
    pub(in crate::commands) version: String,
    pub(super) bytes: &'a [u8],
    pub(super) inspection: &'a Inspection,
    /// The manifest that is not in the file.
    beside: Option<&'a str>,
}

impl<'a> Candidate<'a> {
    pub(in crate::commands) fn of_file(
        path: &Path,
        file: &'a PluginFile,
        id: Option<&str>,
    ) -> anyhow::Result<Self> {
        let stem = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
        let shown = path.display().to_string();
        let fallback = Fallback { name: stem, version: None };
        let candidate = Self::new(shown, &file.bytes, &file.inspection, id, fallback)?;
        Ok(Self { beside: file.beside.as_deref(), ..candidate })
    }

    /// Checks what can be checked before anything is stored, and finds id and version: as asked, else as the
    /// manifest says, else as whoever brought it.
    pub(super) fn new(
        shown: String,
        bytes: &'a [u8],
        inspection: &'a Inspection,
        id: Option<&str>,
        fallback: Fallback<'_>,
    ) -> anyhow::Result<Self> {
        if let Some(misfit) = inspection.misfits.first() {
            let message = format!("{shown}: {misfit}");
            let hint = "`smartcms plugin check` says what else to change";
            return Err(Failure::hinted(message, hint, exit::INVALID));
        }
        if let Some(refusal) = inspection.refused.first() {
            let message = format!("{shown} imports {}: {}", refusal.import, refusal.reason);
            let hint = "this host cannot offer that, whatever is granted; `smartcms plugin inspect` shows every import";
            return Err(Failure::hinted(message, hint, exit::INVALID));
        }
        if inspection.extension_points.is_empty() {
            let message = format!("{shown} takes part nowhere: it exports no extension point");
            let hint = format!("`smartcms run {shown}` runs any component");
            return Err(Failure::hinted(message, hint, exit::INVALID));
        }
        let manifest = inspection.manifest.as_ref();
        let id = plugin_id(id.or(manifest.map(|it| it.id.as_str())).unwrap_or(fallback.name))?;
        let version = manifest.and_then(|it| it.version.clone());
        let version = version.or(fallback.version).unwrap_or_else(|| "0.0.0".to_owned());
        if version.len() > VERSION_LEN_MAX || version.chars().any(char::is_control) {
            let message = format!("{shown} has a version that is none");
            let hint = "a version is at most 100 bytes, like 1.2.0";
            return Err(Failure::hinted(message, hint, exit::INVALID));
        }
        Ok(Self { shown, id, version, bytes, inspection, beside: None })
    }

    /// Compiles and stores it, and says what it needs.
    pub(super) async fn add(&self, app: &App, folders: &Folders) -> anyhow::Result<PluginRecord> {
        let command = AddPlugin {
            id: self.id.clone(),
            name: self.name(),
            version: self.version.clone(),
            component: self.compiled(folders).await?,
        };
        let record = add_plugin(&by_operator(app), command).await.map_err(fault)?;
        if self.inspection.extension_points.iter().any(|it| it.name == "events") {
            begin_listening(app, &record.id).await?;
        }
        say(format_args!("added {} {} ({})", record.id, record.version, record.digest));
        inspect::print_needs(self.inspection, &record);
        Ok(record)
    }

    /// The component with the manifest that lay beside it: the host and the admin find it in the component alone.
    fn with_manifest(&self, wasm: Vec<u8>) -> Vec<u8> {
        self.beside.and_then(|it| with_manifest(&wasm, it)).unwrap_or(wasm)
    }

    pub(in crate::commands) fn name(&self) -> String {
        let manifest = self.inspection.manifest.as_ref();
        manifest.and_then(|it| it.name.clone()).unwrap_or_else(|| self.id.to_string())
    }

    /// The component, compiled into the site's cache: whoever adds a plugin that cannot be compiled is told at once,
    /// and the server finds the work done.
    pub(super) async fn compiled(&self, folders: &Folders) -> anyhow::Result<Bytes> {
        let failed = || format!("could not add {}", self.shown);
        let converted = to_component(self.bytes).with_context(failed)?;
        let component = Bytes::from(self.with_manifest(converted.wasm.into_owned()));
        plugin_loader(&folders.data())?.prepare(&component).await.with_context(failed)?;
        Ok(component)
    }
}

/// What a component is called where it does not say.
pub(super) struct Fallback<'a> {
    pub(super) name: &'a str,
    pub(super) version: Option<String>,
}
