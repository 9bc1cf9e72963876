//! Addresses inside bodies: to where things are now.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::media::{StoredMedium, originals, without_proxy};
use super::parts::Import;
use super::survey::{path_of, rest_of};
use super::tally::Tally;
use crate::folder::REFERENCE;
use crate::html::rewrite_urls;
use crate::import::media::MediumSource;
use crate::item::{Asset, ImportedEntry};
use crate::markdown_links::rewrite_links;
use crate::note::NoteKind;

/// What stands for the address of the site in Ghost exports.
const GHOST_URL: &str = "__GHOST_URL__";
/// Parts of paths that only media have.
const MEDIA_PATHS: &[&str] =
    &["/wp-content/uploads/", "/content/images/", "/content/media/", "/content/files/"];
/// Endings of files that are media wherever they are.
const MEDIA_ENDINGS: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "pdf", "mp3", "mp4", "m4a", "m4v", "mov",
    "webm", "ogg", "ogv", "wav", "flac", "zip", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt",
    "ods", "epub", "csv", "txt",
];

/// Whether a text is HTML or Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    Html,
    Markdown,
}

/// Where an address of a text leads now.
enum Leads {
    /// Here.
    To(String),
    /// To something of the old site that was not imported.
    Nowhere,
    /// Where it did.
    On,
}

impl Import {
    /// A text whose links lead to where things are now; media that it shows are stored on the way.
    pub(super) async fn relinked(
        &self,
        text: &str,
        markup: Markup,
        entry: &mut ImportedEntry,
        tally: &mut Tally,
    ) -> String {
        let text =
            if text.contains(GHOST_URL) { text.replace(GHOST_URL, "") } else { text.to_owned() };
        if !["href", "src", "](", "]:"].iter().any(|it| text.contains(it)) {
            return text;
        }
        self.store_shown(&text, markup, entry, tally).await;
        let mut left: BTreeSet<String> = BTreeSet::new();
        let relinked =
            rewrite(&text, markup, true, &mut |url, is_medium| match self.leads(url, entry) {
                Leads::To(address) => Some(address),
                Leads::Nowhere => {
                    if !is_medium && self.asset_at(url, entry).is_none() {
                        left.insert(url.to_owned());
                    }
                    url.strip_prefix(REFERENCE).map(str::to_owned)
                }
                Leads::On => None,
            });
        for url in left {
            let url = url.strip_prefix(REFERENCE).unwrap_or(&url);
            entry.note(NoteKind::LinkLeft, format!("it links to {url}, which was not imported"));
        }
        relinked
    }

    /// Stores the media that a text shows. Whether any of them is on the site now.
    pub(super) async fn store_shown(
        &self,
        text: &str,
        markup: Markup,
        entry: &ImportedEntry,
        tally: &mut Tally,
    ) -> bool {
        let mut found: Vec<String> = Vec::new();
        // Of a picture in many sizes the largest is enough: sets are only rewritten.
        rewrite(text, markup, false, &mut |url, is_medium| {
            let is_wanted = is_medium || has_media_ending(url);
            if is_wanted && !found.iter().any(|it| it == url) {
                found.push(url.to_owned());
            }
            None
        });
        let mut is_any = false;
        for url in found {
            is_any |= self.store_medium(&url, entry, tally).await.is_some();
        }
        is_any
    }

    /// A text whose media are shown from the site, as far as they are there.
    pub(super) fn with_stored_media(
        &self,
        text: &str,
        markup: Markup,
        entry: &ImportedEntry,
    ) -> String {
        rewrite(text, markup, true, &mut |url, _| {
            let asset = self.asset_at(url, entry)?;
            self.media.known(&asset.url).flatten().map(|it| it.url)
        })
    }

    /// Stores what an address in an entry shows, if it belongs to the source. Gives its id and address on the site.
    pub(super) async fn store_medium(
        &self,
        url: &str,
        entry: &ImportedEntry,
        tally: &mut Tally,
    ) -> Option<StoredMedium> {
        self.store_described(url, (None, None), entry, tally).await
    }

    /// The same for a medium whose alternative text and caption the entry knows.
    pub(super) async fn store_described(
        &self,
        url: &str,
        (alt, caption): (Option<String>, Option<String>),
        entry: &ImportedEntry,
        tally: &mut Tally,
    ) -> Option<StoredMedium> {
        let asset = self.asset_at(url, entry)?;
        let asset = Asset { alt: asset.alt.or(alt), caption: asset.caption.or(caption), ..asset };
        if let Some(known) = self.media.known(&asset.url) {
            return known;
        }
        let leave = |reason: &str, tally: &mut Tally| {
            self.media.leave(&entry.place, &asset.url, reason, tally);
        };
        let Some(from) = self.origin(url, &asset, entry) else {
            let reason = match self.survey.site.base_url {
                _ if asset.url.starts_with("file:") => "no such file is beside the text",
                Some(_) => "no file with this path is in the folder",
                None => {
                    "no file with this path came along, and the source does not say where the old site is; \
                     name it with --old-url"
                }
            };
            leave(reason, tally);
            return None;
        };
        let Some(store) = &self.media_store else {
            leave("it was not copied; the address stays as it was", tally);
            return None;
        };
        let key = format!("{}\n{}", self.source_key, asset.url);
        self.media.ensure(&**store, &asset, from, key, tally).await
    }

    /// Where the bytes of a medium come from.
    fn origin(&self, url: &str, asset: &Asset, entry: &ImportedEntry) -> Option<MediumSource> {
        if url.starts_with("data:") {
            return bytes_of(url).map(MediumSource::Bytes);
        }
        let base = self.survey.site.base_url.as_deref();
        let below = rest_of(url, base).unwrap_or(url);
        let file = self.source.local_media(below, &entry.key);
        let file = file.or_else(|| self.source.local_media(&asset.location, &entry.key));
        match file {
            Some(path) => Some(MediumSource::File(path)),
            None if asset.location.contains("://") => {
                Some(MediumSource::Url(asset.location.clone()))
            }
            None => None,
        }
    }

    /// The medium at an address, if it belongs to the source and is not merely shown.
    fn asset_at(&self, url: &str, entry: &ImportedEntry) -> Option<Asset> {
        let url = url.strip_prefix(GHOST_URL).unwrap_or(url);
        if url.starts_with("data:") {
            return data_asset(url, entry);
        }
        let behind = without_proxy(url);
        let url = behind.as_deref().unwrap_or(url);
        let base = self.survey.site.base_url.as_deref();
        let listed = std::iter::once(url.to_owned()).chain(originals(url)).find_map(|it| {
            let absolute = match base {
                Some(base) if it.starts_with('/') && !it.starts_with("//") => format!("{base}{it}"),
                _ => it,
            };
            self.survey.asset_of_url(&absolute)
        });
        if let Some(asset) = listed {
            return Some(asset.clone());
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
            None if url.contains("://") || url.starts_with("//") => return None,
            // Beside the entry: the same name is another file elsewhere.
            None => {
                has_media_ending(url).then_some(())?;
                format!("{}#{}", entry.key, url.trim_start_matches("./"))
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

    fn leads(&self, url: &str, entry: &ImportedEntry) -> Leads {
        if let Some(asset) = self.asset_at(url, entry)
            && let Some(Some(stored)) = self.media.known(&asset.url)
        {
            return Leads::To(stored.url);
        }
        let anchor = url.split_once('#').map(|(_, anchor)| format!("#{anchor}"));
        let with_anchor = |path: String| Leads::To(format!("{path}{}", anchor.unwrap_or_default()));
        if let Some(target) = url.strip_prefix(REFERENCE) {
            return self.referred(target, entry).map_or(Leads::Nowhere, with_anchor);
        }
        if let Some(file) = relative_file(url, entry) {
            let found = self.plan.new_path(&format!("file:{file}"), &self.site);
            return found.map_or(Leads::Nowhere, with_anchor);
        }
        let base = self.survey.site.base_url.as_deref();
        let Some(path) = path_of(url, base) else { return Leads::On };
        if let Some(number) = number_of(url, base)
            && let Some(found) = self.plan.new_path(&number, &self.site)
        {
            return with_anchor(found);
        }
        match self.plan.new_path(&path, &self.site) {
            Some(found) => with_anchor(found),
            None if path == "/" => with_anchor("/".to_owned()),
            None => {
                let last = path.rsplit('/').next().unwrap_or_default();
                let found = self.plan.new_path(&format!("slug:{last}"), &self.site);
                found.map_or(Leads::Nowhere, with_anchor)
            }
        }
    }

    /// Where the file is that a generator's own reference names: from the entry's folder on, from the top, or anywhere.
    fn referred(&self, target: &str, entry: &ImportedEntry) -> Option<String> {
        let target = target.split(['?', '#']).next().unwrap_or_default();
        let own = entry.key.strip_prefix("file:").unwrap_or_default();
        if target.is_empty() {
            return self.plan.new_path(&entry.key, &self.site);
        }
        let beside = joined(own, target);
        let from_top = target.trim_start_matches('/').to_owned();
        let named = ["", ".md", ".markdown", "/index.md", "/_index.md"];
        let files = [beside, from_top].into_iter().flat_map(|path| {
            let path = path.trim_end_matches('/').to_owned();
            named.iter().map(move |ending| format!("file:{path}{ending}"))
        });
        let mut found = files.filter_map(|it| self.plan.new_path(&it, &self.site));
        found.next().or_else(|| {
            let name = target.trim_end_matches('/').rsplit('/').next().unwrap_or(target);
            let name = name.trim_end_matches(".md").trim_end_matches(".markdown");
            self.plan.new_path(&format!("name:{name}"), &self.site)
        })
    }
}

fn rewrite(
    text: &str,
    markup: Markup,
    sets: bool,
    with: &mut dyn FnMut(&str, bool) -> Option<String>,
) -> String {
    match markup {
        Markup::Html => rewrite_urls(text, sets, with),
        Markup::Markdown => {
            let text = rewrite_links(text, with);
            if text.contains('<') { rewrite_urls(&text, sets, with) } else { text }
        }
    }
}

fn has_media_ending(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    MEDIA_ENDINGS.iter().any(|it| ending.eq_ignore_ascii_case(it))
}

/// `https://a.example/?p=12` names a post by its number.
fn number_of(url: &str, base: Option<&str>) -> Option<String> {
    let (_, query) = rest_of(url, base)?.split_once('?')?;
    let query = query.split('#').next().unwrap_or_default();
    let pairs = query.split('&').filter_map(|it| it.trim_start_matches("amp;").split_once('='));
    let mut numbers = pairs.filter(|(name, _)| matches!(*name, "p" | "page_id"));
    numbers.next().map(|(_, number)| format!("?p={number}"))
}

/// The path of another file of the folder: `../b.md`, or Zola's `@/posts/b.md`.
fn relative_file(url: &str, entry: &ImportedEntry) -> Option<String> {
    let own = entry.key.strip_prefix("file:")?;
    let path = url.split(['?', '#']).next().unwrap_or_default();
    match path.strip_prefix("@/") {
        Some(path) => Some(path.to_owned()),
        None if path.contains("://") || path.starts_with('/') => None,
        None if path.ends_with(".md") || path.ends_with(".markdown") => {
            Some(joined(own, &crate::html::decode_percent(path)))
        }
        None => None,
    }
}

/// A path from the folder of a file on.
fn joined(file: &str, path: &str) -> String {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A picture that stands in the text itself, named by what it is.
fn data_asset(url: &str, entry: &ImportedEntry) -> Option<Asset> {
    let kind = url.strip_prefix("data:image/")?.split([';', ',']).next()?;
    let ending = match kind {
        "jpeg" | "jpg" => "jpg",
        "svg+xml" => "svg",
        "png" | "gif" | "webp" => kind,
        _ => "bin",
    };
    let digest = blake3::hash(url.as_bytes()).to_hex();
    let name = format!("data:{}/picture.{ending}", digest.get(..32).unwrap_or_default());
    Some(Asset { key: name.clone(), url: name, place: entry.place.clone(), ..Asset::default() })
}

fn bytes_of(url: &str) -> Option<Vec<u8>> {
    let (head, data) = url.split_once(',')?;
    if head.ends_with(";base64") {
        let data: String = data.chars().filter(|it| !it.is_whitespace()).collect();
        return STANDARD.decode(data).ok();
    }
    Some(crate::html::decode_percent(data).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::{bytes_of, joined, number_of};

    #[test]
    fn paths_are_joined_as_in_addresses() {
        assert_eq!(joined("posts/a/index.md", "../b.md"), "posts/b.md");
        assert_eq!(joined("a.md", "../../b.md"), "b.md");
    }

    #[test]
    fn posts_are_found_by_their_numbers() {
        let base = Some("https://a.example");
        assert_eq!(number_of("https://a.example/?p=12#x", base).as_deref(), Some("?p=12"));
        assert_eq!(number_of("/?a=b&page_id=3", base).as_deref(), Some("?p=3"));
        assert_eq!(number_of("https://b.example/?p=12", base), None);
    }

    #[test]
    fn pictures_in_the_text_are_read() {
        assert_eq!(bytes_of("data:image/png;base64,aGV5\n").as_deref(), Some(b"hey".as_slice()));
        assert_eq!(
            bytes_of("data:image/svg+xml,%3Csvg/%3E").as_deref(),
            Some(b"<svg/>".as_slice())
        );
        assert_eq!(bytes_of("data:image/png;base64,?"), None);
    }
}
