//! From settings and the command line to the description.

use std::collections::BTreeMap;

use smartcms_app::settings::{SettingOrigin, SettingView};
use smartcms_config::{Settings, has_effect_in_portable, missing_in_portable};
use smartcms_distribution::Reference;
use url::Url;

use super::{Deployment, Outgoing, host_word};
use crate::args::{DeployArgs, DeployHost};
use crate::failure::{Failure, exit};

/// The variable of the public address.
const ADDRESS_VARIABLE: &str = "SMARTCMS_SITE_BASE_URL";
/// Without this one nobody becomes the first owner.
const OWNER_VARIABLE: &str = "SMARTCMS_PEOPLE_OWNER_TOKEN";
/// The longest name: hosts add words to it, and a label has 63 letters at most.
const NAME_LEN_MAX: usize = 40;
/// The longest name of a bucket.
const BUCKET_LEN_MAX: usize = 64;

/// What is described, and what whoever asked should know beside it.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) deployment: Deployment,
    /// Sentences.
    pub(crate) notes: Vec<String>,
}

/// Where a host serves when nobody says otherwise.
fn usual_address(host: DeployHost) -> &'static str {
    match host {
        DeployHost::Spin => "http://127.0.0.1:3000",
        DeployHost::Wadm => "http://127.0.0.1:8000",
        DeployHost::Spinapp | DeployHost::Wasmcloud => "http://localhost",
        DeployHost::Wasmtime | DeployHost::Compose => "http://127.0.0.1:8080",
    }
}

/// Describes a site for a host.
pub(crate) fn describe(settings: &Settings, args: &DeployArgs) -> anyhow::Result<Asked> {
    fits(settings)?;
    let mut notes = Vec::new();
    let (mut environment, secrets) = variables(&settings.shown, &mut notes);
    let address = address(args.host, &mut environment, &mut notes)?;
    let outgoing = Outgoing::of(settings);
    if !matches!(args.host, DeployHost::Wasmtime | DeployHost::Spin) {
        let here = outgoing.iter().filter(|it| it.is_loopback());
        notes.extend(here.map(|it| {
            format!("{it} is the machine or the container that the host runs in, not this one")
        }));
    }
    if args.host == DeployHost::Spinapp {
        // What was said so far is about what is not in this manifest.
        notes = vec![
            "the settings are in the image: `smartcms deploy spin` writes the spin.toml that it is made of".to_owned(),
        ];
    }
    let deployment = Deployment {
        name: label(&args.name)?,
        component: component(args)?,
        address,
        environment,
        secrets,
        outgoing,
        origins: settings.api.cors_origins.clone(),
        bucket: bucket(&args.bucket)?,
        images: images(args)?,
    };
    Ok(Asked { deployment, notes })
}

fn fits(settings: &Settings) -> anyhow::Result<()> {
    let missing = missing_in_portable(settings);
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("this site cannot be the portable build:\n  {}", missing.join("\n  "));
    let hint = "docs/portable.md says what there is; deploy/container serves a site with all of it";
    Err(Failure::hinted(message, hint, exit::INVALID))
}

/// The settings that somebody set, and the names of the secrets among them.
fn variables(
    shown: &[SettingView],
    notes: &mut Vec<String>,
) -> (BTreeMap<String, String>, Vec<String>) {
    let mut environment = BTreeMap::new();
    let mut secrets = vec![OWNER_VARIABLE.to_owned()];
    let mut without_effect = Vec::new();
    for view in shown.iter().filter(|it| it.origin != SettingOrigin::Default) {
        match &view.value {
            Some(value) if value == view.default => {}
            _ if !has_effect_in_portable(view.key) => without_effect.push(view.key),
            Some(value) => {
                environment.insert(view.variable.clone(), value.clone());
            }
            None if view.variable == OWNER_VARIABLE => {}
            None => secrets.push(view.variable.clone()),
        }
    }
    if !without_effect.is_empty() {
        let keys = without_effect.join(", ");
        notes.push(format!("left out, since the portable build does nothing with them: {keys}"));
    }
    (environment, secrets)
}

/// The public address; where nobody says it, the one that the host usually has.
fn address(
    host: DeployHost,
    environment: &mut BTreeMap<String, String>,
    notes: &mut Vec<String>,
) -> anyhow::Result<Url> {
    let usual = usual_address(host);
    if !environment.contains_key(ADDRESS_VARIABLE) {
        environment.insert(ADDRESS_VARIABLE.to_owned(), usual.to_owned());
        notes.push(format!(
            "`site.base_url` is not set: {usual} is written, which links will lead to"
        ));
    }
    let text = environment.get(ADDRESS_VARIABLE).map_or(usual, String::as_str);
    Url::parse(text).map_err(|error| {
        let message = format!("`site.base_url` is {text}, which is no address: {error}");
        Failure::hinted(message, "it looks like https://example.com", exit::INVALID)
    })
}

fn label(name: &str) -> anyhow::Result<String> {
    let plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    let is_label = name.bytes().all(plain)
        && name.len() <= NAME_LEN_MAX
        && name.starts_with(|it: char| it.is_ascii_lowercase())
        && !name.ends_with('-');
    if is_label {
        return Ok(name.to_owned());
    }
    let hint = format!(
        "small letters, digits and hyphens, with a letter first, {NAME_LEN_MAX} at most: my-site"
    );
    Err(Failure::hinted(format!("a site cannot be called `{name}` by a host"), hint, exit::INVALID))
}

fn bucket(name: &str) -> anyhow::Result<String> {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"-_".contains(&it);
    if (1..=BUCKET_LEN_MAX).contains(&name.len()) && name.bytes().all(plain) {
        return Ok(name.to_owned());
    }
    let hint = format!("letters, digits, `-` and `_`, {BUCKET_LEN_MAX} at most");
    Err(Failure::hinted(format!("a bucket cannot be called `{name}`"), hint, exit::INVALID))
}

/// The component, which some hosts have as a file and others get from a registry.
fn component(args: &DeployArgs) -> anyhow::Result<String> {
    let host = host_word(args.host);
    let Some(given) = &args.component else {
        let file = match args.host {
            DeployHost::Wasmtime => "/usr/local/lib/smartcms/smartcms-wasmtime.wasm",
            DeployHost::Spin => "smartcms-spin.wasm",
            DeployHost::Compose => "smartcms-wasmcloud.wasm",
            DeployHost::Spinapp | DeployHost::Wasmcloud | DeployHost::Wadm => {
                let message = format!("{host} gets the component from a registry: which is it?");
                let hint = "--component registry.example.com/ada/site:1.0";
                return Err(Failure::hinted(message, hint, exit::INVALID));
            }
        };
        return Ok(file.to_owned());
    };
    let from_registry =
        matches!(args.host, DeployHost::Spinapp | DeployHost::Wasmcloud | DeployHost::Wadm);
    let is_file = args.host == DeployHost::Wadm && given.starts_with("file://");
    if !from_registry || is_file {
        return Ok(given.clone());
    }
    let parsed = Reference::parse(given).map_err(|error| {
        Failure::hinted(error.to_string(), "registry.example.com/ada/site:1.0", exit::INVALID)
    })?;
    Ok(parsed.to_string())
}

/// Where the host's own images are; this program names no registry of its own accord.
fn images(args: &DeployArgs) -> anyhow::Result<String> {
    let needed = matches!(args.host, DeployHost::Wadm | DeployHost::Compose);
    match &args.images {
        None if needed => {
            let host = host_word(args.host);
            let message = format!("{host} names images of wasmCloud: where are they?");
            let hint =
                "--images registry.example.com/wasmcloud, with the names that wasmCloud gives them";
            Err(Failure::hinted(message, hint, exit::INVALID))
        }
        None => Ok(String::new()),
        Some(prefix) => {
            let prefix = prefix.trim_end_matches('/');
            // A prefix is a repository without its last name.
            let parsed = Reference::parse(&format!("{prefix}/image:1"));
            parsed.map_err(|error| {
                Failure::hinted(error.to_string(), "registry.example.com/wasmcloud", exit::INVALID)
            })?;
            Ok(prefix.to_owned())
        }
    }
}
