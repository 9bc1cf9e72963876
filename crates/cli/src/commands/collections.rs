//! `smartcms collections`.

use serde_json::json;
use smartcms_app::collections::{
    CollectionPlan, Reach, adopt, apply_files, get_collection, list_collections, plan_files,
    recompute,
};
use smartcms_app::ports::DefinitionRecord;
use smartcms_app::{App, OpContext};
use smartcms_config::{collection_file, default_collections};
use smartcms_domain::actors::Actor;
use smartcms_domain::plugins::PluginId;

use super::say;
use crate::args::{CollectionsCommand, Folders};
use crate::compose::{is_new, open_for_operator, open_with_plugins, refused, site_files, told};
use crate::failure::{Failure, exit, fault};

pub(super) async fn collections(
    folders: &Folders,
    command: CollectionsCommand,
) -> anyhow::Result<()> {
    let app = match command {
        CollectionsCommand::List { .. } | CollectionsCommand::Export { .. } => {
            open_for_operator(folders)?.app
        }
        // Fields may be computed by functions of plugins.
        _ => open_with_plugins(folders).await?.app,
    };
    match command {
        CollectionsCommand::Plan => plan(folders, &app).await,
        CollectionsCommand::Apply { force } => apply(folders, &app, force).await,
        CollectionsCommand::Recompute { plugin, dry_run } => again(&app, &plugin, dry_run).await,
        CollectionsCommand::List { json } => list(&app, json).await,
        CollectionsCommand::Export { name } => export(&app, &name).await,
    }
}

/// Shows what the files would change; fails when they would not be applied.
async fn plan(folders: &Folders, app: &App) -> anyhow::Result<()> {
    let files = site_files(folders, app).await?;
    if is_new(&app.definitions.definitions().await?) {
        say("no definition was applied yet: the first start takes them as they are");
        return Ok(());
    }
    let ctx = OpContext::new(app, &Actor::Operator);
    let plans = plan_files(&ctx, &files).await.map_err(fault)?;
    show(&plans);
    if plans.iter().any(CollectionPlan::has_duplicates) {
        let hint = "change all but one of the entries, or let the field be not unique";
        return Err(Failure::hinted(
            "this would not be applied: values are not unique",
            hint,
            exit::CONFLICT,
        ));
    }
    if plans.iter().any(CollectionPlan::loses) {
        let hint = "`smartcms collections apply --force` loses it all the same";
        return Err(Failure::hinted(
            "this would not be applied: something would be lost",
            hint,
            exit::CONFLICT,
        ));
    }
    Ok(())
}

async fn apply(folders: &Folders, app: &App, force: bool) -> anyhow::Result<()> {
    let files = site_files(folders, app).await?;
    let ctx = OpContext::new(app, &Actor::Operator);
    if adopt(&ctx, &files, default_collections()?).await.map_err(fault)? {
        say("took the definitions as they are");
        return Ok(());
    }
    let plans = apply_files(&ctx, &files, force).await.map_err(refused)?;
    show(&plans);
    Ok(())
}

/// Computes values of a plugin's functions again.
async fn again(app: &App, plugin: &str, dry_run: bool) -> anyhow::Result<()> {
    let plugin = PluginId::parse(plugin).map_err(|it| Failure::with_exit(it, exit::INVALID))?;
    let ctx = OpContext::new(app, &Actor::Operator);
    let reach = Reach { dry_run, force: false };
    show(&recompute(&ctx, &plugin, reach).await.map_err(refused)?);
    Ok(())
}

fn show(plans: &[CollectionPlan]) {
    if plans.is_empty() {
        say("nothing changes");
    }
    for plan in plans {
        say(&plan.collection);
        told(plan).iter().for_each(|line| say(format_args!("  {line}")));
    }
}

async fn list(app: &App, as_json: bool) -> anyhow::Result<()> {
    let ctx = OpContext::new(app, &Actor::Operator);
    let records = list_collections(&ctx).await.map_err(fault)?;
    if as_json {
        let items: Vec<_> = records.iter().map(json_of).collect();
        say(serde_json::to_string_pretty(&items)?);
        return Ok(());
    }
    for record in records {
        say(format_args!(
            "{:<24} {:<9} {:>3} fields, changed {} by {}",
            record.definition.name.as_str(),
            record.origin.name(),
            record.definition.fields.len(),
            record.changed_at,
            record.changed_by,
        ));
    }
    Ok(())
}

fn json_of(record: &DefinitionRecord) -> serde_json::Value {
    json!({
        "name": record.definition.name.as_str(),
        "origin": record.origin.name(),
        "revision": record.revision.number(),
        "fields": record.definition.fields.len(),
        "changed_at": record.changed_at.to_string(),
        "changed_by": record.changed_by,
    })
}

/// Prints the file that says what a collection is.
async fn export(app: &App, name: &str) -> anyhow::Result<()> {
    let ctx = OpContext::new(app, &Actor::Operator);
    let record = get_collection(&ctx, name).await.map_err(fault)?;
    say(collection_file(&record.definition).trim_end());
    Ok(())
}
