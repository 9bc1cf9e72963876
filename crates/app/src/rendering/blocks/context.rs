//! What a document needs from around it to be shown.

use smartcms_domain::blocks::{BlockId, Image, ImageSource};

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

/// The HTML of a plugin's block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PluginHtml {
    /// It is sanitised.
    Untrusted(String),
    /// A tag that stands for what is put in when the text is finished.
    Place(String),
}

/// Answers what a document alone does not say.
pub trait BlockContext {
    /// How an image is shown; `None` where there is none any more.
    fn image(&self, image: &Image) -> Option<ImageTag>;

    /// How the plugin's block with this id is shown; `None` shows nothing.
    fn plugin_block(&self, _id: &BlockId) -> Option<PluginHtml> {
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
