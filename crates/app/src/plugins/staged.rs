//! Files that are to become plugins: looked at first, without running them, and put in force when somebody says so.

use std::sync::Arc;

use bytes::Bytes;
use smartcms_domain::plugins::{Grant, PluginId};

use super::add::{AddPlugin, add_plugin};
use super::error::PluginAdminError;
use super::files::lacking;
use super::grants::grant;
use super::manage::find_plugin;
use super::upgrade::{UpgradePlugin, grants_after_upgrade, upgrade_plugin};
use crate::OpContext;
use crate::events::begin_listening;
use crate::ports::{Digest, PluginFacts, PluginFileError, PluginRecord};

/// A file that waits.
#[derive(Debug, Clone)]
pub struct StagedPlugin {
    /// By which it is found again.
    pub digest: Digest,
    /// What it tells of itself.
    pub facts: Arc<PluginFacts>,
}

/// A file that is to become a plugin.
#[derive(Debug, Clone)]
pub struct AddStaged {
    /// The file.
    pub digest: String,
    /// The id for a file that says none.
    pub id: Option<PluginId>,
    /// What the plugin is given at once.
    pub grants: Vec<Grant>,
}

/// A file that is to take the place of a plugin's version.
#[derive(Debug, Clone)]
pub struct UpgradeStaged {
    /// The plugin.
    pub id: PluginId,
    /// The file.
    pub digest: String,
    /// What the version is given besides what it keeps.
    pub grants: Vec<Grant>,
    /// Whether it may be older than what is in force.
    pub allow_older: bool,
}

/// Takes a file, with the text of the manifest beside it if there is one, and tells what it says. Nothing of it runs, and
/// the site does not use it before somebody says so.
pub async fn stage_plugin(
    ctx: &OpContext<'_>,
    file: Bytes,
    manifest: Option<String>,
) -> Result<StagedPlugin, PluginAdminError> {
    PluginAdminError::check(ctx)?;
    let component = ctx.app.plugin_files.accept(file, manifest).await?;
    let digest = ctx.app.blobs.put(component).await?;
    find_staged(ctx, &digest.to_string()).await
}

/// A file that waits.
pub async fn find_staged(
    ctx: &OpContext<'_>,
    digest: &str,
) -> Result<StagedPlugin, PluginAdminError> {
    PluginAdminError::check(ctx)?;
    let unknown = || PluginAdminError::NotStaged(digest.chars().take(100).collect());
    let digest = Digest::parse(digest).ok_or_else(unknown)?;
    let facts = ctx.app.plugin_files.facts(&digest).await?.ok_or_else(unknown)?;
    Ok(StagedPlugin { digest, facts })
}

/// Makes a plugin of a file that waits. It is compiled first: what cannot be compiled is not added.
pub async fn add_staged(
    ctx: &OpContext<'_>,
    command: AddStaged,
) -> Result<PluginRecord, PluginAdminError> {
    PluginAdminError::check_grants(ctx, &command.grants)?;
    let staged = find_staged(ctx, &command.digest).await?;
    let id = id_of(&staged.facts, command.id)?;
    if ctx.app.plugin_store.find(&id).await?.is_some() {
        return Err(PluginAdminError::Present(id));
    }
    let component = ready(ctx, &staged, &id).await?;
    let (name, version) = named(&staged.facts, &id);
    add_plugin(ctx, AddPlugin { id: id.clone(), name, version, component }).await?;
    settled(ctx, &staged.facts, &id).await?;
    match command.grants.is_empty() {
        true => find_plugin(ctx, &id).await,
        false => grant(ctx, &id, command.grants).await,
    }
}

/// Puts a file that waits in the place of a plugin's version, when it holds all that it needs and starts where it can do
/// no harm. The version before comes back by itself when this one fails its first calls.
pub async fn upgrade_staged(
    ctx: &OpContext<'_>,
    command: UpgradeStaged,
) -> Result<PluginRecord, PluginAdminError> {
    let now = find_plugin(ctx, &command.id).await?;
    let staged = find_staged(ctx, &command.digest).await?;
    let id = id_of(&staged.facts, Some(command.id.clone()))?;
    if id != command.id {
        let came = id.to_string();
        return Err(PluginAdminError::OtherPlugin { expected: command.id, came });
    }
    let (name, version) = named(&staged.facts, &id);
    if !command.allow_older && ctx.app.plugin_files.is_older(&version, &now.version) {
        return Err(PluginAdminError::Older { plugin: id, came: version, known: now.version });
    }
    let grants = grants_after_upgrade(ctx, &id, &version, &command.grants).await?;
    PluginAdminError::check_grants(ctx, grants.iter())?;
    let lacks: Vec<String> =
        lacking(&staged.facts, &grants).iter().map(|it| it.capability.clone()).collect();
    if !lacks.is_empty() {
        return Err(PluginAdminError::Lacks { plugin: id, version, lacks });
    }
    let component = ready(ctx, &staged, &id).await?;
    let tried = PluginRecord {
        version: version.clone(),
        digest: staged.digest,
        enabled: true,
        grants,
        ..now
    };
    ctx.app.plugin_files.try_out(tried, component.clone()).await?;
    let grants = command.grants;
    let upgraded =
        upgrade_plugin(ctx, UpgradePlugin { id: id.clone(), name, version, component, grants })
            .await?;
    settled(ctx, &staged.facts, &id).await?;
    Ok(upgraded)
}

/// The component, compiled, when it can be a plugin of this site.
async fn ready(
    ctx: &OpContext<'_>,
    staged: &StagedPlugin,
    id: &PluginId,
) -> Result<Bytes, PluginAdminError> {
    if let Some(refusal) = staged.facts.refusals.first() {
        return Err(PluginFileError::Unfit(refusal.clone()).into());
    }
    let files = &ctx.app.plugin_files;
    files.admit(id, &named(&staged.facts, id).1).await?;
    let component = ctx.app.blobs.get(&staged.digest).await?;
    let component =
        component.ok_or_else(|| PluginAdminError::NotStaged(staged.digest.to_string()))?;
    files.prepare(&component).await?;
    Ok(component)
}

/// What follows where a file has become a plugin.
async fn settled(
    ctx: &OpContext<'_>,
    facts: &PluginFacts,
    id: &PluginId,
) -> Result<(), PluginAdminError> {
    if facts.points.iter().any(|it| it == "events") {
        begin_listening(ctx.app, id).await?;
    }
    ctx.app.plugin_files.came_as_file(id).await;
    Ok(())
}

/// The id that a file has: its own, else the given one.
fn id_of(facts: &PluginFacts, given: Option<PluginId>) -> Result<PluginId, PluginAdminError> {
    match &facts.id {
        Some(own) => {
            PluginId::parse(own).map_err(|error| PluginFileError::Unfit(error.to_string()).into())
        }
        None => given.ok_or_else(|| {
            let text = "the file does not say which plugin it is, so it needs an id".to_owned();
            PluginFileError::Unfit(text).into()
        }),
    }
}

fn named(facts: &PluginFacts, id: &PluginId) -> (String, String) {
    let name = facts.name.clone().unwrap_or_else(|| id.to_string());
    (name, facts.version.clone().unwrap_or_else(|| "0.0.0".to_owned()))
}
