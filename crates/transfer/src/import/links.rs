//! Addresses inside bodies: to where things are now.

use super::media::without_size;
use super::parts::Import;
use super::survey::path_of;
use crate::html::rewrite_urls;
use crate::import::media::MediumSource;
use crate::item::{Asset, ImportedEntry};
use crate::markdown_links::rewrite_links;
use crate::report::Report;

/// What stands for the address of the site in Ghost exports.
const GHOST_URL: &str = "__GHOST_URL__";
/// Parts of paths that only media have.
const MEDIA_PATHS: &[&str] =
    &["/wp-content/uploads/", "/content/images/", "/content/media/", "/content/files/"];
/// Endings of files that are media wherever they are.
const MEDIA_ENDINGS: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "pdf", "mp3", "mp4", "m4a", "webm", "ogg",
    "ogv", "wav", "zip",
];

/// Whether a text is HTML or Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    Html,
    Markdown,
}

impl Import<'_> {
    /// A text whose links lead to where things are now; media that it shows are stored on the way.
    pub(super) async fn relinked(
        &mut self,
        text: &str,
        markup: Markup,
        entry: &ImportedEntry,
        report: &mut Report,
    ) -> String {
        let text =
            if text.contains(GHOST_URL) { text.replace(GHOST_URL, "") } else { text.to_owned() };
        if !text.contains("href")
            && !text.contains("src")
            && !text.contains("](")
            && !text.contains("]:")
        {
            return text;
        }
        let mut found: Vec<String> = Vec::new();
        let mut collect = |url: &str, is_medium: bool| {
            if (is_medium || has_media_ending(url)) && !found.iter().any(|it| it == url) {
                found.push(url.to_owned());
            }
            None
        };
        rewrite(&text, markup, &mut collect);
        for url in found {
            self.store_medium(&url, entry, report).await;
        }
        rewrite(&text, markup, &mut |url, _| self.new_address(url, entry))
    }

    /// Stores what an address in an entry shows, if it belongs to the source. Gives its id and address on the site.
    pub(super) async fn store_medium(
        &mut self,
        url: &str,
        entry: &ImportedEntry,
        report: &mut Report,
    ) -> Option<super::media::StoredMedium> {
        let asset = self.asset_at(url, entry)?;
        if let Some(known) = self.media.known(&asset.url) {
            return known.cloned();
        }
        let file = self.source.local_media(url, &entry.key);
        let from = match file {
            Some(path) => MediumSource::File(path),
            None if asset.location.contains("://") => MediumSource::Url(asset.location.clone()),
            None => {
                let reason = "no file with this path is in the folder";
                self.media.leave(&entry.place, &asset.url, reason, report);
                return None;
            }
        };
        let Some(store) = self.media_store else {
            let reason = "it was not copied; the address stays as it was";
            self.media.leave(&entry.place, &asset.url, reason, report);
            return None;
        };
        let key = format!("{}\n{}", self.source_key, asset.url);
        self.media.ensure(store, &asset, from, key, report).await
    }

    /// The medium at an address, if it belongs to the source and is not merely shown.
    fn asset_at(&self, url: &str, entry: &ImportedEntry) -> Option<Asset> {
        let url = url.strip_prefix(GHOST_URL).unwrap_or(url);
        let base = self.survey.site.base_url.as_deref();
        let original = without_size(url);
        for url in original.as_deref().into_iter().chain([url]) {
            let listed =
                self.asset_by_url.get(&url_key(url)).and_then(|it| self.survey.assets.get(it));
            if let Some(asset) = listed {
                return Some(asset.clone());
            }
        }
        let absolute = match path_of(url, base) {
            // A path without a site stays a path: it can only be a file of the folder.
            Some(path) => {
                let known =
                    MEDIA_PATHS.iter().any(|it| path.contains(it)) || has_media_ending(&path);
                let query_free = url.split(['?', '#']).next().unwrap_or(url);
                known.then(|| match base {
                    Some(base) if !url.contains("://") => format!("{base}{path}"),
                    _ => query_free.to_owned(),
                })?
            }
            None if url.contains("://") || url.starts_with("data:") => return None,
            // Beside the entry: the same name is another file elsewhere.
            None => {
                has_media_ending(url).then_some(())?;
                format!("{}#{url}", entry.key)
            }
        };
        let place = entry.place.clone();
        Some(Asset {
            key: absolute.clone(),
            location: absolute.clone(),
            url: absolute,
            place,
            ..Asset::default()
        })
    }

    fn new_address(&self, url: &str, entry: &ImportedEntry) -> Option<String> {
        if let Some(asset) = self.asset_at(url, entry)
            && let Some(Some(stored)) = self.media.known(&asset.url)
        {
            return Some(stored.url.clone());
        }
        let base = self.survey.site.base_url.as_deref();
        let path = path_of(url, base).or_else(|| relative_path(url, entry))?;
        let new = self.plan.new_path(&path)?;
        let anchor = url.split_once('#').map(|(_, anchor)| format!("#{anchor}"));
        Some(format!("{new}{}", anchor.unwrap_or_default()))
    }
}

fn rewrite(
    text: &str,
    markup: Markup,
    with: &mut dyn FnMut(&str, bool) -> Option<String>,
) -> String {
    match markup {
        Markup::Html => rewrite_urls(text, with),
        Markup::Markdown => {
            let text = rewrite_links(text, with);
            if text.contains('<') { rewrite_urls(&text, with) } else { text }
        }
    }
}

fn has_media_ending(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    MEDIA_ENDINGS.iter().any(|it| ending.eq_ignore_ascii_case(it))
}

/// Addresses of the same file differ in their scheme.
pub(super) fn url_key(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    url.split_once("://").map_or(url, |(_, rest)| rest).to_owned()
}

/// The old path of another file of the folder: `../b.md`, or Zola's `@/posts/b.md`.
fn relative_path(url: &str, entry: &ImportedEntry) -> Option<String> {
    let own = entry.key.strip_prefix("file:")?;
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let target = match path.strip_prefix("@/") {
        Some(path) => path.to_owned(),
        None if path.ends_with(".md") => {
            let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
            let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
            for part in path.split('/') {
                match part {
                    "." | "" => {}
                    ".." => {
                        parts.pop();
                    }
                    part => parts.push(part),
                }
            }
            parts.join("/")
        }
        None => return None,
    };
    Some(format!("file:{target}"))
}
