//! What a site has pinned, and whether something else may take its place.

use smartcms_distribution::{
    Arrived, Consent, Distrust, Given, LockFile, LockedPlugin, PublicKey, Publishers, Verdict,
    judge,
};

use smartcms_app::App;
use smartcms_app::plugins::{PluginAdminError, find_plugin};

use super::super::say;
use super::add::Candidate;
use super::{by_operator, plugin_id};
use crate::args::{ConsentArgs, Folders};
use crate::failure::{Failure, exit};

impl From<ConsentArgs> for Consent {
    fn from(args: ConsentArgs) -> Self {
        Self {
            new_key: args.accept_new_key,
            unsigned: args.allow_unsigned,
            downgrade: args.allow_downgrade,
        }
    }
}

/// The key that is pinned with an artefact, or why it may not become this plugin.
pub(super) fn judged(
    folders: &Folders,
    candidate: &Candidate<'_>,
    arrived: &Arrived<'_>,
    consent: ConsentArgs,
) -> anyhow::Result<Option<PublicKey>> {
    let lock = LockFile::read(&folders.site)?;
    let publishers = Publishers::read(&folders.site)?;
    let known = lock.find(candidate.id.as_str());
    match judge(known, arrived, &publishers, consent.into()) {
        Ok(Verdict::Signed(key)) => {
            match publishers.of(&key) {
                Some(publisher) => say(format_args!("signed by {publisher}, with the key {key}")),
                None => say(format_args!("signed with the key that is pinned, {key}")),
            }
            Ok(Some(key))
        }
        Ok(Verdict::NewKey(key)) => {
            say(format_args!("signed with the key {key}, which is pinned from now on"));
            Ok(Some(key))
        }
        Ok(Verdict::Unsigned) => Ok(None),
        Err(distrust) => Err(refused(candidate, known, &distrust)),
    }
}

fn refused(
    candidate: &Candidate<'_>,
    known: Option<&LockedPlugin>,
    distrust: &Distrust,
) -> anyhow::Error {
    let mut message = format!("{} was not taken: {distrust}", candidate.shown);
    if let Some(known) = known {
        message.push_str(&format!(
            "\n  pinned: {} {} from {}, {}\n  came: {} {}",
            known.id,
            known.version,
            known.reference,
            known.manifest,
            candidate.id,
            candidate.version
        ));
    }
    Failure::hinted(message, distrust.hint(), exit::DENIED)
}

/// A file is given as its very bytes, and nobody signed it.
pub(super) fn judge_file(
    folders: &Folders,
    candidate: &Candidate<'_>,
    consent: ConsentArgs,
) -> anyhow::Result<()> {
    if LockFile::read(&folders.site)?.find(candidate.id.as_str()).is_none() {
        return Ok(());
    }
    let arrived = Arrived {
        version: &candidate.version,
        signers: &[],
        has_broken: false,
        given: Given::Exactly,
    };
    judged(folders, candidate, &arrived, consent).map(drop)
}

/// Tells the operator of a server whose plugins are not those that are pinned.
pub(crate) async fn warn_of_differences(app: &App, folders: &Folders) {
    let lock = match LockFile::read(&folders.site) {
        Ok(lock) => lock,
        Err(error) => return tracing::warn!("{error}"),
    };
    for pinned in lock.iter() {
        let (id, version) = (pinned.id.as_str(), pinned.version.as_str());
        let Ok(known) = plugin_id(id) else { continue };
        match find_plugin(&by_operator(app), &known).await {
            Ok(record) if record.version == version => {}
            Ok(record) => tracing::warn!(
                plugin.id = id,
                "plugin {id} is version {} here, and plugins.lock pins {version}",
                record.version
            ),
            Err(PluginAdminError::Unknown(_)) => tracing::warn!(
                plugin.id = id,
                "plugins.lock pins plugin {id} {version}, which is not here; `smartcms plugin add --locked` brings it"
            ),
            Err(error) => tracing::warn!(%error, plugin.id = id, "could not look for a plugin"),
        }
    }
}

/// Pins a plugin.
pub(super) fn pin(folders: &Folders, plugin: LockedPlugin) -> anyhow::Result<()> {
    let mut lock = LockFile::read(&folders.site)?;
    lock.pin(plugin);
    Ok(lock.write(&folders.site)?)
}

/// Pins a plugin no longer.
pub(super) fn forget(folders: &Folders, id: &str) -> anyhow::Result<()> {
    let mut lock = LockFile::read(&folders.site)?;
    if lock.forget(id) {
        lock.write(&folders.site)?;
        say(format_args!("{id} is not in plugins.lock any more"));
    }
    Ok(())
}
