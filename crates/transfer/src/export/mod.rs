//! Everything of a site as a folder that people can read and `smartcms import site` reads back.
//!
//! `content/COLLECTION/SLUG.md` holds what readers see, or a draft; `SLUG.draft.md` beside it the newest state when that
//! is another; `media/ID/NAME` an uploaded file, `menus.json` and
//! `redirects.jsonl` how the site is arranged. Front matter has its keys in a fixed order, so that two exports of the same
//! content are the same bytes.

mod arranged;
mod document;
mod media;
mod read;
mod toml_text;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use serde_json::json;
use smartcms_app::assets::AssetError;
use smartcms_app::ports::{Cursor, EntryQuery, Listing, PAGE_LEN_MAX, StoreError};
use smartcms_app::{Fault, FaultKind, OpContext};
use smartcms_domain::collections::CollectionDefinition;
use smartcms_domain::entries::Entry;
use smartcms_domain::locales::Locale;

pub use self::read::read_export;
use crate::progress::Progress;

/// The file by which an export is known.
pub const MANIFEST_NAME: &str = "smartcms-export.json";
/// What the manifest says it is.
pub(crate) const FORMAT: &str = "smartcms-export";
/// The version of the folder's shape; a later one may not be readable here.
pub(crate) const VERSION: u64 = 1;

/// What was exported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// How many entries of each collection.
    pub entries: BTreeMap<String, u64>,
    /// How many uploaded files.
    pub media: u64,
    /// How many menus.
    pub menus: u64,
    /// How many redirects.
    pub redirects: u64,
}

/// Why an export came to its end early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder holds something already.
    #[error("{} is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// A file could not be written.
    #[error("could not write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// An uploaded file could not be read.
    #[error("could not read the file of asset {asset}")]
    Media {
        /// Which.
        asset: String,
        /// Why not.
        #[source]
        source: Box<AssetError>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fault for ExportError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::NotEmpty(_) => FaultKind::Conflict,
            Self::Write { .. } | Self::Media { .. } | Self::Store(_) => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::NotEmpty(_) => "export.not-empty",
            Self::Write { .. } => "export.write",
            Self::Media { .. } => "export.media",
            Self::Store(_) => "store.unavailable",
        }
    }

    fn hint(&self) -> Option<String> {
        matches!(self, Self::NotEmpty(_)).then(|| "name a folder that is not there yet".to_owned())
    }
}

/// Writes everything of a site into a folder. Entries in the trash and older revisions are left out.
pub async fn export_site(
    ctx: &OpContext<'_>,
    folder: &Path,
    collections: &Path,
    progress: &dyn Progress,
) -> Result<Exported, ExportError> {
    make_folder(folder)?;
    copy_definitions(collections, &folder.join("collections"))?;
    let mut exported = Exported::default();
    for definition in ctx.app.collections.all().iter() {
        progress.begin(&definition.label, 0);
        let count = export_collection(ctx, definition, folder, progress).await?;
        exported.entries.insert(definition.name.to_string(), count);
    }
    exported.media = media::export_media(ctx, folder, progress).await?;
    arranged::export_arranged(ctx, folder, &mut exported).await?;
    // The manifest comes last: a folder without one is an export that was interrupted.
    let manifest = json!({
        "format": FORMAT,
        "version": VERSION,
        "site": { "title": ctx.app.site.title, "language": ctx.app.site.locales.default().as_str() },
        "entries": exported.entries,
        "media": exported.media,
    });
    write(&folder.join(MANIFEST_NAME), format!("{manifest:#}\n").as_bytes())?;
    Ok(exported)
}

fn make_folder(folder: &Path) -> Result<(), ExportError> {
    let failed = |source| ExportError::Write { path: folder.to_owned(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let is_empty = std::fs::read_dir(folder).map_err(failed)?.next().is_none();
    if is_empty { Ok(()) } else { Err(ExportError::NotEmpty(folder.to_owned())) }
}

fn copy_definitions(from: &Path, to: &Path) -> Result<(), ExportError> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(from).into_iter().flatten().flatten().map(|it| it.path()).collect();
    files.retain(|it| it.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    for path in files {
        let Some(name) = path.file_name() else { continue };
        let text = std::fs::read(&path)
            .map_err(|source| ExportError::Write { path: path.clone(), source })?;
        write(&to.join(name), &text)?;
    }
    Ok(())
}

async fn export_collection(
    ctx: &OpContext<'_>,
    definition: &CollectionDefinition,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<u64, ExportError> {
    let folder = folder.join("content").join(definition.name.as_str());
    let default = ctx.app.site.locales.default();
    let mut names = HashSet::new();
    let mut count = 0;
    let mut after: Option<Cursor> = None;
    loop {
        let query = EntryQuery {
            author: None,
            collection: definition.name.clone(),
            listing: Listing::Newest(None),
            locale: None,
            fallbacks: Vec::new(),
            filter: None,
            sort: Vec::new(),
            limit: PAGE_LEN_MAX,
            after,
        };
        let page = ctx.app.entries.list(&query).await?;
        for entry in &page.entries {
            export_entry(definition, entry, default, &folder, &mut names)?;
            count += 1;
            progress.reach(count);
        }
        after = page.next;
        if after.is_none() {
            return Ok(count);
        }
    }
}

fn export_entry(
    definition: &CollectionDefinition,
    entry: &Entry,
    default: &Locale,
    folder: &Path,
    names: &mut HashSet<String>,
) -> Result<(), ExportError> {
    let slug = entry.live.as_ref().map_or(&entry.slug, |live| &live.slug);
    let name = if entry.locale == *default {
        slug.to_string()
    } else {
        format!("{slug}.{}", entry.locale)
    };
    // One entry's public slug can be another's newest one.
    let name = if names.insert(name.clone()) { name } else { format!("{name}.{}", entry.id) };
    let main = document::main(definition, entry);
    write(&folder.join(format!("{name}.md")), main.as_bytes())?;
    if entry.live.is_some() && entry.has_newer_draft() {
        let draft = document::draft(definition, entry);
        write(&folder.join(format!("{name}.draft.md")), draft.as_bytes())?;
    }
    Ok(())
}

fn write(path: &Path, content: &[u8]) -> Result<(), ExportError> {
    let failed = |source| ExportError::Write { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, content).map_err(failed)
}
