//! Files that were uploaded.

use serde::Serialize;

use super::{AdminPage, AssetCard, Frame, HelpBox, Mistake, Paging, Tab};

/// One page of the library.
#[derive(Debug, Clone, Serialize)]
pub struct MediaPage {
    /// What stands around it.
    pub frame: Frame,
    /// What was searched for.
    pub query: String,
    /// Kinds of files.
    pub tabs: Vec<Tab>,
    /// The kind that is shown; empty for every one.
    pub kind: String,
    /// The files.
    pub assets: Vec<AssetCard>,
    /// Where the list goes on.
    pub paging: Paging,
    /// Whether the person may upload.
    pub may_upload: bool,
    /// The largest file, in words.
    pub size_max: String,
}

/// One file.
#[derive(Debug, Clone, Serialize)]
pub struct AssetPage {
    /// What stands around it.
    pub frame: Frame,
    /// The file.
    pub asset: AssetCard,
    /// The revision that the person saw.
    pub revision: u64,
    /// Help of a model, which says what it shows; `None` where there is none.
    pub help: Option<HelpBox>,
    /// Where the file itself is.
    pub file_url: String,
    /// A picture of middle size; empty for a file that is none.
    pub image: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its size, in words.
    pub size: String,
    /// Width and height; empty for a file that has none.
    pub dimensions: String,
    /// Who uploaded it.
    pub uploaded_by: String,
    /// When, in milliseconds.
    pub created_at: i64,
    /// The title.
    pub title: String,
    /// The caption.
    pub caption: String,
    /// The focal point from the left, in percent.
    pub focal_x: String,
    /// The focal point from the top, in percent.
    pub focal_y: String,
    /// Entries that use it.
    pub uses: Vec<AssetUse>,
    /// Whether there may be more.
    pub more_uses: bool,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
    /// Whether the person may change what is said about it.
    pub may_change: bool,
    /// Whether the person may take it away.
    pub may_delete: bool,
}

/// An entry that uses a file.
#[derive(Debug, Clone, Serialize)]
pub struct AssetUse {
    /// Its title.
    pub title: String,
    /// Where it is edited.
    pub url: String,
    /// The fields that use it.
    pub fields: String,
}

impl AdminPage for MediaPage {
    const TEMPLATE: &'static str = "media.html";
}

impl AdminPage for AssetPage {
    const TEMPLATE: &'static str = "asset.html";
}
