//! An asset and how it may change.

use super::{AssetId, AssetName, FocalPoint, MediaType};
use crate::entries::Revision;
use crate::{Problem, Timestamp};

/// The longest alternative text, in characters.
pub const ALT_LEN_MAX: usize = 1_000;
/// The longest title, in characters.
pub const TITLE_LEN_MAX: usize = 200;
/// The longest caption, in characters.
pub const CAPTION_LEN_MAX: usize = 2_000;

/// An uploaded file. Its bytes never change; what is said about them may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its lasting identity.
    pub id: AssetId,
    /// What it is called.
    pub name: AssetName,
    /// What it is, by its content.
    pub media_type: MediaType,
    /// How many bytes are stored.
    pub bytes_len: u64,
    /// The BLAKE3 hash of the stored bytes. No two assets have the same.
    pub digest: [u8; 32],
    /// The BLAKE3 hash of the bytes as they came, before they were cleaned.
    pub original_digest: [u8; 32],
    /// The size of an image, as it is shown.
    pub dimensions: Option<Dimensions>,
    /// Whether an image moves: variants would stop it, so it has none.
    pub animated: bool,
    /// A blurred picture of an image in some 25 bytes.
    pub thumbhash: Option<Vec<u8>>,
    /// What stays visible when an image is cut.
    pub focal_point: FocalPoint,
    /// What an image shows, for those who do not see it.
    pub alt: Option<String>,
    /// A title.
    pub title: Option<String>,
    /// A text below it.
    pub caption: Option<String>,
    /// Counts the changes of what is said about it.
    pub revision: Revision,
    /// Who uploaded it.
    pub uploaded_by: String,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The size of an image, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dimensions {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// What to change; `None` stays as it is. An empty text takes a text away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssetChange {
    /// Another name; its ending follows the type.
    pub name: Option<String>,
    /// Another alternative text.
    pub alt: Option<String>,
    /// Another title.
    pub title: Option<String>,
    /// Another caption.
    pub caption: Option<String>,
    /// Another focal point.
    pub focal_point: Option<FocalPoint>,
}

/// Somebody else changed the asset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("asset {asset} is at revision {stored}, the editor saw {seen}")]
pub struct AssetStale {
    /// Which asset.
    pub asset: AssetId,
    /// What the editor saw.
    pub seen: Revision,
    /// What is stored.
    pub stored: Revision,
}

impl Dimensions {
    /// How many pixels there are.
    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

impl Asset {
    /// Refuses when the stored state is not the one that was seen.
    pub fn require_seen(&self, seen: Option<Revision>) -> Result<(), AssetStale> {
        match seen {
            Some(seen) if seen != self.revision => {
                Err(AssetStale { asset: self.id, seen, stored: self.revision })
            }
            _ => Ok(()),
        }
    }

    /// The asset after a change; what is wrong with it, if anything is.
    pub fn changed(mut self, change: AssetChange, now: Timestamp) -> Result<Self, Vec<Problem>> {
        self.describe(change)?;
        self.revision = self.revision.next();
        self.updated_at = now;
        Ok(self)
    }

    /// Takes over what is said about the asset, all or nothing.
    pub fn describe(&mut self, change: AssetChange) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        let texts = [
            ("alt", &change.alt, ALT_LEN_MAX),
            ("title", &change.title, TITLE_LEN_MAX),
            ("caption", &change.caption, CAPTION_LEN_MAX),
        ];
        for (field, text, len_max) in texts {
            problems.extend(text.as_deref().and_then(|it| too_long(field, it, len_max)));
        }
        if change.name.as_deref().is_some_and(|it| it.trim().is_empty()) {
            problems.push(Problem::field("name", "required", "a name cannot be empty"));
        }
        if change.focal_point.is_some() && !self.media_type.is_image() {
            let message = format!("only an image has a focal point; this is {}", self.media_type);
            problems.push(Problem::field("focal_point", "not-an-image", message));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        if let Some(name) = change.name {
            self.name = AssetName::of(&name, self.media_type);
        }
        take(&mut self.alt, change.alt);
        take(&mut self.title, change.title);
        take(&mut self.caption, change.caption);
        self.focal_point = change.focal_point.unwrap_or(self.focal_point);
        Ok(())
    }
}

fn too_long(field: &str, text: &str, len_max: usize) -> Option<Problem> {
    let len = text.chars().count();
    (len > len_max).then(|| {
        let message = format!("`{field}` has {len} characters; {len_max} is the limit");
        Problem::field(field, "too-long", message)
    })
}

fn take(place: &mut Option<String>, text: Option<String>) {
    if let Some(text) = text {
        *place = Some(text).filter(|it| !it.trim().is_empty());
    }
}
