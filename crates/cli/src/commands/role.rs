//! `smartcms role`.

use std::io::Read;
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};
use smartcms_app::OpContext;
use smartcms_app::roles::{RoleView, SeenRole, get_role, list_roles, remove_role, save_role};
use smartcms_domain::actors::{Actor, Role};

use super::{read_at_most, say};
use crate::args::{Folders, RoleCommand};
use crate::compose::open_for_operator;
use crate::failure::{Failure, exit, fault};

/// The largest definition, in bytes.
const DEFINITION_BYTES_MAX: usize = 1024 * 1024;
const HINT: &str = "docs/roles.md has examples; `smartcms role show NAME` prints one that is there";

pub(super) async fn role(folders: &Folders, command: RoleCommand) -> anyhow::Result<()> {
    let app = open_for_operator(folders)?.app;
    let ctx = OpContext::new(&app, &Actor::Operator);
    match command {
        RoleCommand::List { json } => list(&ctx, json).await,
        RoleCommand::Show { name } => {
            let view = get_role(&ctx, &name).await.map_err(fault)?;
            say(serde_json::to_string_pretty(&document(&view))?);
            Ok(())
        }
        RoleCommand::Set { name, file } => {
            let text = read(&file)?;
            let document: Value = serde_json::from_slice(&text).map_err(|error| {
                let message = format!("{} is not JSON: {error}", file.display());
                Failure::hinted(message, HINT, exit::INVALID)
            })?;
            save_role(&ctx, &name, &document, SeenRole::Whatever).await.map_err(fault)?;
            Ok(())
        }
        RoleCommand::Remove { name } => remove_role(&ctx, &name, None).await.map_err(fault),
    }
}

async fn list(ctx: &OpContext<'_>, as_json: bool) -> anyhow::Result<()> {
    let views = list_roles(ctx).await.map_err(fault)?;
    if as_json {
        let items: Vec<Value> = views.iter().map(named).collect();
        say(serde_json::to_string_pretty(&items)?);
        return Ok(());
    }
    for view in &views {
        let what = match &view.role {
            Role::BuiltIn(_) => "built-in".to_owned(),
            Role::Custom(role) => format!("{}, on {}", role.label, role.base),
        };
        say(format_args!("{:<24} {what}", view.role.name()));
    }
    Ok(())
}

fn named(view: &RoleView) -> Value {
    let mut document = document(view);
    if let Some(members) = document.as_object_mut() {
        members.insert("name".to_owned(), json!(view.role.name()));
        members.insert("built_in".to_owned(), json!(view.record.is_none()));
    }
    document
}

fn document(view: &RoleView) -> Value {
    match &view.role {
        Role::Custom(role) => role.document(),
        Role::BuiltIn(rank) => json!({ "label": rank.name(), "base": rank.name() }),
    }
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    if file != Path::new("-") {
        return read_at_most(file, DEFINITION_BYTES_MAX);
    }
    let mut text = Vec::new();
    let input = std::io::stdin().lock().take(DEFINITION_BYTES_MAX as u64);
    { input }.read_to_end(&mut text).context("could not read standard input")?;
    Ok(text)
}
