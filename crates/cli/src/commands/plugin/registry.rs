//! `smartcms plugin push`, `pull`, and adding from a registry.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use bytes::Bytes;
use smartcms_app::App;
use smartcms_app::ports::Clock as _;
use smartcms_distribution::{
    Arrived, Artefact, Given, LockFile, LockedPlugin, Outside, Package, PublicKey, Publishers,
    Reference, RegistryClient, Signature,
};
use smartcms_domain::Timestamp;
use smartcms_plugin_host::{Inspection, Kind, with_manifest};

use super::super::say;
use super::add::{Candidate, Fallback, PluginFile};
use super::source::reference;
use super::{keys, pins};
use crate::args::{AddArgs, ConsentArgs, Folders, PullArgs, PushArgs, RegistryArgs};
use crate::compose::registry_client;
use crate::failure::{Failure, exit, fault};
use crate::world::SystemClock;

/// An artefact with its component and its signatures.
pub(super) struct Fetched {
    pub(super) artefact: Artefact,
    pub(super) component: Bytes,
    signatures: Vec<Signature>,
}

/// Who signed an artefact.
pub(super) struct Signed {
    pub(super) signers: Vec<PublicKey>,
    /// How many signatures do not hold.
    pub(super) broken: usize,
    publishers: Publishers,
}

impl Fetched {
    pub(super) async fn from(
        folders: &Folders,
        reference: &Reference,
        args: &RegistryArgs,
    ) -> anyhow::Result<Self> {
        let client = registry_client(folders, reference, args)?;
        let artefact = client.find(reference).await.map_err(fault)?;
        let signatures = client.signatures(&artefact).await.map_err(fault)?;
        let component = client.component(&artefact).await.map_err(fault)?;
        Ok(Self { artefact, component, signatures })
    }

    /// Who signed it; `known` is the key of an earlier version.
    pub(super) fn signed(
        &self,
        folders: &Folders,
        known: Option<&PublicKey>,
    ) -> anyhow::Result<Signed> {
        let publishers = Publishers::read(&folders.site)?;
        let mut keys = publishers.keys();
        keys.extend(known.cloned());
        let (mut signers, mut broken) = (Vec::new(), 0);
        for signature in &self.signatures {
            match signature.signer(&self.artefact.manifest, &keys) {
                Some(key) if signers.contains(&key) => {}
                Some(key) => signers.push(key),
                None => broken += 1,
            }
        }
        Ok(Signed { signers, broken, publishers })
    }

    fn version(&self) -> Option<String> {
        self.artefact.annotations.get("org.opencontainers.image.version").cloned()
    }
}

impl Signed {
    pub(super) fn in_words(&self) -> String {
        let one = |key: &PublicKey| match self.publishers.of(key) {
            Some(publisher) => format!("signed by {publisher}, with the key {key}"),
            None => format!("signed with the key {key}, which is not trusted"),
        };
        let mut words: Vec<String> = self.signers.iter().map(one).collect();
        if self.broken > 0 {
            words.push(format!("{} signatures that do not hold", self.broken));
        }
        if words.is_empty() { "not signed".to_owned() } else { words.join("\n") }
    }
}

pub(super) async fn push(folders: &Folders, args: &PushArgs) -> anyhow::Result<()> {
    let mut reference = reference(&args.reference)?;
    if reference.digest.is_some() {
        let message = format!("{reference} names a digest, which what is pushed has by itself");
        return Err(Failure::hinted(
            message,
            "name a tag, or nothing after the name",
            exit::INVALID,
        ));
    }
    let file = PluginFile::read(&args.file, "")?;
    if reference.tag.is_none() {
        reference.tag = Some(version_as_tag(&file.inspection, &reference)?);
    }
    // Before anything is sent: a key that cannot be opened leaves nothing unsigned behind.
    let password = args.password_file.as_deref();
    let key = args.sign.as_deref().map(|it| keys::read_secret(it, password)).transpose()?;
    let package = package(&args.file, file, args.author.clone())?;
    let client = registry_client(folders, &reference, &args.registry)?;
    let artefact = client.push(&reference, &package).await.map_err(fault)?;
    say(reference.at(artefact.digest.clone()));
    if let Some(key) = key {
        let comment = format!("{reference} {}", artefact.digest);
        let signed = client.sign(&artefact, &key, &comment).await;
        signed.with_context(|| format!("{reference} was pushed, and could not be signed"))?;
        say(format_args!("signed with the key {}", key.public()));
    }
    Ok(())
}

fn version_as_tag(inspection: &Inspection, reference: &Reference) -> anyhow::Result<String> {
    let version = inspection.manifest.as_ref().and_then(|it| it.version.clone());
    let tagged = |it: &String| Reference::parse(&format!("{reference}:{it}")).is_ok();
    version.filter(tagged).ok_or_else(|| {
        let message =
            format!("{reference} has no tag, and plugin.toml no version that could be one");
        Failure::hinted(message, format!("name a tag: {reference}:0.1.0"), exit::INVALID)
    })
}

/// What is pushed of a file: with the manifest inside, so that it travels with the component.
fn package(path: &Path, file: PluginFile, author: Option<String>) -> anyhow::Result<Package> {
    let wasm = match &file.beside {
        Some(manifest) => with_manifest(&file.bytes, manifest)
            .with_context(|| format!("could not put plugin.toml into {}", path.display()))?,
        None => file.bytes,
    };
    let inspection = file.inspection;
    let strings = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    let outside = (inspection.kind == Kind::Component).then(|| Outside {
        imports: strings(inspection.imports()),
        exports: inspection.exports.clone(),
    });
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Package {
        wasm: Bytes::from(wasm),
        file_name: name,
        outside,
        created: created(std::env::var("SOURCE_DATE_EPOCH").ok().as_deref()).to_string(),
        author,
        annotations: annotations(&inspection),
    })
}

/// Now, or the time that makes a push repeatable: <https://reproducible-builds.org/specs/source-date-epoch>
fn created(epoch: Option<&str>) -> Timestamp {
    let seconds = epoch.and_then(|it| it.parse::<i64>().ok());
    let given = seconds.and_then(|it| Timestamp::from_millis(it.checked_mul(1000)?).ok());
    given.unwrap_or_else(|| SystemClock.now())
}

fn annotations(inspection: &Inspection) -> BTreeMap<String, String> {
    let Some(manifest) = &inspection.manifest else { return BTreeMap::new() };
    let named = [
        ("title", manifest.name.as_ref().or(Some(&manifest.id))),
        ("version", manifest.version.as_ref()),
        ("description", manifest.description.as_ref()),
        ("licenses", manifest.licence.as_ref()),
        ("url", manifest.homepage.as_ref()),
    ];
    let pair = |(name, value): (&str, Option<&String>)| {
        Some((format!("org.opencontainers.image.{name}"), value?.clone()))
    };
    named.into_iter().filter_map(pair).collect()
}

pub(super) async fn pull(folders: &Folders, args: &PullArgs) -> anyhow::Result<()> {
    let reference = reference(&args.reference)?;
    let output = args.output.clone();
    let output = output.unwrap_or_else(|| PathBuf::from(format!("{}.wasm", reference.last_part())));
    if !args.force && output.exists() {
        let message = format!("{} is there already", output.display());
        return Err(Failure::hinted(
            message,
            "--force writes over it, -o names another",
            exit::CONFLICT,
        ));
    }
    let fetched = Fetched::from(folders, &reference, &args.registry).await?;
    let failed = || format!("could not write {}", output.display());
    let folder = output.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let readable = std::fs::Permissions::from_mode(0o644);
    let mut file = tempfile::Builder::new();
    let mut file = file.permissions(readable).tempfile_in(folder).with_context(failed)?;
    file.write_all(&fetched.component).with_context(failed)?;
    file.persist(&output).with_context(failed)?;
    say(format_args!("{} in {}", reference.at(fetched.artefact.digest.clone()), output.display()));
    say(fetched.signed(folders, None)?.in_words());
    Ok(())
}

/// Adds an artefact and pins it. One that is pinned already under this name comes as it is pinned.
pub(super) async fn add(
    app: &App,
    folders: &Folders,
    reference: &Reference,
    args: &AddArgs,
) -> anyhow::Result<()> {
    let lock = LockFile::read(&folders.site)?;
    let same = |it: &&LockedPlugin| {
        it.reference == *reference && args.id.as_ref().is_none_or(|id| *id == it.id)
    };
    if let Some(pinned) = lock.iter().find(same) {
        add_pinned(app, folders, pinned, &args.registry).await?;
        return note_moved(folders, pinned, &args.registry).await;
    }
    let fetched = Fetched::from(folders, reference, &args.registry).await?;
    let inspection = inspected(reference, &fetched.component)?;
    let candidate = candidate(reference, &fetched, &inspection, args.id.as_deref())?;
    let key = vouched(folders, reference, &fetched, &candidate, args.consent)?;
    candidate.add(app, folders).await?;
    pins::pin(folders, pinned(&candidate, reference, &fetched, key))
}

/// An artefact that can become a plugin.
pub(super) fn candidate<'a>(
    reference: &Reference,
    fetched: &'a Fetched,
    inspection: &'a Inspection,
    id: Option<&str>,
) -> anyhow::Result<Candidate<'a>> {
    let fallback = Fallback { name: reference.last_part(), version: fetched.version() };
    Candidate::new(reference.to_string(), &fetched.component, inspection, id, fallback)
}

/// The key that is pinned with it, when it may be taken.
pub(super) fn vouched(
    folders: &Folders,
    reference: &Reference,
    fetched: &Fetched,
    candidate: &Candidate<'_>,
    consent: ConsentArgs,
) -> anyhow::Result<Option<PublicKey>> {
    let lock = LockFile::read(&folders.site)?;
    let known = lock.find(candidate.id.as_str());
    if let Some(known) = known.filter(|it| it.version == candidate.version)
        && known.manifest != fetched.artefact.digest
    {
        say(format_args!(
            "note: version {} is pinned as {}; this is another one, {}",
            known.version, known.manifest, fetched.artefact.digest
        ));
    }
    let signed = fetched.signed(folders, known.and_then(|it| it.key.as_ref()))?;
    let given = if reference.digest.is_some() { Given::Exactly } else { Given::ByName };
    let arrived = Arrived {
        version: &candidate.version,
        signers: &signed.signers,
        has_broken: signed.broken > 0,
        given,
    };
    pins::judged(folders, candidate, &arrived, consent)
}

pub(super) fn pinned(
    candidate: &Candidate<'_>,
    reference: &Reference,
    fetched: &Fetched,
    key: Option<PublicKey>,
) -> LockedPlugin {
    LockedPlugin {
        id: candidate.id.to_string(),
        version: candidate.version.clone(),
        reference: reference.clone(),
        manifest: fetched.artefact.digest.clone(),
        component: fetched.artefact.component.clone(),
        key,
        replaced: None,
    }
}

pub(super) fn inspected(reference: &Reference, component: &[u8]) -> anyhow::Result<Inspection> {
    smartcms_plugin_host::inspect(component, None)
        .with_context(|| format!("could not inspect {reference}"))
}

/// Brings every plugin that is pinned.
pub(super) async fn add_locked(app: &App, folders: &Folders, args: &AddArgs) -> anyhow::Result<()> {
    let lock = LockFile::read(&folders.site)?;
    if lock.iter().next().is_none() {
        say("plugins.lock pins no plugin");
    }
    for plugin in lock.iter() {
        add_pinned(app, folders, plugin, &args.registry).await?;
    }
    Ok(())
}

/// Brings one plugin exactly as it is pinned: its digest vouches for it, so nobody's signature is asked for.
async fn add_pinned(
    app: &App,
    folders: &Folders,
    plugin: &LockedPlugin,
    args: &RegistryArgs,
) -> anyhow::Result<()> {
    let exact = plugin.reference.at(plugin.manifest.clone());
    let client = registry_client(folders, &exact, args)?;
    let artefact = client.find(&exact).await.map_err(fault)?;
    if artefact.component != plugin.component {
        let message = format!(
            "{exact} holds the component {}, and plugins.lock says {}",
            artefact.component, plugin.component
        );
        let hint =
            "plugins.lock was changed by hand, or not as a whole: take it from where it was right";
        return Err(Failure::hinted(message, hint, exit::CONFLICT));
    }
    let component = client.component(&artefact).await.map_err(fault)?;
    let inspection = inspected(&exact, &component)?;
    let fallback = Fallback { name: exact.last_part(), version: Some(plugin.version.clone()) };
    let shown = exact.to_string();
    let candidate = Candidate::new(shown, &component, &inspection, Some(&plugin.id), fallback)?;
    candidate.add(app, folders).await.map(drop)
}

/// Says when the name leads elsewhere than what is pinned.
async fn note_moved(
    folders: &Folders,
    plugin: &LockedPlugin,
    args: &RegistryArgs,
) -> anyhow::Result<()> {
    let client: RegistryClient = registry_client(folders, &plugin.reference, args)?;
    // What is pinned is there; that the name could not be looked up changes nothing about it.
    let Ok(now) = client.find(&plugin.reference).await else { return Ok(()) };
    if now.digest != plugin.manifest {
        let (reference, id) = (&plugin.reference, &plugin.id);
        say(format_args!(
            "note: {reference} leads to {} now; this is {}, which plugins.lock pins",
            now.digest, plugin.manifest
        ));
        say(format_args!("  smartcms plugin upgrade {id} {reference}"));
    }
    Ok(())
}
