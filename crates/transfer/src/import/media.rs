//! Media: from a file beside the source or an address on the web into the site.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio::sync::{OnceCell, Semaphore};

use super::tally::Tally;
use crate::error::Place;
use crate::item::Asset;
use crate::note::{Note, NoteKind};

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
    /// What stood in the text itself, as a `data:` address.
    Bytes(Vec<u8>),
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

/// How many media are fetched at the same time.
const FETCHING_MAX: usize = 4;

/// What became of the media that were asked for, by their address or key.
pub(super) struct Media {
    known: Mutex<HashMap<String, Known>>,
    fetching: Semaphore,
}

/// What became of one: empty until it is known.
type Known = Arc<OnceCell<Option<StoredMedium>>>;

impl Default for Media {
    fn default() -> Self {
        Self { known: Mutex::default(), fetching: Semaphore::new(FETCHING_MAX) }
    }
}

impl Media {
    fn cell(&self, url: &str) -> Known {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = known.get(url) {
            return Arc::clone(cell);
        }
        Arc::clone(known.entry(url.to_owned()).or_default())
    }

    /// What is known of a medium; `None` when it was not asked for yet.
    pub(super) fn known(&self, url: &str) -> Option<Option<StoredMedium>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(url)?.get().cloned()
    }

    /// Stores a medium once, however many ask for it at the same time.
    pub(super) async fn ensure(
        &self,
        store: &dyn MediaStore,
        asset: &Asset,
        from: MediumSource,
        key: String,
        tally: &mut Tally,
    ) -> Option<StoredMedium> {
        let cell = self.cell(&asset.url);
        let fetched = cell.get_or_init(async || {
            let _turn = self.fetching.acquire().await;
            let medium = NewMedium {
                key,
                from,
                name: name_of(&asset.url),
                title: asset.title.clone(),
                alt: asset.alt.clone(),
                caption: asset.caption.clone(),
            };
            match store.store(medium).await {
                Ok(stored) => {
                    let count = tally.count("media");
                    *(if stored.present { &mut count.present } else { &mut count.added }) += 1;
                    Some(stored)
                }
                Err(error) => {
                    tally.count("media").failed += 1;
                    let message = error.to_string();
                    tally.note(Note::new(NoteKind::MediaFailed, &asset.place, &asset.url, message));
                    None
                }
            }
        });
        fetched.await.clone()
    }

    /// Says once that a medium stays where it is.
    pub(super) fn leave(&self, place: &Place, url: &str, reason: &str, tally: &mut Tally) {
        if self.cell(url).set(None).is_ok() {
            tally.note(Note::new(NoteKind::MediaLeft, place, url, reason));
        }
    }
}

/// The name of the file that an address ends with. What lies beside an entry is called after it: `file:a.md#b.png`.
fn name_of(url: &str) -> String {
    let url = match url.strip_prefix("file:") {
        Some(beside) => beside.split_once('#').map_or(beside, |(_, name)| name),
        None => url,
    };
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = crate::html::decode_percent(name);
    if name.is_empty() { "file".to_owned() } else { name }
}

/// Addresses of the picture that a smaller one was made from, the likeliest first. WordPress puts sizes into names:
/// `a-300x200.jpg` is made from `a.jpg`, or from `a-scaled.jpg` when that was too large itself.
pub(super) fn originals(url: &str) -> Vec<String> {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((stem, extension)) = url.rsplit_once('.') else { return Vec::new() };
    let (stem, is_smaller) = match stem.rsplit_once('-') {
        Some((stem, size)) if is_size(size) => (stem, true),
        _ => (stem, false),
    };
    let names = [stem.to_owned(), format!("{stem}-scaled"), format!("{stem}-rotated")];
    let from = usize::from(!is_smaller);
    names.into_iter().skip(from).map(|it| format!("{it}.{extension}")).collect()
}

fn is_size(text: &str) -> bool {
    let number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    text.split_once('x').is_some_and(|(width, height)| number(width) && number(height))
}

/// The address behind the pictures that wordpress.com makes of those of any site: `https://i0.wp.com/a.example/b.jpg`.
pub(super) fn without_proxy(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let server = host.strip_suffix(".wp.com")?;
    (server.len() == 2 && server.starts_with('i')).then(|| format!("https://{path}"))
}

#[cfg(test)]
mod tests {
    use super::{name_of, originals, without_proxy};

    #[test]
    fn smaller_pictures_are_the_picture_they_are_made_from() {
        let got = originals("https://a.example/b-c-300x200.jpg?w=3");
        assert_eq!(got.first().map(String::as_str), Some("https://a.example/b-c.jpg"));
        assert_eq!(got.get(1).map(String::as_str), Some("https://a.example/b-c-scaled.jpg"));
        let got = originals("/b-x200.jpg");
        assert_eq!(got.first().map(String::as_str), Some("/b-x200-scaled.jpg"));
        let behind = without_proxy("https://i0.wp.com/a.example/b.jpg?w=1");
        assert_eq!(behind.as_deref(), Some("https://a.example/b.jpg?w=1"));
        assert_eq!(without_proxy("https://a.example/b.jpg"), None);
    }

    #[test]
    fn files_are_named_by_their_own_names() {
        assert_eq!(name_of("https://a.example/x/b%20c.jpg?y"), "b c.jpg");
        assert_eq!(name_of("https://a.example/"), "file");
        assert_eq!(name_of("file:posts/trip/index.md#img/hill.svg"), "hill.svg");
    }
}
