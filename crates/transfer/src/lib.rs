//! Import from other systems and export to a folder: what the formats mean, as streams of items.
#![deny(missing_docs)]

mod archive;
mod bounded_json;
mod encoding;
mod error;
mod export;
mod folder;
mod ghost;
mod html;
mod import;
mod item;
pub mod limits;
mod markdown_links;
mod note;
mod open;
mod progress;
mod report;
mod time;
mod wordpress;
mod wxr;

pub use archive::{is_archive, pack, unpack};
pub use error::{Place, SourceError};
pub use export::{ExportError, Exported, MANIFEST_NAME, export_site, read_export};
pub use folder::FolderSource;
pub use ghost::GhostSource;
pub use import::{
    ImportError, ImportOptions, MediaError, MediaStore, MediumSource, NewMedium, StoredMedium,
    import,
};
pub use item::{
    Asset, Author, Body, Comment, Fragment, ImportedEntry, Item, MenuItem, MenuTarget, Redirect,
    Sink, SiteInfo, Source, SourceStatus, Term,
};
pub use note::{Note, NoteKind};
pub use open::{open_folder, open_ghost, open_wxr};
pub use progress::{NoProgress, Progress};
pub use report::{Count, Report};
pub use wxr::WxrSource;
