//! What a document needs from around it to be shown.

use serde_json::Value;
use smartcms_domain::blocks::{Image, ImageSource, PluginBlockName};

/// How an image is shown. Everything is escaped and checked by the renderer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageTag {
    /// The address.
    pub src: String,
    /// Other sizes of it, as `srcset` has them.
    pub srcset: Option<String>,
    /// How wide it is shown, as `sizes` has it.
    pub sizes: Option<String>,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// The alternative text in place of an empty one.
    pub alt: Option<String>,
}

/// Answers what a document alone does not say.
pub trait BlockContext {
    /// How an image is shown; `None` where there is none any more.
    fn image(&self, image: &Image) -> Option<ImageTag>;

    /// The HTML of a plugin's block; it is sanitised. `None` shows nothing.
    fn plugin_block(&self, _name: &PluginBlockName, _data: &Value) -> Option<String> {
        None
    }

    /// The HTML of an embed in place of a link; it is sanitised.
    fn embed(&self, _url: &str) -> Option<String> {
        None
    }
}

/// No media library and no plugins: assets are at `/media/{id}`, and plugins' blocks show nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainContext;

impl BlockContext for PlainContext {
    fn image(&self, image: &Image) -> Option<ImageTag> {
        let src = match &image.source {
            ImageSource::Asset(id) => format!("/media/{id}"),
            ImageSource::Url(url) => url.clone(),
        };
        Some(ImageTag { src, ..ImageTag::default() })
    }
}
