//! Blocks of plugins in a text: asked before the text is written, put in after everything else.

use std::collections::{BTreeSet, HashMap};

use smartcms_domain::blocks::{Block, BlockId, BlockKind, Document, Image, Visit};
use smartcms_domain::entries::{Entry, Live};
use smartcms_domain::plugins::PluginId;

use super::blocks::{BlockContext, ImageTag, PlainContext, PluginHtml};
use super::source::tag_len;
use crate::App;
use crate::ports::{BlockPlace, ShownBlock};

/// The most blocks of plugins that are shown of one text.
pub const PLUGIN_BLOCKS_MAX: usize = 100;

/// What readers see in the place of a block whose plugin failed.
const MISSING: &str = "<p><em>Something is missing here.</em></p>\n";

/// How a text's blocks of plugins are shown.
#[derive(Debug, Default)]
pub(super) struct PluginBlocks {
    shown: HashMap<BlockId, ShownBlock>,
    /// Stands for HTML that is put in at the end. It is made from all of the text, so that no text can hold it.
    mark: String,
    /// Whether the same HTML would come again.
    pub(super) repeatable: bool,
}

impl PluginBlocks {
    /// Of a text without any.
    pub(super) fn none() -> Self {
        Self { repeatable: true, ..Self::default() }
    }

    /// Asks the plugins of a text's blocks, one block after the other. A plugin that failed is not asked again for this
    /// text, so that it costs its time once.
    pub(super) async fn of(app: &App, entry: &Entry, live: &Live, document: &Document) -> Self {
        let found = plugin_blocks(document);
        let mut blocks = Self::none();
        let mut failed = BTreeSet::new();
        for block in found.iter().take(PLUGIN_BLOCKS_MAX) {
            let BlockKind::Plugin { name, .. } = &block.kind else { continue };
            let plugin = name.plugin().to_owned();
            let shown =
                if failed.contains(&plugin) { None } else { asked(app, entry, live, block).await };
            match shown {
                Some(Some(shown)) => {
                    blocks.repeatable &= shown.repeatable;
                    blocks.shown.insert(block.id.clone(), shown);
                }
                Some(None) => {}
                None => {
                    failed.insert(plugin);
                    blocks.repeatable = false;
                    let missing =
                        ShownBlock { html: MISSING.to_owned(), trusted: false, repeatable: false };
                    blocks.shown.insert(block.id.clone(), missing);
                }
            }
        }
        if blocks.shown.values().any(|it| it.trusted) {
            blocks.mark =
                blake3::hash(document.to_json().to_string().as_bytes()).to_hex().to_string();
        }
        blocks
    }

    fn place_of(&self, id: &BlockId) -> String {
        format!("<div>{}-{id}</div>", self.mark)
    }

    /// Puts HTML that is trusted where its places are in sanitised HTML: between tags, and nowhere else.
    pub(super) fn fill(&self, html: String) -> String {
        if self.mark.is_empty() || !html.contains(&self.mark) {
            return html;
        }
        let trusted = self.shown.iter().filter(|(_, it)| it.trusted);
        let places: Vec<(String, &str)> =
            trusted.map(|(id, it)| (self.place_of(id), it.html.as_str())).collect();
        let (mut filled, mut rest) = (String::with_capacity(html.len()), html.as_str());
        while let Some((before, _)) = rest.split_once('<') {
            let (text, tag) = rest.split_at(before.len());
            filled.push_str(text);
            let place = places.iter().find(|(place, _)| tag.starts_with(place.as_str()));
            let (put, len) = match place {
                Some((place, html)) => (*html, place.len()),
                None => {
                    let len = tag_len(tag);
                    (tag.get(..len).unwrap_or(tag), len)
                }
            };
            filled.push_str(put);
            rest = tag.get(len..).unwrap_or_default();
        }
        filled + rest
    }
}

impl BlockContext for PluginBlocks {
    fn image(&self, image: &Image) -> Option<ImageTag> {
        PlainContext.image(image)
    }

    fn plugin_block(&self, id: &BlockId) -> Option<PluginHtml> {
        let shown = self.shown.get(id)?;
        Some(if shown.trusted {
            PluginHtml::Place(self.place_of(id))
        } else {
            PluginHtml::Untrusted(shown.html.clone())
        })
    }
}

/// What a block's plugin answers; `None` when it failed, and `Some(None)` where there is no plugin for it.
async fn asked(app: &App, entry: &Entry, live: &Live, block: &Block) -> Option<Option<ShownBlock>> {
    let BlockKind::Plugin { name, data } = &block.kind else { return Some(None) };
    if PluginId::parse(name.plugin()).is_err() {
        return Some(None);
    }
    let place = BlockPlace {
        entry: entry.id,
        collection: &entry.collection,
        slug: &live.slug,
        locale: &entry.locale,
        block: &block.id,
    };
    match app.plugins.render_block(name, data, place).await {
        Ok(shown) => Some(shown),
        Err(failure) => {
            tracing::warn!(
                entry.id = %entry.id, block = %block.id, block.kind = name.as_str(), %failure,
                "a block is shown as missing"
            );
            None
        }
    }
}

/// The blocks of plugins in a text, in its order.
pub(crate) fn plugin_blocks(document: &Document) -> Vec<&Block> {
    let mut found = Vec::new();
    document.walk(&mut |visit| {
        if let Visit::Block(block @ Block { kind: BlockKind::Plugin { .. }, .. }) = visit {
            found.push(block);
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::{BlockId, PluginBlocks, ShownBlock};

    #[test]
    fn trusted_html_is_put_between_tags_and_not_into_attributes() {
        let id = BlockId::parse("b1").unwrap();
        let html = "<iframe src=\"https://video.example\"></iframe>".to_owned();
        let shown = ShownBlock { html: html.clone(), trusted: true, repeatable: true };
        let blocks = PluginBlocks {
            shown: [(id.clone(), shown)].into(),
            mark: "mark".to_owned(),
            repeatable: true,
        };
        let place = blocks.place_of(&id);
        assert_eq!(
            blocks.fill(format!("<p>a</p>{place}<p>b</p>")),
            format!("<p>a</p>{html}<p>b</p>")
        );
        let attribute = format!("<p title=\"{place}\">a</p>");
        assert_eq!(blocks.fill(attribute.clone()), attribute);
        assert_eq!(blocks.fill(format!("{place} < {place}")), format!("{html} < {place}"));
    }
}
