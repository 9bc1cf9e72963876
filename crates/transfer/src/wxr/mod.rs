//! WordPress exports: WXR, an RSS file with everything of a site in it.
//!
//! The file is read forward, item by item; only what one item holds is in memory.

mod comments;
mod item;
mod menu;
mod terms;
mod xml;

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::xml::{Node, XmlReader};
use crate::encoding::Decoded;
use crate::error::{Place, SourceError};
use crate::folder::MediaRoots;
use crate::item::{Author, Item, Sink, SiteInfo, Source, Term};
use crate::limits::REMEMBERED_MAX;
use crate::note::{Note, NoteKind};

/// How many bytes are read at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// The elements that mean something; `image` is among them so that its title is not taken for the site's.
const WANTED: &[&str] = &[
    "title",
    "link",
    "image",
    "wp:wxr_version",
    "wp:base_site_url",
    "wp:base_blog_url",
    "wp:author",
    "wp:category",
    "wp:tag",
    "wp:term",
    "item",
];

/// One or more WXR files of the same site.
#[derive(Debug)]
pub struct WxrSource {
    files: Vec<PathBuf>,
    site: String,
    size: u64,
    media: Option<PathBuf>,
    /// Where the site is, when somebody said so.
    address: Option<String>,
}

impl WxrSource {
    /// Opens the files and looks at their beginnings.
    pub fn open(files: Vec<PathBuf>) -> Result<Self, SourceError> {
        let mut size = 0;
        let mut site = None;
        for path in &files {
            let metadata = std::fs::metadata(path)
                .map_err(|error| SourceError::read(path, "open the file", error))?;
            size += metadata.len();
            let found = Head::of(path)?;
            site = site.or(found);
        }
        let site = site.unwrap_or_else(|| "unknown".to_owned());
        Ok(Self { files, site, size, media: None, address: None })
    }

    /// The folder in which the site's uploads are, when they came along.
    #[must_use]
    pub fn with_media(self, folder: &Path) -> Self {
        Self { media: std::fs::canonicalize(folder).ok(), ..self }
    }

    /// The address of the site, in the place of what the file says.
    #[must_use]
    pub fn at(self, address: &str) -> Self {
        Self { address: base_url(address), ..self }
    }
}

impl Source for WxrSource {
    fn key(&self) -> String {
        format!("wxr:{}", self.site)
    }

    fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, sink: &mut dyn Sink) -> Result<(), SourceError> {
        let mut before = 0;
        let mut seen = Seen::default();
        for path in &self.files {
            let base = self.address.clone().unwrap_or_else(|| self.site.clone());
            let mut file = WxrFile { xml: reader(path)?, before, base: Some(base) };
            file.read(&mut seen, sink)?;
            before += file.xml.position();
        }
        Ok(())
    }

    /// Uploads are looked for as they lie in WordPress, and from their year on.
    fn local_media(&self, url: &str, _entry_key: &str) -> Option<PathBuf> {
        let folder = self.media.as_ref()?;
        let media = MediaRoots::new(folder, folder, vec![folder.clone()]);
        let at = url.find("/wp-content/")?;
        let path = url.get(at..)?;
        let below = path.strip_prefix("/wp-content")?;
        let from_year = below.strip_prefix("/uploads").unwrap_or(below);
        [path, below, from_year].into_iter().find_map(|it| media.find(it, ""))
    }
}

fn reader(path: &Path) -> Result<XmlReader<BufReader<File>>, SourceError> {
    let failed = |error| SourceError::read(path, "open the file", error);
    let file = File::open(path).map_err(failed)?;
    let name: Arc<str> = path.display().to_string().into();
    let decoded = Decoded::new(BufReader::with_capacity(BUFFER_BYTES, file));
    let decoded = decoded.map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => {
            SourceError::malformed(Place::new(&name, 1), error.to_string())
        }
        _ => failed(error),
    })?;
    Ok(XmlReader::new(decoded, name))
}

/// The beginning of a file.
struct Head;

impl Head {
    /// The address of the site; refuses what is no WXR file.
    fn of(path: &Path) -> Result<Option<String>, SourceError> {
        let mut xml = reader(path)?;
        let mut site = None;
        let mut is_wxr = false;
        while let Some(node) = xml.next(WANTED)? {
            match node.name.as_str() {
                "link" if site.is_none() => site = base_url(&node.text),
                "wp:base_blog_url" => site = base_url(&node.text).or(site),
                "wp:wxr_version" => is_wxr = true,
                // Some exporters leave the version out; an item that is WordPress's own is as good.
                "item" => {
                    is_wxr = is_wxr || node.child("wp:post_type").is_some();
                    break;
                }
                name if name.starts_with("wp:") => is_wxr = true,
                _ => {}
            }
        }
        if is_wxr {
            return Ok(site);
        }
        let reason = "this is no WordPress export: it has no wp:wxr_version and no wp:post_type; \
                      make one with Tools → Export in WordPress";
        Err(SourceError::malformed(Place::file(path), reason))
    }
}

fn base_url(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('/');
    (!text.is_empty()).then(|| text.to_owned())
}

/// What was already given: items name terms that the head of the file may or may not list.
#[derive(Default)]
struct Seen {
    terms: HashSet<(String, String)>,
    authors: HashSet<String>,
    site: bool,
}

impl Seen {
    /// Whether a term was not given before.
    fn is_new(&mut self, term: &Term) -> bool {
        self.terms.len() < REMEMBERED_MAX
            && self.terms.insert((term.taxonomy.clone(), term.key.clone()))
    }

    /// Whether an author was not given before.
    fn is_new_author(&mut self, author: &Author) -> bool {
        !author.key.is_empty()
            && self.authors.len() < REMEMBERED_MAX
            && self.authors.insert(author.key.clone())
    }
}

struct WxrFile<R: BufRead> {
    xml: XmlReader<R>,
    before: u64,
    base: Option<String>,
}

impl<R: BufRead> WxrFile<R> {
    fn read(&mut self, seen: &mut Seen, sink: &mut dyn Sink) -> Result<(), SourceError> {
        let mut title = String::new();
        while let Some(node) = self.xml.next(WANTED)? {
            sink.progress(self.before + self.xml.position());
            let place = Place { line: node.line, ..self.xml.place() };
            if node.name == "title" && title.is_empty() {
                title = node.text.trim().to_owned();
                continue;
            }
            if node.name.starts_with("wp:") || node.name == "item" {
                self.give_site(&title, seen, sink)?;
            }
            self.give_repairs(&node, sink)?;
            give(&node, &place, self.xml.element_size(), seen, sink)?;
        }
        self.give_site(&title, seen, sink)
    }

    /// What is changed in the text of a file is told where it stands.
    fn give_repairs(&mut self, node: &Node, sink: &mut dyn Sink) -> Result<(), SourceError> {
        let (repairs, encoding) = self.xml.take_repairs();
        let Some(message) = repairs.message(encoding) else { return Ok(()) };
        let place = Place { line: repairs.line, ..self.xml.place() };
        let subject = crate::html::plain_text(node.text_of("title"));
        sink.take(Item::Note(Note::new(NoteKind::TextRepaired, &place, subject, message)))
    }

    fn give_site(
        &self,
        title: &str,
        seen: &mut Seen,
        sink: &mut dyn Sink,
    ) -> Result<(), SourceError> {
        if seen.site {
            return Ok(());
        }
        seen.site = true;
        let site = SiteInfo { title: title.to_owned(), base_url: self.base.clone() };
        sink.take(Item::Site(site))
    }
}

/// Gives what one element of the channel means.
fn give(
    node: &Node,
    place: &Place,
    size: u64,
    seen: &mut Seen,
    sink: &mut dyn Sink,
) -> Result<(), SourceError> {
    match node.name.as_str() {
        "wp:author" => {
            let author = terms::author(node, place);
            if seen.is_new_author(&author) { sink.take(Item::Author(author)) } else { Ok(()) }
        }
        "wp:category" | "wp:tag" | "wp:term" => match terms::term(node, place) {
            Some(term) if seen.is_new(&term) => sink.take(Item::Term(term)),
            _ => Ok(()),
        },
        "item" => {
            for author in terms::authors_of_item(node, place) {
                if seen.is_new_author(&author) {
                    sink.take(Item::Author(author))?;
                }
            }
            for term in terms::of_item(node, place) {
                if seen.is_new(&term) {
                    sink.take(Item::Term(term))?;
                }
            }
            for item in item::items(node, place, size) {
                sink.take(item)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
