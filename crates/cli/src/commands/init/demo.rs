//! Content to look at in a new site.

use std::collections::HashMap;

use anyhow::Context;
use bytes::Bytes;
use serde_json::Value;
use smartcms_app::assets::{begin_upload, file_address};
use smartcms_app::entries::{ChangeEntry, CreateEntry, create_entry, publish_entry};
use smartcms_app::{App, OpContext};
use smartcms_domain::actors::Actor;
use smartcms_domain::assets::{Asset, AssetChange, FocalPoint};
use smartcms_domain::collections::{CollectionDefinition, FieldKind};
use smartcms_domain::entries::Fields;

use crate::failure::fault;

include!("demo_files.rs");

/// What entries of the demo content refer to.
#[derive(Default)]
struct Known {
    /// Pictures by name.
    pictures: HashMap<&'static str, Asset>,
    /// Ids of entries by collection and slug.
    entries: HashMap<(String, String), String>,
}

/// Stores and publishes the demo content, the oldest first.
pub(super) async fn add(app: &App) -> anyhow::Result<()> {
    let ctx = OpContext::new(app, &Actor::Operator);
    let mut known = Known::default();
    for picture in DEMO_PICTURES {
        let asset = upload(&ctx, picture).await;
        known.pictures.insert(picture.name, asset.with_context(|| picture.name)?);
    }
    for (collection, text) in DEMO_FILES {
        let definition = app.collections.find(collection);
        let definition = definition.with_context(|| format!("there is no {collection}"))?;
        let command = read(&definition, text, &known);
        let command = command.with_context(|| format!("demo content of {collection}"))?;
        let entry = create_entry(&ctx, command).await.map_err(fault)?;
        let place = ((*collection).to_owned(), entry.slug.to_string());
        known.entries.insert(place, entry.id.to_string());
        // What has no drafts is public as soon as it is stored.
        if definition.drafts {
            let change = ChangeEntry {
                collection: (*collection).to_owned(),
                id: entry.id,
                seen: Some(entry.revision),
            };
            publish_entry(&ctx, change).await.map_err(fault)?;
        }
    }
    Ok(())
}

async fn upload(ctx: &OpContext<'_>, picture: &DemoPicture) -> anyhow::Result<Asset> {
    let (x, y) = picture.focal_point;
    let described = AssetChange {
        alt: Some(picture.alt.to_owned()),
        caption: Some(picture.caption.to_owned()),
        focal_point: Some(FocalPoint::new(x, y)?),
        ..AssetChange::default()
    };
    let mut upload = begin_upload(ctx, Some(picture.bytes.len() as u64)).await.map_err(fault)?;
    upload.write(Bytes::from_static(picture.bytes)).await.map_err(fault)?;
    Ok(upload.finish(picture.name, described).await.map_err(fault)?.asset)
}

/// Reads front matter between two `---` lines: `name: value`, each on its line; what follows is the body. Pictures
/// are called by their names, in the body by where they lie, and other entries by their slugs.
fn read(
    definition: &CollectionDefinition,
    text: &str,
    known: &Known,
) -> anyhow::Result<CreateEntry> {
    let rest = text.strip_prefix("---\n").context("it begins with `---`")?;
    let (head, body) = rest.split_once("\n---\n").context("its head ends with `---`")?;
    let mut fields = Fields::default();
    let mut slug = None;
    for line in head.lines() {
        let (name, text) =
            line.split_once(": ").with_context(|| format!("`{line}` is not `name: value`"))?;
        let text = text.trim().trim_matches('"');
        match name {
            "slug" => slug = Some(text.to_owned()),
            _ => fields.set(name, value(definition, name, text, known)?),
        }
    }
    let mut body = body.trim_start().to_owned();
    for (name, asset) in &known.pictures {
        let written = format!("](../../media/{name})");
        body = body.replace(&written, &format!("]({})", file_address(asset)));
    }
    let field = definition.body.as_ref().context("the collection has a body")?;
    fields.set(field.as_str(), Value::from(body));
    Ok(CreateEntry {
        collection: definition.name.to_string(),
        slug,
        fields,
        locale: None,
        translation_of: None,
        message: None,
    })
}

fn value(
    definition: &CollectionDefinition,
    name: &str,
    text: &str,
    known: &Known,
) -> anyhow::Result<Value> {
    match definition.field(name).map(|it| &it.kind) {
        Some(FieldKind::Asset) => {
            let asset = known.pictures.get(text).with_context(|| format!("no picture {text}"))?;
            Ok(Value::from(asset.id.to_string()))
        }
        Some(FieldKind::Relation(relation)) => {
            let id = |slug: &str| {
                let place = (relation.to.to_string(), slug.to_owned());
                let id = known.entries.get(&place);
                id.map(|it| Value::from(it.as_str())).with_context(|| format!("no {slug}"))
            };
            text.split(", ").map(id).collect()
        }
        _ => Ok(Value::from(text)),
    }
}
