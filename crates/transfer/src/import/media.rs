//! Media: from a file beside the source or an address on the web into the site.

use std::collections::HashMap;
use std::path::PathBuf;

use async_trait::async_trait;

use crate::error::Place;
use crate::item::Asset;
use crate::note::{Note, NoteKind};
use crate::report::Report;

/// A medium that is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMedium {
    /// Unique and the same in every run: a medium with this key that is there is not stored again.
    pub key: String,
    /// Where it is.
    pub from: MediumSource,
    /// The name of its file.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What stands for it where it cannot be seen.
    pub alt: Option<String>,
    /// The text beneath it.
    pub caption: Option<String>,
}

/// Where a medium is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediumSource {
    /// A file inside the folder of the source: that was checked.
    File(PathBuf),
    /// An address on the web: not checked yet.
    Url(String),
}

/// A medium that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMedium {
    /// Its id among the assets of the site.
    pub id: String,
    /// Its address on the site.
    pub url: String,
    /// Whether it was there already.
    pub present: bool,
}

/// Why a medium was not stored: a sentence for the report.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct MediaError(pub String);

/// Where media go. The composition root joins it from the fetching and the storing of the site.
#[async_trait]
pub trait MediaStore: Send + Sync {
    /// Stores a medium, or finds it.
    async fn store(&self, medium: NewMedium) -> Result<StoredMedium, MediaError>;
}

/// What became of the media that were asked for, by their address or key.
#[derive(Default)]
pub(super) struct Media {
    known: HashMap<String, Option<StoredMedium>>,
}

impl Media {
    /// What is known of a medium; `None` when it was not asked for yet.
    pub(super) fn known(&self, url: &str) -> Option<Option<&StoredMedium>> {
        self.known.get(url).map(Option::as_ref)
    }

    /// Stores a medium once.
    pub(super) async fn ensure(
        &mut self,
        store: &dyn MediaStore,
        asset: &Asset,
        from: MediumSource,
        key: String,
        report: &mut Report,
    ) -> Option<StoredMedium> {
        if let Some(known) = self.known.get(&asset.url) {
            return known.clone();
        }
        let medium = NewMedium {
            key,
            from,
            name: name_of(&asset.url),
            title: asset.title.clone(),
            alt: asset.alt.clone(),
            caption: asset.caption.clone(),
        };
        let stored = match store.store(medium).await {
            Ok(stored) => {
                let count = report.count("media");
                if stored.present {
                    count.present += 1;
                } else {
                    count.added += 1;
                }
                Some(stored)
            }
            Err(error) => {
                report.count("media").failed += 1;
                note(&asset.place, &asset.url, NoteKind::MediaFailed, error.to_string(), report);
                None
            }
        };
        self.known.insert(asset.url.clone(), stored.clone());
        stored
    }

    /// Says once that a medium stays where it is.
    pub(super) fn leave(&mut self, place: &Place, url: &str, reason: &str, report: &mut Report) {
        if self.known.insert(url.to_owned(), None).is_none() {
            note(place, url, NoteKind::MediaLeft, reason.to_owned(), report);
        }
    }
}

fn note(place: &Place, url: &str, kind: NoteKind, message: String, report: &mut Report) {
    report.note(Note::new(kind, place, url, message));
}

/// The name of the file that an address ends with.
fn name_of(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = crate::html::decode_percent(name);
    if name.is_empty() { "file".to_owned() } else { name }
}

/// The address without the size that WordPress puts into the names of its smaller pictures: `a-300x200.jpg`.
pub(super) fn without_size(url: &str) -> Option<String> {
    let (stem, extension) = url.rsplit_once('.')?;
    let (stem, size) = stem.rsplit_once('-')?;
    let (width, height) = size.split_once('x')?;
    let number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    (number(width) && number(height)).then(|| format!("{stem}.{extension}"))
}

#[cfg(test)]
mod tests {
    use super::{name_of, without_size};

    #[test]
    fn smaller_pictures_are_the_picture_they_are_made_from() {
        assert_eq!(
            without_size("https://a.example/b-c-300x200.jpg").as_deref(),
            Some("https://a.example/b-c.jpg")
        );
        assert_eq!(without_size("/b-x200.jpg"), None);
        assert_eq!(without_size("/b.jpg"), None);
        assert_eq!(name_of("https://a.example/x/b%20c.jpg?y"), "b c.jpg");
        assert_eq!(name_of("https://a.example/"), "file");
    }
}
