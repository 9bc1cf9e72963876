//! `smartcms:plugin/blocks` 0.1.0.

use wasmtime::Store;

use super::bindings::blocks::BlockRendererPre;
use super::bindings::blocks::exports::smartcms::plugin::blocks as wit;
use crate::contract::{AskedBlock, ListedBlock};
use crate::state::GuestState;

pub(super) async fn kinds(
    pre: &BlockRendererPre<GuestState>,
    store: &mut Store<GuestState>,
) -> wasmtime::Result<Vec<ListedBlock>> {
    let plugin = pre.instantiate_async(&mut *store).await?;
    let kinds = plugin.smartcms_plugin_blocks().call_list(store).await?;
    let kind = |it: wit::BlockKind| {
        let wit::BlockKind { name, title, description, schema } = it;
        ListedBlock { name, title, description, schema }
    };
    Ok(kinds.into_iter().map(kind).collect())
}

pub(super) async fn render(
    pre: &BlockRendererPre<GuestState>,
    store: &mut Store<GuestState>,
    block: &AskedBlock,
) -> wasmtime::Result<Result<String, String>> {
    let context = wit::BlockContext {
        entry: block.entry.to_string(),
        collection: block.collection.to_string(),
        slug: block.slug.to_string(),
        locale: block.locale.to_string(),
        block: block.block.to_string(),
    };
    let plugin = pre.instantiate_async(&mut *store).await?;
    plugin
        .smartcms_plugin_blocks()
        .call_render(store, &block.kind, &block.attributes, &context)
        .await
}
