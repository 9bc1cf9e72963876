//! The definitions of a site's collections: those that were applied, and those that its files say.

use anyhow::Context;
use smartcms_app::collections::{
    CollectionError, CollectionPlan, FileDefinitions, adopt, apply_files,
};
use smartcms_app::ports::{KnownDefinitions, Origin};
use smartcms_app::{App, Collections, OpContext};
use smartcms_config::{default_collections, load_collections};
use smartcms_domain::actors::Actor;
use smartcms_domain::collections::CollectionDefinition;
use smartcms_store_sql::SqliteStore;

use crate::args::Folders;
use crate::failure::{Failure, exit, fault};

/// The definitions in force: what was applied last; before anything was, what the files say, or the usual ones.
pub(super) fn in_force(folders: &Folders, store: &SqliteStore) -> anyhow::Result<Collections> {
    let known = store.known_definitions()?;
    let collections = Collections::default();
    let definitions = if is_new(&known) {
        let files = load_collections(&folders.site, &[])?;
        if files.is_empty() { default_collections()? } else { files }
    } else {
        known.records.into_iter().map(|it| it.definition).collect()
    };
    collections.take(known.generation, definitions);
    Ok(collections)
}

/// Whether no definition was applied yet.
pub(crate) fn is_new(known: &KnownDefinitions) -> bool {
    known.generation == 0 && known.records.is_empty()
}

/// What the files of the site say, beside what the database keeps.
pub(crate) async fn site_files(folders: &Folders, app: &App) -> anyhow::Result<FileDefinitions> {
    let known = app.definitions.definitions().await?;
    let kept = known.records.into_iter().filter(|it| it.origin == Origin::Database);
    let kept: Vec<CollectionDefinition> = kept.map(|it| it.definition).collect();
    Ok(FileDefinitions(load_collections(&folders.site, &kept)?))
}

/// Applies what the files of a site changed, unless something would be lost.
pub(crate) async fn settle(folders: &Folders, app: &App) -> anyhow::Result<()> {
    let files = site_files(folders, app).await?;
    let ctx = OpContext::new(app, &Actor::Operator);
    if adopt(&ctx, &files, default_collections()?)
        .await
        .map_err(fault)
        .context("could not prepare the collections")?
    {
        return Ok(());
    }
    match apply_files(&ctx, &files, false).await {
        Ok(plans) => {
            for plan in &plans {
                let steps = told(plan).join(" · ");
                tracing::info!(collection = %plan.collection, "applied a changed definition: {steps}");
            }
            Ok(())
        }
        Err(error) => Err(refused(error)),
    }
}

/// Each step of a plan in a line: "isbn: renamed from `code`".
pub(crate) fn told(plan: &CollectionPlan) -> Vec<String> {
    let line = |it: &smartcms_app::collections::PlannedStep| match &it.step.field {
        Some(field) => format!("{field}: {}", it.summary()),
        None => it.summary(),
    };
    plan.steps.iter().map(line).collect()
}

/// A refusal with the whole plan, and the commands that go on from there.
pub(crate) fn refused(error: CollectionError) -> anyhow::Error {
    if error.plans().is_empty() {
        return fault(error);
    }
    let mut message = format!("the files of collections are not applied: {error}");
    for plan in error.plans() {
        message.push_str(&format!("\n  {}", plan.collection));
        told(plan).iter().for_each(|line| message.push_str(&format!("\n    {line}")));
    }
    let hint = if error.plans().iter().any(CollectionPlan::has_duplicates) {
        "change all but one of the entries, or let the field be not unique; `smartcms collections plan` looks again"
    } else {
        "put back what is gone, let fields that have another name say `renamed_from`, or lose it with \
         `smartcms collections apply --force`"
    };
    Failure::hinted(message, hint, exit::CONFLICT)
}
