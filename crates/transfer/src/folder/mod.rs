//! Folders of Markdown with front matter: Hugo, Zola, Jekyll, or none of them.

mod entry;
mod flavour;
mod front_matter;
mod marks;
mod media;
mod menus;
mod people;
mod permalink;
mod settings;
mod shortcodes;
mod walk;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use self::flavour::Flavour;
pub(crate) use self::media::MediaRoots;
use self::people::People;
use self::settings::Settings;
use crate::encoding;
use crate::error::{Place, SourceError};
use crate::item::{Item, Sink, SiteInfo, Source};
use crate::limits::MARKDOWN_BYTES_MAX;
use crate::note::{Note, NoteKind};

/// Before the name of another file, where a generator's own reference stood: nothing on the web is addressed so.
pub(crate) const REFERENCE: &str = "smartcms-file:";

/// A folder of Markdown files.
#[derive(Debug)]
pub struct FolderSource {
    root: PathBuf,
    content: PathBuf,
    flavour: Flavour,
    settings: Settings,
    files: Vec<walk::Found>,
    notes: Vec<Note>,
    size: u64,
    /// Where the site is, when somebody said so.
    address: Option<String>,
    /// What tells the folder from others when its settings do not.
    name: Option<String>,
}

/// One file that is to be an entry.
struct Page<'a> {
    flavour: Flavour,
    settings: &'a Settings,
    /// Every file of the folder.
    files: &'a [walk::Found],
    /// The path inside the folder of the content, with `/`.
    path: &'a str,
    text: &'a str,
    place: Place,
}

impl Page<'_> {
    /// Whether the folder has a file.
    fn has(&self, path: &str) -> bool {
        self.files.binary_search_by(|it| it.path.as_str().cmp(path)).is_ok()
    }
}

impl FolderSource {
    /// Looks at what the folder holds.
    pub fn open(root: PathBuf) -> Result<Self, SourceError> {
        let root = std::fs::canonicalize(&root)
            .map_err(|error| SourceError::read(&root, "open the folder", error))?;
        let flavour = Flavour::of(&root);
        let settings = Settings::new(flavour, flavour.config(&root)?);
        let content = flavour.content(&root);
        let walked = walk::walk(&content, flavour, &settings)?;
        if walked.files.is_empty() {
            let reason = "the folder has no .md, .markdown or .html files that would be entries";
            return Err(SourceError::malformed(Place::file(&root), reason));
        }
        let mut walked = walked;
        walked.files.sort_by(|a, b| a.path.cmp(&b.path));
        let size = walked.files.iter().map(|it| it.size).sum();
        let (files, notes) = (walked.files, walked.notes);
        Ok(Self { root, content, flavour, settings, files, notes, size, address: None, name: None })
    }

    /// Names the folder: one that an archive was unpacked to has another path each time.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..self }
    }

    /// The address of the site, in the place of what its settings say.
    #[must_use]
    pub fn at(self, address: &str) -> Self {
        Self { address: Some(address.trim_end_matches('/').to_owned()), ..self }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.settings.map.get(name)?.as_str().map(str::trim).filter(|it| !it.is_empty())
    }

    fn base_url(&self) -> Option<String> {
        self.address.clone().or_else(|| self.own_url())
    }

    fn own_url(&self) -> Option<String> {
        let url = ["baseURL", "baseurl", "base_url", "url"]
            .into_iter()
            .find_map(|name| self.text(name).filter(|it| it.contains("://")))?;
        Some(url.trim_end_matches('/').to_owned())
    }

    fn read_file(
        &self,
        found: &walk::Found,
        people: &mut People,
        sink: &mut dyn Sink,
    ) -> Result<(), SourceError> {
        let path = self.content.join(&found.path);
        let shown = path.strip_prefix(&self.root).unwrap_or(&path);
        let place = Place::file(shown);
        if found.size > MARKDOWN_BYTES_MAX {
            let message = format!("it has {} bytes; the limit is {MARKDOWN_BYTES_MAX}", found.size);
            return sink.take(Item::Note(Note::new(
                NoteKind::Skipped,
                &place,
                &found.path,
                message,
            )));
        }
        let bytes = std::fs::read(&path)
            .map_err(|error| SourceError::read(&path, "read the file", error))?;
        let (text, repaired) = encoding::decode(&bytes)
            .map_err(|error| SourceError::read(&path, "read the file", error))?;
        if let Some((line, message)) = repaired {
            let place = Place { line, ..place.clone() };
            let kind = NoteKind::TextRepaired;
            sink.take(Item::Note(Note::new(kind, &place, &found.path, message)))?;
        }
        let page = Page {
            flavour: self.flavour,
            settings: &self.settings,
            files: &self.files,
            path: &found.path,
            text: &text,
            place,
        };
        for item in entry::items(&page, people) {
            sink.take(item)?;
        }
        Ok(())
    }
}

impl Source for FolderSource {
    fn key(&self) -> String {
        let name = || self.root.file_name().map(|it| it.to_string_lossy().into_owned());
        let site = self.own_url().or_else(|| self.text("title").map(str::to_owned));
        let site = site.or_else(|| self.name.clone()).or_else(name);
        format!("folder:{}", site.unwrap_or_default())
    }

    fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, sink: &mut dyn Sink) -> Result<(), SourceError> {
        let title = self.text("title").unwrap_or_default().to_owned();
        sink.take(Item::Site(SiteInfo { title, base_url: self.base_url() }))?;
        for note in &self.notes {
            sink.take(Item::Note(note.clone()))?;
        }
        let mut people = People::default();
        let mut done = 0;
        for found in &self.files {
            self.read_file(found, &mut people, sink)?;
            done += found.size;
            sink.progress(done);
        }
        for item in menus::of(&self.settings.map, &Place::file(Path::new("config"))) {
            sink.take(item)?;
        }
        Ok(())
    }

    fn local_media(&self, url: &str, entry_key: &str) -> Option<PathBuf> {
        let folder = entry_key.strip_prefix("file:").unwrap_or(entry_key);
        MediaRoots::new(&self.root, &self.content, self.flavour.media(&self.root)).find(url, folder)
    }
}

/// The values and the text of a file with front matter; the error says what is wrong.
pub(crate) fn read_front_matter(text: &str) -> Result<(Map<String, Value>, &str), String> {
    let parts = front_matter::split(text).ok_or("it has no front matter")?;
    let parsed = front_matter::parse_own(parts.format, parts.front);
    Ok((parsed.map_err(|mistake| mistake.reason)?, parts.body))
}

#[cfg(test)]
pub(crate) use front_matter::json_of as json_of_toml;

/// Names that were given already.
type Given = HashSet<(String, String)>;
