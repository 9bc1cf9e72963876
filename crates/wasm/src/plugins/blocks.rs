//! Blocks of rich text. Data is not held against the schema of its block here: what reads schemas is not in this build.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::Value;
use smartcms_app::ports::{BlockCheck, BlockPlace, PluginBlockKind, PluginFailure, ShownBlock};
use smartcms_app::rendering::sanitise_html;
use smartcms_domain::blocks::PluginBlockName;

use super::convert::quoted;
use super::host::Called;
use crate::host_interfaces::smartcms::portable::plugins as wit;

/// The most kinds of one plugin.
const KINDS_MAX: usize = 100;
/// The longest title and description, in characters.
const WORDS_LEN_MAX: usize = 200;
/// The longest schema, and the longest data of a block, in bytes.
const JSON_BYTES_MAX: usize = 64 * 1024;

/// What is known of a plugin's blocks, or why nothing is.
#[derive(Default)]
pub(super) struct KnownBlocks(OnceLock<Result<Vec<PluginBlockKind>, PluginFailure>>);

/// The kinds of a plugin, which is asked once.
pub(super) fn kinds(plugin: &Called) -> Result<&[PluginBlockKind], PluginFailure> {
    let ask = || {
        checked(plugin, wit::list_blocks(plugin.count())).map_err(|reason| {
            plugin.unusable(&format!("gave no list of blocks that is of use: {reason}"))
        })
    };
    plugin.blocks.0.get_or_init(ask).as_deref().map_err(Clone::clone)
}

pub(super) fn render(
    plugin: &Called,
    name: &PluginBlockName,
    data: &Value,
    place: BlockPlace<'_>,
) -> Result<Option<ShownBlock>, PluginFailure> {
    if !kinds(plugin)?.iter().any(|it| it.name == *name) {
        return Ok(None);
    }
    let context = wit::BlockContext {
        entry: place.entry.to_string(),
        collection: place.collection.to_string(),
        slug: place.slug.to_string(),
        locale: place.locale.to_string(),
        block: place.block.to_string(),
    };
    let answer = wit::render_block(plugin.count(), name.block(), &attributes(data), &context);
    let html = answer.map_err(|reason| plugin.declined("did not show a block", &reason))?;
    let trusted = plugin.is_trusted;
    let html = if trusted { html } else { sanitise_html(&html) };
    Ok(Some(ShownBlock { html, trusted, repeatable: plugin.is_repeatable }))
}

pub(super) fn check(plugin: &Called, name: &PluginBlockName, data: &Value) -> BlockCheck {
    match kinds(plugin) {
        Err(failure) => return BlockCheck::Unknown(failure.to_string()),
        Ok(kinds) if kinds.iter().any(|it| it.name == *name) => {}
        Ok(_) => {
            return BlockCheck::Unknown(format!("{} has no block {}", plugin.id, name.block()));
        }
    }
    let len = attributes(data).len();
    if len > JSON_BYTES_MAX {
        let reason = format!("its data has {len} bytes; {JSON_BYTES_MAX} is the limit");
        return BlockCheck::Misfits(vec![reason]);
    }
    BlockCheck::Fits
}

fn checked(plugin: &Called, listed: Vec<wit::BlockKind>) -> Result<Vec<PluginBlockKind>, String> {
    if listed.len() > KINDS_MAX {
        return Err(format!("it has {} kinds; {KINDS_MAX} is the limit", listed.len()));
    }
    let mut names = BTreeSet::new();
    for block in &listed {
        if !names.insert(&block.name) {
            return Err(format!("it lists `{}` twice", quoted(&block.name)));
        }
    }
    listed.iter().map(|it| kind(plugin, it)).collect()
}

fn kind(plugin: &Called, block: &wit::BlockKind) -> Result<PluginBlockKind, String> {
    let name = PluginBlockName::parse(&format!("{}/{}", plugin.id, block.name))
        .ok_or_else(|| format!("`{}` is no name of a block", quoted(&block.name)))?;
    if block.schema.len() > JSON_BYTES_MAX {
        return Err(format!(
            "the schema of {} has more than {JSON_BYTES_MAX} bytes",
            name.as_str()
        ));
    }
    let schema = serde_json::from_str(&block.schema)
        .map_err(|error| format!("the schema of {}: {error}", name.as_str()))?;
    let words =
        |text: &str| text.chars().filter(|it| !it.is_control()).take(WORDS_LEN_MAX).collect();
    let (title, description) = (words(&block.title), words(&block.description));
    Ok(PluginBlockKind { name, title, description, schema })
}

/// A block without data has no attributes.
fn attributes(data: &Value) -> String {
    if data.is_null() { "{}".to_owned() } else { data.to_string() }
}
