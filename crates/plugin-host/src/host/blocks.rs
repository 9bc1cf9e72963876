//! Blocks of rich text: which there are, what they take, and how they are shown.

use std::collections::BTreeSet;
use std::sync::Arc;

use jsonschema::{PatternOptions, Validator};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde_json::Value;
use smartcms_app::CallChain;
use smartcms_app::ports::{
    BlockCheck, BlockPlace, LogLevel, PluginBlockKind, PluginFailure, ShownBlock,
};
use smartcms_app::rendering::sanitise_html;
use smartcms_domain::actors::Actor;
use smartcms_domain::blocks::PluginBlockName;
use smartcms_domain::plugins::PluginId;
use tokio::sync::OnceCell;

use super::plugin::Plugin;
use super::points::{declined, quoted, reaches_what_changes};
use super::registry::Registry;
use crate::contract::{AskedBlock, ListedBlock, Point};
use crate::error::PluginFault;

/// The most kinds of one plugin.
const KINDS_MAX: usize = 100;
/// The longest title and description, in characters.
const WORDS_LEN_MAX: usize = 200;
/// The longest schema, and the longest data of a block, in bytes.
const JSON_BYTES_MAX: usize = 64 * 1024;
/// The most that is said about the data of one block.
const REASONS_MAX: usize = 10;
/// How much compiled patterns of a schema may take, in bytes.
const PATTERN_BYTES_MAX: usize = 256 * 1024;
/// How much HTML of one plugin's blocks is kept, in bytes.
const SHOWN_BYTES_MAX: u64 = 2 * 1024 * 1024;
/// For how many blocks there is room at first.
const SHOWN_ESTIMATE: usize = 100;
/// What could lead out of a schema, or in a circle.
const REFERENCES: [&str; 4] = ["$ref", "$dynamicRef", "$recursiveRef", "$id"];

/// What is known of a plugin's blocks. It goes with the plugin's version, settings and grants.
pub(crate) struct KnownBlocks {
    kinds: OnceCell<Vec<Kind>>,
    shown: Cache<[u8; 32], Arc<str>, ByBytes>,
}

/// A kind that was checked.
#[derive(Debug)]
struct Kind {
    told: PluginBlockKind,
    schema: Validator,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<[u8; 32], Arc<str>> for ByBytes {
    fn weight(&self, key: &[u8; 32], html: &Arc<str>) -> u64 {
        (key.len() + html.len()) as u64
    }
}

impl Default for KnownBlocks {
    fn default() -> Self {
        let shown = Cache::with_weighter(SHOWN_ESTIMATE, SHOWN_BYTES_MAX, ByBytes);
        Self { kinds: OnceCell::new(), shown }
    }
}

/// The plugin of a block.
pub(super) fn plugin<'a>(
    registry: &'a Registry,
    name: &PluginBlockName,
) -> Option<&'a Arc<Plugin>> {
    let id = PluginId::parse(name.plugin()).ok()?;
    registry.find(&id).filter(|it| it.takes_part(Point::Blocks))
}

/// The HTML of a block: from memory where it cannot be another than last time.
pub(super) async fn render(
    plugin: &Arc<Plugin>,
    name: &PluginBlockName,
    data: &Value,
    place: BlockPlace<'_>,
) -> Result<Option<ShownBlock>, PluginFailure> {
    if !kinds_of(plugin).await?.iter().any(|it| it.told.name == *name) {
        return Ok(None);
    }
    let repeatable = !reaches_what_changes(plugin);
    let trusted = plugin.profile.has("html:trusted");
    let asked = asked(name, data, place);
    let key = key(&asked);
    if repeatable && let Some(html) = plugin.blocks.shown.get(&key) {
        return Ok(Some(ShownBlock { html: html.to_string(), trusted, repeatable }));
    }
    let time = plugin.profile.limits.times.filter;
    let answer = plugin
        .call(time, &for_readers(), move |contract, mut store| async move {
            contract.render_block(&mut store, &asked).await
        })
        .await?;
    let html = answer.map_err(|reason| {
        let failure = declined(plugin, "did not show a block", &reason);
        plugin.profile.log.host(LogLevel::Warn, &failure.message);
        failure
    })?;
    let html = if trusted { html } else { sanitise_html(&html) };
    if repeatable {
        plugin.blocks.shown.insert(key, Arc::from(html.as_str()));
    }
    Ok(Some(ShownBlock { html, trusted, repeatable }))
}

/// Holds data against the schema of its kind.
pub(super) async fn check(registry: &Registry, name: &PluginBlockName, data: &Value) -> BlockCheck {
    let unknown = |reason: String| BlockCheck::Unknown(reason);
    let Some(plugin) = plugin(registry, name) else {
        return unknown(format!("no plugin that is used brings the block {}", name.as_str()));
    };
    let kinds = match kinds_of(plugin).await {
        Ok(kinds) => kinds,
        Err(failure) => return unknown(failure.to_string()),
    };
    let Some(kind) = kinds.iter().find(|it| it.told.name == *name) else {
        return unknown(format!("{} has no block {}", plugin.record.id, name.block()));
    };
    let data = attributes(data);
    let len = data.to_string().len();
    if len > JSON_BYTES_MAX {
        let reason = format!("its data has {len} bytes; {JSON_BYTES_MAX} is the limit");
        return BlockCheck::Misfits(vec![reason]);
    }
    let reasons: Vec<String> =
        kind.schema.iter_errors(&data).take(REASONS_MAX).map(|it| told(&it)).collect();
    if reasons.is_empty() { BlockCheck::Fits } else { BlockCheck::Misfits(reasons) }
}

/// Every kind of every plugin.
pub(super) async fn kinds(registry: &Registry) -> Vec<PluginBlockKind> {
    let mut told = Vec::new();
    for plugin in registry.at(Point::Blocks) {
        if let Ok(kinds) = kinds_of(plugin).await {
            told.extend(kinds.iter().map(|it| it.told.clone()));
        }
    }
    told
}

/// The kinds of a plugin, which is asked once.
async fn kinds_of(plugin: &Arc<Plugin>) -> Result<&[Kind], PluginFailure> {
    let ask = async || {
        let time = plugin.profile.limits.times.filter;
        let listed = plugin
            .call(time, &for_readers(), move |contract, mut store| async move {
                contract.block_kinds(&mut store).await
            })
            .await?;
        checked(&plugin.record.id, listed).map_err(|reason| {
            plugin.failed(&PluginFault::Host(format!("its list of blocks is of no use: {reason}")))
        })
    };
    Ok(plugin.blocks.kinds.get_or_try_init(ask).await?)
}

fn checked(plugin: &PluginId, listed: Vec<ListedBlock>) -> Result<Vec<Kind>, String> {
    if listed.len() > KINDS_MAX {
        return Err(format!("it has {} kinds; {KINDS_MAX} is the limit", listed.len()));
    }
    let mut names = BTreeSet::new();
    let mut kinds = Vec::with_capacity(listed.len());
    for block in listed {
        if !names.insert(block.name.clone()) {
            return Err(format!("it lists `{}` twice", quoted(&block.name)));
        }
        kinds.push(kind(plugin, block)?);
    }
    Ok(kinds)
}

fn kind(plugin: &PluginId, block: ListedBlock) -> Result<Kind, String> {
    let name = PluginBlockName::parse(&format!("{plugin}/{}", block.name))
        .ok_or_else(|| format!("`{}` is no name of a block", quoted(&block.name)))?;
    let refused = |reason: String| format!("the schema of {}: {reason}", name.as_str());
    if block.schema.len() > JSON_BYTES_MAX {
        return Err(refused(format!("it has more than {JSON_BYTES_MAX} bytes")));
    }
    let schema: Value =
        serde_json::from_str(&block.schema).map_err(|error| refused(error.to_string()))?;
    if let Some(reference) = reference_in(&schema) {
        return Err(refused(format!("it has `{reference}`, which schemas of blocks cannot have")));
    }
    // Patterns of the plain engine take time in proportion to the text, whatever they are.
    let patterns = PatternOptions::regex().size_limit(PATTERN_BYTES_MAX);
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .with_pattern_options(patterns)
        .build(&schema)
        .map_err(|error| refused(quoted(&error.to_string())))?;
    let words =
        |text: &str| text.chars().filter(|it| !it.is_control()).take(WORDS_LEN_MAX).collect();
    let told = PluginBlockKind {
        title: words(&block.title),
        description: words(&block.description),
        name,
        schema,
    };
    Ok(Kind { told, schema: validator })
}

fn reference_in(schema: &Value) -> Option<&'static str> {
    let mut open = vec![schema];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                if let Some(found) = REFERENCES.into_iter().find(|it| members.contains_key(*it)) {
                    return Some(found);
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    None
}

fn told(error: &jsonschema::ValidationError<'_>) -> String {
    let place = error.instance_path().to_string();
    let message = quoted(&error.to_string());
    if place.is_empty() { message } else { format!("{place}: {message}") }
}

/// What is on a page is for everybody, so a block gets at content as readers do.
fn for_readers() -> CallChain {
    CallChain::acting_for(Actor::Anonymous)
}

/// A block without data has no attributes.
fn attributes(data: &Value) -> Value {
    if data.is_null() { Value::Object(serde_json::Map::new()) } else { data.clone() }
}

fn asked(name: &PluginBlockName, data: &Value, place: BlockPlace<'_>) -> AskedBlock {
    AskedBlock {
        kind: name.block().to_owned(),
        attributes: attributes(data).to_string(),
        entry: place.entry,
        collection: place.collection.clone(),
        slug: place.slug.clone(),
        locale: place.locale.clone(),
        block: place.block.clone(),
    }
}

/// Everything that the plugin is told.
fn key(asked: &AskedBlock) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let entry = asked.entry.to_string();
    for part in [
        asked.kind.as_str(),
        &asked.attributes,
        &entry,
        asked.collection.as_str(),
        asked.slug.as_str(),
        asked.locale.as_str(),
        asked.block.as_str(),
    ] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    *hasher.finalize().as_bytes()
}
