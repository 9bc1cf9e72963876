//! Content to look at in a new site.

use anyhow::Context;
use serde_json::Value;
use smartcms_app::entries::{ChangeEntry, CreateEntry, create_entry, publish_entry};
use smartcms_app::{App, OpContext};
use smartcms_domain::actors::Actor;
use smartcms_domain::entries::Fields;

use crate::failure::fault;

include!("demo_files.rs");

/// Stores and publishes the demo content, the oldest first.
pub(super) async fn add(app: &App) -> anyhow::Result<()> {
    let ctx = OpContext::new(app, &Actor::Operator);
    for (collection, text) in DEMO_FILES {
        let command =
            read(collection, text).with_context(|| format!("demo content of {collection}"))?;
        let entry = create_entry(&ctx, command).await.map_err(fault)?;
        let change = ChangeEntry {
            collection: (*collection).to_owned(),
            id: entry.id,
            seen: Some(entry.revision),
        };
        publish_entry(&ctx, change).await.map_err(fault)?;
    }
    Ok(())
}

/// Reads front matter between two `---` lines: `name: value`, each on its line; what follows is the body.
fn read(collection: &str, text: &str) -> anyhow::Result<CreateEntry> {
    let rest = text.strip_prefix("---\n").context("it begins with `---`")?;
    let (head, body) = rest.split_once("\n---\n").context("its head ends with `---`")?;
    let mut fields = Fields::default();
    let mut slug = None;
    for line in head.lines() {
        let (name, value) =
            line.split_once(": ").with_context(|| format!("`{line}` is not `name: value`"))?;
        let value = value.trim().trim_matches('"');
        match name {
            "slug" => slug = Some(value.to_owned()),
            _ => fields.set(name, Value::from(value)),
        }
    }
    fields.set("body", Value::from(body.trim_start()));
    Ok(CreateEntry {
        collection: collection.to_owned(),
        slug,
        fields,
        locale: None,
        translation_of: None,
        message: None,
    })
}
