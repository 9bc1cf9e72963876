//! Folders of Markdown with front matter: Hugo, Zola, Jekyll, or none of them.

mod entry;
mod flavour;
mod front_matter;
mod media;
mod menus;
mod people;
mod permalink;
mod shortcodes;
mod walk;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use self::flavour::Flavour;
pub(crate) use self::media::MediaRoots;
use self::people::People;
use crate::error::{Place, SourceError};
use crate::item::{Item, Sink, SiteInfo, Source};
use crate::limits::MARKDOWN_BYTES_MAX;
use crate::note::{Note, NoteKind};

/// A folder of Markdown files.
#[derive(Debug)]
pub struct FolderSource {
    root: PathBuf,
    content: PathBuf,
    flavour: Flavour,
    config: Map<String, Value>,
    files: Vec<walk::Found>,
    notes: Vec<Note>,
    size: u64,
}

/// One file that is to be an entry.
struct Page<'a> {
    flavour: Flavour,
    config: &'a Map<String, Value>,
    /// The path inside the folder of the content, with `/`.
    path: &'a str,
    text: &'a str,
    place: Place,
}

impl FolderSource {
    /// Looks at what the folder holds.
    pub fn open(root: PathBuf) -> Result<Self, SourceError> {
        let root = std::fs::canonicalize(&root)
            .map_err(|error| SourceError::read(&root, "open the folder", error))?;
        let flavour = Flavour::of(&root);
        let config = flavour.config(&root)?;
        let content = flavour.content(&root);
        let walked = walk::walk(&content, flavour)?;
        if walked.files.is_empty() {
            let reason = "the folder has no .md, .markdown or .html files that would be entries";
            return Err(SourceError::malformed(Place::file(&root), reason));
        }
        let size = walked.files.iter().map(|it| it.size).sum();
        Ok(Self { root, content, flavour, config, files: walked.files, notes: walked.notes, size })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.config.get(name)?.as_str().map(str::trim).filter(|it| !it.is_empty())
    }

    fn base_url(&self) -> Option<String> {
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
        let text = String::from_utf8_lossy(&bytes);
        let page = Page {
            flavour: self.flavour,
            config: &self.config,
            path: &found.path,
            text: text.strip_prefix('\u{feff}').unwrap_or(&text),
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
        let name = self.root.file_name().map(|it| it.to_string_lossy().into_owned());
        let site = self.base_url().or_else(|| self.text("title").map(str::to_owned)).or(name);
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
        for item in menus::of(&self.config, &Place::file(Path::new("config"))) {
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
    Ok((front_matter::parse_own(parts.format, parts.front)?, parts.body))
}

#[cfg(test)]
pub(crate) use front_matter::json_of as json_of_toml;

/// Names that were given already.
type Given = HashSet<(String, String)>;
