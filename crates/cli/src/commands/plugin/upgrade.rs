//! `smartcms plugin upgrade` and `rollback`: another version in the place of the one in force, tried before it is.

use std::collections::BTreeSet;

use bytes::Bytes;
use smartcms_app::App;
use smartcms_app::plugins::{
    UpgradePlugin, find_plugin, grants_after_upgrade, roll_back_plugin, upgrade_plugin,
};
use smartcms_app::ports::{Clock as _, Digest, PluginRecord};
use smartcms_distribution::{LockFile, LockedPlugin, PublicKey, Reference, is_older};
use smartcms_domain::plugins::{Grants, PluginId};
use smartcms_plugin_host::{Inspection, inspect};

use super::super::say;
use super::add::{Candidate, PluginFile};
use super::registry::{self, Fetched};
use super::source::Source;
use super::{by_operator, parsed, pins, plugin_id};
use crate::args::{Folders, UpgradeArgs};
use crate::compose::try_out;
use crate::failure::{Failure, exit, fault};
use crate::world::SystemClock;

pub(super) async fn upgrade(
    app: &App,
    folders: &Folders,
    args: &UpgradeArgs,
) -> anyhow::Result<()> {
    let now = find_plugin(&by_operator(app), &plugin_id(&args.id)?).await.map_err(fault)?;
    match Source::parse(&args.source)? {
        Source::File(path) => {
            let file = PluginFile::read(&path, Source::remark(&args.source))?;
            let candidate = Candidate::of_file(&path, &file, Some(&args.id))?;
            same_plugin(app, &now, &candidate).await?;
            pins::judge_file(folders, &candidate, args.consent)?;
            not_older(&now, &candidate, args)?;
            switch(app, folders, &now, &candidate, args).await?;
            pins::forget(folders, &args.id)
        }
        Source::Registry(reference) => from_registry(app, folders, &now, &reference, args).await,
    }
}

async fn from_registry(
    app: &App,
    folders: &Folders,
    now: &PluginRecord,
    reference: &Reference,
    args: &UpgradeArgs,
) -> anyhow::Result<()> {
    let fetched = Fetched::from(folders, reference, &args.registry).await?;
    let inspection = registry::inspected(reference, &fetched.component)?;
    let candidate = registry::candidate(reference, &fetched, &inspection, Some(&args.id))?;
    same_plugin(app, now, &candidate).await?;
    let key: Option<PublicKey> =
        registry::vouched(folders, reference, &fetched, &candidate, args.consent)?;
    not_older(now, &candidate, args)?;
    switch(app, folders, now, &candidate, args).await?;
    let lock = LockFile::read(&folders.site)?;
    let before = lock.find(&args.id).cloned();
    let replaced = before.map(|it| Box::new(LockedPlugin { replaced: None, ..it }));
    let pinned = registry::pinned(&candidate, reference, &fetched, key);
    pins::pin(folders, LockedPlugin { replaced, ..pinned })
}

/// Whoever mixes two plugins up is told before anything is in force.
async fn same_plugin(
    app: &App,
    now: &PluginRecord,
    candidate: &Candidate<'_>,
) -> anyhow::Result<()> {
    let came = candidate.inspection.manifest.as_ref().map(|it| it.id.clone());
    let known = inspection_of(app, now).await?.and_then(|it| it.manifest).map(|it| it.id);
    match (known, came) {
        (Some(known), Some(came)) if known != came => {
            let message =
                format!("{} is the plugin {came}, and {} is {known}", candidate.shown, now.id);
            let hint = format!("`smartcms plugin add {}` adds it beside", candidate.shown);
            Err(Failure::hinted(message, hint, exit::INVALID))
        }
        _ => Ok(()),
    }
}

/// The rule over pins knows nothing of a version that came as a file.
fn not_older(
    now: &PluginRecord,
    candidate: &Candidate<'_>,
    args: &UpgradeArgs,
) -> anyhow::Result<()> {
    if args.consent.allow_downgrade || !is_older(&candidate.version, &now.version) {
        return Ok(());
    }
    let message = format!(
        "{} is version {}, and {} of {} is in force: an upgrade leads to a newer one",
        candidate.shown, candidate.version, now.version, now.id
    );
    let hint = "--allow-downgrade takes it all the same; `smartcms plugin rollback` goes back";
    Err(Failure::hinted(message, hint, exit::DENIED))
}

async fn inspection_of(app: &App, record: &PluginRecord) -> anyhow::Result<Option<Inspection>> {
    let component = app.blobs.get(&record.digest).await?;
    Ok(component.and_then(|it| inspect(&it, None).ok()))
}

/// Shows what changes, tries the version, and puts it in force.
async fn switch(
    app: &App,
    folders: &Folders,
    now: &PluginRecord,
    candidate: &Candidate<'_>,
    args: &UpgradeArgs,
) -> anyhow::Result<()> {
    say(format_args!("{} {} → {}", now.id, now.version, candidate.version));
    if let Some(before) = inspection_of(app, now).await? {
        show_difference(&before, candidate.inspection);
    }
    let component = candidate.compiled(folders).await?;
    let more = parsed(&args.grants)?;
    let grants = grants_after_upgrade(&by_operator(app), &now.id, &candidate.version, &more).await;
    let grants = grants.map_err(fault)?;
    consented(now, candidate, &grants, args)?;
    tried(folders, now, candidate, &component, grants).await?;
    let command = UpgradePlugin {
        id: now.id.clone(),
        name: candidate.name(),
        version: candidate.version.clone(),
        component,
        grants: more,
    };
    let record = upgrade_plugin(&by_operator(app), command).await.map_err(fault)?;
    say(format_args!("{} {} is in force ({})", record.id, record.version, record.digest));
    say(format_args!(
        "{} comes back by itself if the first calls fail, and with `smartcms plugin rollback {}`",
        now.version, now.id
    ));
    Ok(())
}

fn show_difference(before: &Inspection, after: &Inspection) {
    let reach = |it: &Inspection| -> BTreeSet<(&'static str, &'static str)> {
        it.capabilities.iter().map(|it| (it.capability.name, it.capability.words)).collect()
    };
    let (old, new) = (reach(before), reach(after));
    for (name, words) in new.difference(&old) {
        say(format_args!("+ can reach {name}, if it is granted: to {words}"));
    }
    for (name, words) in old.difference(&new) {
        say(format_args!("- can no longer reach {name}: to {words}"));
    }
    let points = |it: &Inspection| -> BTreeSet<&'static str> {
        it.extension_points.iter().map(|it| it.name).collect()
    };
    let (old, new) = (points(before), points(after));
    for name in new.difference(&old) {
        say(format_args!("+ takes part in {name}"));
    }
    for name in old.difference(&new) {
        say(format_args!("- takes part in {name} no longer"));
    }
}

/// What it needs has to be granted: held within the same major version, or given now.
fn consented(
    now: &PluginRecord,
    candidate: &Candidate<'_>,
    grants: &Grants,
    args: &UpgradeArgs,
) -> anyhow::Result<()> {
    let missing = candidate.inspection.required().filter(|it| !grants.include(it.capability.name));
    let missing: Vec<_> = missing.map(|it| it.capability).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut message =
        format!("version {} of {} needs what it does not hold", candidate.version, now.id);
    for capability in &missing {
        message.push_str(&format!("\n  {}: to {}", capability.name, capability.words));
    }
    if grants.is_empty() && !now.grants.is_empty() {
        message.push_str("\n  what was granted was granted to another major version");
    }
    let given: Vec<String> = missing.iter().map(|it| format!("--grant {}", it.example)).collect();
    let hint = format!(
        "it waits, compiled, and {} stays in force: smartcms plugin upgrade {} {} {}",
        now.version,
        now.id,
        args.source,
        given.join(" ")
    );
    Err(Failure::hinted(message, hint, exit::DENIED))
}

/// Starts the version where it can do no harm.
async fn tried(
    folders: &Folders,
    now: &PluginRecord,
    candidate: &Candidate<'_>,
    component: &Bytes,
    grants: Grants,
) -> anyhow::Result<()> {
    let record = PluginRecord {
        version: candidate.version.clone(),
        digest: Digest::of(component),
        enabled: true,
        grants,
        added_at: SystemClock.now(),
        ..now.clone()
    };
    let outcome = try_out(folders, record, component.clone()).await?;
    outcome.map_err(|failure| {
        let message = format!(
            "version {} was tried and not taken: plugin {} {}",
            candidate.version, now.id, failure.message
        );
        let hint = format!("{} stays in force", now.version);
        Failure::hinted(message, hint, exit::FAILED)
    })
}

/// Puts the replaced version back, in the site and in plugins.lock.
pub(super) async fn rollback(app: &App, folders: &Folders, id: &str) -> anyhow::Result<()> {
    let id: PluginId = plugin_id(id)?;
    let mut lock = LockFile::read(&folders.site)?;
    let replaced = lock.find(id.as_str()).and_then(|it| it.replaced.as_deref().cloned());
    let now = find_plugin(&by_operator(app), &id).await.map_err(fault)?;
    let record = match &replaced {
        // It came back by itself; what is left is to say so in the lock.
        Some(replaced) if replaced.version == now.version => now,
        _ => roll_back_plugin(&by_operator(app), &id).await.map_err(fault)?,
    };
    if let Some(replaced) = replaced.filter(|it| it.version == record.version) {
        lock.pin(replaced);
        lock.write(&folders.site)?;
    }
    say(format_args!("{} {} is in force again ({})", record.id, record.version, record.digest));
    Ok(())
}
