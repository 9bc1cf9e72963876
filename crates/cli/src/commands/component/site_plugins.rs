//! Plugins that are composed into a site: which ones, what each was granted, and what each is left without.

use std::path::Path;

use smartcms_components::{
    ComponentFile, KEYS_GRANT as KEYS, PLUGIN_POINTS, PluginPart, exports, imports, keeps_keys,
    restrict,
};
use smartcms_plugin_host::{Inspection, Reach, Requirement, Without, requirement};

use super::{explained, invalid};
use crate::commands::plugin::{Candidate, PluginFile, manifest_beside};
use crate::commands::say;
use crate::failure::{Failure, exit};

/// Requests to other hosts: all that the site's own host lets through.
const HTTP: &str = "http";
/// HTML that is not sanitised.
const TRUSTED_HTML: &str = "html:trusted";

/// What no plugin of a composition keeps, beside what only a grant would open: it would end the site, or name what is not
/// called there.
const CLOSED: [&str; 2] = ["wasi:cli/exit", "smartcms:plugin/"];

/// Every grant that there is.
const GRANTS: [&str; 3] = [HTTP, KEYS, TRUSTED_HTML];

/// The plugins of one composition.
pub(super) struct SitePlugins {
    parts: Vec<PluginPart>,
    grants: Vec<Granted>,
    /// What keeps keys for those that were granted some.
    keys: Option<ComponentFile>,
}

struct Granted {
    plugin: String,
    grant: &'static str,
    is_used: bool,
}

impl SitePlugins {
    /// None yet, with what the command grants.
    pub(super) fn new(grants: &[String]) -> anyhow::Result<Self> {
        let grants = grants.iter().map(|it| granted(it)).collect::<anyhow::Result<_>>()?;
        Ok(Self { parts: Vec::new(), grants, keys: None })
    }

    /// Takes a plug that is a plugin, or keeps keys for plugins; whether it is one.
    pub(super) fn take(&mut self, path: &Path, file: &ComponentFile) -> anyhow::Result<bool> {
        if !is_plugin(path, file)? {
            return self.take_keeper(file);
        }
        let beside = manifest_beside(path)?;
        let inspection = smartcms_plugin_host::inspect(&file.bytes, beside.as_deref())
            .map_err(|error| invalid(&file.name, &error))?;
        let plugin = PluginFile { bytes: file.bytes.clone(), inspection, beside };
        let candidate = Candidate::of_file(path, &plugin, None)?;
        let id = candidate.id.to_string();
        if self.parts.iter().any(|it| it.id == id) {
            let message = format!("there are two plugins {id}: {} is the second", file.name);
            let hint = "the id is in plugin.toml; a site has one plugin of an id";
            return Err(Failure::hinted(message, hint, exit::CONFLICT));
        }
        let grants = self.grants_of(&id, &plugin.inspection, file)?;
        say_places(&id, &candidate.version, &plugin.inspection);
        let manifest = plugin.inspection.manifest.as_ref();
        self.parts.push(PluginPart {
            file: closed(file)?,
            name: candidate.name(),
            version: candidate.version.clone(),
            description: manifest.and_then(|it| it.description.clone()).unwrap_or_default(),
            digest: plugin.inspection.blake3.clone(),
            grants,
            id,
        });
        Ok(true)
    }

    /// Takes a plug that keeps keys. It reaches the site's storage: what says that it is a plugin is never taken for one.
    fn take_keeper(&mut self, file: &ComponentFile) -> anyhow::Result<bool> {
        if !keeps_keys(file).map_err(explained)? {
            return Ok(false);
        }
        if let Some(first) = self.keys.replace(file.clone()) {
            let message = format!("{} and {} both keep keys of plugins", first.name, file.name);
            let hint = "leave one out: dist/portable/adapters/plugin-keys.wasm is ours";
            return Err(Failure::hinted(message, hint, exit::CONFLICT));
        }
        Ok(true)
    }

    /// The one component that the site reaches its plugins by.
    pub(super) fn made(mut self) -> anyhow::Result<ComponentFile> {
        if let Some(unused) = self.grants.iter().find(|it| !it.is_used) {
            let message = format!(
                "--grant {}:{}: there is no such plugin, or it has no use for that",
                unused.plugin, unused.grant
            );
            let hint = "`smartcms component wit FILE --capabilities` lists what a plugin asks for";
            return Err(Failure::hinted(message, hint, exit::INVALID));
        }
        self.parts.sort_by(|one, other| one.id.cmp(&other.id));
        self.keys_are_kept()?;
        let made =
            smartcms_components::plugins(&self.parts, self.keys.as_ref()).map_err(explained)?;
        for joint in made.joints.iter().filter(|it| it.socket != "the plugins") {
            say(format_args!("{} of {} is answered by {}", joint.import, joint.socket, joint.plug));
        }
        Ok(ComponentFile { name: "the plugins".to_owned(), bytes: made.wasm })
    }

    /// An error where a plugin would reach other keys than its own, or the file that keeps them has no use.
    fn keys_are_kept(&self) -> anyhow::Result<()> {
        let with_keys = |it: &&PluginPart| it.grants.iter().any(|grant| grant == KEYS);
        let (first, keys) = (self.parts.iter().find(with_keys), &self.keys);
        let keys = match (first, keys) {
            (Some(_), Some(keys)) => keys,
            (Some(part), None) => return Err(no_keeper(&part.id)),
            (None, Some(keys)) => return Err(idle_keeper(keys)),
            (None, None) => return Ok(()),
        };
        let kept = exports(keys).map_err(explained)?;
        for part in self.parts.iter().filter(with_keys) {
            let imports = imports(&part.file).map_err(explained)?;
            // It would stay an import of the whole: the host's own keys, with the site in them.
            if let Some(open) = imports.iter().find(|it| is_of_keys(it) && !kept.contains(it)) {
                let message = format!(
                    "{} does not export {open}, which plugin {} imports",
                    keys.name, part.id
                );
                let hint = "dist/portable/adapters/plugin-keys.wasm has every interface of keys";
                return Err(Failure::hinted(message, hint, exit::INVALID));
            }
        }
        Ok(())
    }

    /// What a plugin holds; an error where it needs what it was not granted, or what no plugin of a composition can have.
    fn grants_of(
        &mut self,
        id: &str,
        inspection: &Inspection,
        file: &ComponentFile,
    ) -> anyhow::Result<Vec<String>> {
        let mut held = Vec::new();
        if self.takes(id, TRUSTED_HTML) {
            held.push(TRUSTED_HTML.to_owned());
        }
        for reach in inspection.capabilities.iter().filter(|it| it.required) {
            let grant = GRANTS.into_iter().find(|it| *it == reach.capability.name);
            let Some(grant) = grant else { return Err(not_there(id, file, reach)) };
            if !self.takes(id, grant) {
                return Err(not_granted(id, file, reach));
            }
            held.push(grant.to_owned());
        }
        Ok(held)
    }

    fn takes(&mut self, id: &str, grant: &str) -> bool {
        let found = self.grants.iter_mut().find(|it| it.plugin == id && it.grant == grant);
        found.is_some_and(|it| {
            it.is_used = true;
            true
        })
    }
}

fn granted(text: &str) -> anyhow::Result<Granted> {
    let known = |grant: &str| GRANTS.into_iter().find(|it| *it == grant);
    let parts = text.split_once(':').and_then(|(plugin, grant)| Some((plugin, known(grant)?)));
    if let Some((plugin, grant)) = parts {
        return Ok(Granted { plugin: plugin.to_owned(), grant, is_used: false });
    }
    let message = format!("--grant {text}: nothing like that can be granted in a composition");
    let hint = "there are ID:html:trusted, for HTML that is not sanitised, ID:http, for requests to whatever the site's \
                host lets through, and ID:kv, for keys of its own; what needs more runs on a native server";
    Err(Failure::hinted(message, hint, exit::INVALID))
}

fn is_of_keys(import: &str) -> bool {
    matches!(requirement(import), Requirement::Needs(it) if it.name == KEYS)
}

/// A plug that takes part where sites call plugins, or says itself that it is a plugin.
fn is_plugin(path: &Path, file: &ComponentFile) -> anyhow::Result<bool> {
    let takes_part = |it: &String| it.starts_with("smartcms:plugin/");
    if exports(file).map_err(explained)?.iter().any(takes_part)
        || path.with_extension("plugin.toml").is_file()
    {
        return Ok(true);
    }
    let inspection = smartcms_plugin_host::inspect(&file.bytes, None)
        .map_err(|error| invalid(&file.name, &error))?;
    Ok(inspection.manifest.is_some())
}

/// The plugin without what a plugin on a native server would find empty, or would not be called for: the site's own
/// variables and folders, with its secrets and its content, are the component's.
fn closed(file: &ComponentFile) -> anyhow::Result<ComponentFile> {
    let closes = |import: &str| match requirement(import) {
        Requirement::Needs(capability) => capability.without == Without::Empty,
        _ => CLOSED.iter().any(|it| import.starts_with(it)),
    };
    let made = restrict(file, closes).map_err(explained)?;
    for closed in &made.closed {
        say(format_args!("closed {} of {}", closed.import, file.name));
    }
    Ok(ComponentFile { name: file.name.clone(), bytes: made.wasm })
}

fn say_places(id: &str, version: &str, inspection: &Inspection) {
    let is_called = |name: &str| PLUGIN_POINTS.iter().any(|it| it.name == name);
    let names = inspection.extension_points.iter().map(|it| it.name);
    let (called, others): (Vec<&str>, Vec<&str>) = names.partition(|it| is_called(it));
    say(format_args!("plugin {id} {version} takes part in {}", called.join(", ")));
    if !others.is_empty() {
        say(format_args!(
            "plugin {id}: a site in one component does not call {}",
            others.join(", ")
        ));
    }
}

fn not_granted(id: &str, file: &ComponentFile, reach: &Reach) -> anyhow::Error {
    let name = reach.capability.name;
    let message = format!(
        "plugin {id} ({}) imports {}, which needs the capability {name}: it was not granted",
        file.name,
        reach.imports.join(", ")
    );
    let what = match name {
        HTTP => "send requests to whatever the site's host lets through",
        _ => "keep keys of its own",
    };
    let hint = format!(
        "--grant {id}:{name} lets it {what}; `smartcms component restrict` closes the import for good"
    );
    Failure::hinted(message, hint, exit::DENIED)
}

fn no_keeper(id: &str) -> anyhow::Error {
    let message = format!("plugin {id} was granted {KEYS}, and nothing here keeps its keys");
    let hint = "add --plug dist/portable/adapters/plugin-keys.wasm, which keeps them where the site is kept";
    Failure::hinted(message, hint, exit::INVALID)
}

fn idle_keeper(keys: &ComponentFile) -> anyhow::Error {
    let message = format!("{}: no plugin here was granted {KEYS}", keys.name);
    let hint = format!("--grant ID:{KEYS} grants it, or leave the file out");
    Failure::hinted(message, hint, exit::INVALID)
}

fn not_there(id: &str, file: &ComponentFile, reach: &Reach) -> anyhow::Error {
    let name = reach.capability.name;
    let message = format!(
        "plugin {id} ({}) imports {}, which needs the capability {name}: no plugin that is composed into a site can have it",
        file.name,
        reach.imports.join(", ")
    );
    let why = match name {
        "content:read" | "content:write" => {
            "the site calls the plugin, and a component that is called cannot call back"
        }
        _ => "a site in one component has nothing that would answer",
    };
    let hint = format!(
        "{why}; run the plugin on a native server, or close the import for good with `smartcms component restrict`"
    );
    Failure::hinted(message, hint, exit::DENIED)
}
