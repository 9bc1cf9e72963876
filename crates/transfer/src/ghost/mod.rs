//! Ghost exports: one JSON object with tables in it.
//!
//! The file is read twice. The first time the small tables (people, tags, which post has which) are kept and posts are
//! passed over; the second time the posts are given one by one, so that only one of them is in memory.

mod cards;
mod cards_embed;
mod lexical;
mod mobiledoc;
mod post;
mod stream;
mod tables;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::DeserializeSeed;
use serde_json::Value;

use self::stream::{Export, Visit};
use self::tables::Tables;
use crate::encoding::Decoded;
use crate::error::{Place, SourceError};
use crate::folder::MediaRoots;
use crate::item::{Item, Sink, Source};
use crate::limits::ITEM_BYTES_MAX;
use crate::note::{Note, NoteKind};

pub(crate) use lexical::to_html as lexical_to_html;
pub(crate) use mobiledoc::to_html as mobiledoc_to_html;

/// How many bytes are read at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// A Ghost export, with the folder of its media when it came as an archive.
#[derive(Debug)]
pub struct GhostSource {
    file: PathBuf,
    tables: Tables,
    size: u64,
    media: Option<PathBuf>,
    repairs: Option<(u64, String)>,
}

impl GhostSource {
    /// Reads the small tables of an export.
    pub fn open(file: PathBuf) -> Result<Self, SourceError> {
        let metadata = std::fs::metadata(&file)
            .map_err(|error| SourceError::read(&file, "open the file", error))?;
        let mut tables = Tables::default();
        let repairs = visit(&file, &mut |position, row| tables.take(position.line, row))?;
        tables.finish();
        if !tables.has_posts {
            let reason = "this is no Ghost export: it has no db[0].data.posts; make one with Settings → Export in Ghost";
            return Err(SourceError::malformed(Place::file(&file), reason));
        }
        Ok(Self { file, tables, size: metadata.len(), media: None, repairs })
    }

    /// Says where the site is: exports themselves do not.
    #[must_use]
    pub fn at(mut self, address: &str) -> Self {
        self.tables.set_url(address);
        self
    }

    /// The folder that the export's media were unpacked to.
    #[must_use]
    pub fn with_media(self, folder: PathBuf) -> Self {
        Self { media: std::fs::canonicalize(folder).ok(), ..self }
    }
}

impl Source for GhostSource {
    fn key(&self) -> String {
        format!("ghost:{}", self.tables.site_key())
    }

    fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, sink: &mut dyn Sink) -> Result<(), SourceError> {
        let file: Arc<str> = self.file.display().to_string().into();
        let place = Place::new(&file, 0);
        sink.take(Item::Site(self.tables.site()))?;
        if let Some((line, message)) = &self.repairs {
            let place = Place::new(&file, *line);
            sink.take(Item::Note(Note::new(NoteKind::TextRepaired, &place, "the file", message)))?;
        }
        for item in self.tables.people_and_tags(&file).into_iter().chain(self.tables.left(&file)) {
            sink.take(item)?;
        }
        let mut stopped = None;
        visit(&self.file, &mut |position, row| {
            let Row::Post(value) = row else { return Ok(()) };
            sink.progress(position.bytes);
            let place = Place::new(&file, position.line);
            for item in post::items(value, position.size, &self.tables, &place) {
                if let Err(error) = sink.take(item) {
                    stopped = Some(error);
                    return Err("stopped".to_owned());
                }
            }
            Ok(())
        })
        .map_err(|error| stopped.take().unwrap_or(error))?;
        for item in self.tables.menus(&place) {
            sink.take(item)?;
        }
        Ok(())
    }

    fn local_media(&self, url: &str, _entry_key: &str) -> Option<PathBuf> {
        let folder = self.media.as_ref()?;
        let path = url.get(url.find("/content/")?..)?;
        // Archives of media have them with or without the folder `content`.
        let roots = vec![folder.clone()];
        let media = MediaRoots::new(folder, folder, roots);
        media.find(path, "").or_else(|| media.find(path.strip_prefix("/content")?, ""))
    }
}

/// One row of a table.
pub(crate) enum Row {
    /// A post or a page.
    Post(Value),
    /// A row of another table that means something here.
    Other(&'static str, Value),
    /// A table that has no place here, and how many rows it has.
    Left(String, usize),
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Position {
    bytes: u64,
    line: u64,
    /// How many bytes the row has.
    size: u64,
}

/// Gives every row that means something; what had to be repaired in the text of the file, and where.
fn visit(path: &Path, take: Visit<'_>) -> Result<Option<(u64, String)>, SourceError> {
    let failed = |error| SourceError::read(path, "open the file", error);
    let file = File::open(path).map_err(failed)?;
    let mut decoded = Decoded::new(BufReader::with_capacity(BUFFER_BYTES, file)).map_err(failed)?;
    let meter = Meter::default();
    let reader = Metered { inner: &mut decoded, meter: meter.clone() };
    let mut json = serde_json::Deserializer::from_reader(reader);
    let read = Export { take, meter: &meter }.deserialize(&mut json);
    let result = read.and_then(|()| json.end());
    drop(json);
    result.map_err(|error| explained(path, &meter, &error))?;
    let repairs = decoded.take_repairs();
    Ok(repairs.message(decoded.encoding()).map(|it| (repairs.line, it)))
}

fn explained(path: &Path, meter: &Meter, error: &serde_json::Error) -> SourceError {
    let place = Place { line: error.line() as u64, ..Place::file(path) };
    if meter.exceeded.get() {
        let what = "one row, in bytes,".to_owned();
        return SourceError::TooLarge {
            place,
            what,
            size: meter.since_mark.get(),
            limit: ITEM_BYTES_MAX,
        };
    }
    let reason = match error.classify() {
        serde_json::error::Category::Eof => {
            "the file ends in the middle: it was cut off; export it again".to_owned()
        }
        _ => format!("this is no Ghost export that can be read: {error}"),
    };
    SourceError::malformed(place, reason)
}

/// Counts what was read, shared with the visitor that runs inside the parser.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter {
    bytes: std::rc::Rc<std::cell::Cell<u64>>,
    lines: std::rc::Rc<std::cell::Cell<u64>>,
    since_mark: std::rc::Rc<std::cell::Cell<u64>>,
    exceeded: std::rc::Rc<std::cell::Cell<bool>>,
}

impl Meter {
    /// Begins a new row.
    pub(super) fn mark(&self) -> Position {
        self.since_mark.set(0);
        Position { bytes: self.bytes.get(), line: self.lines.get() + 1, size: 0 }
    }

    /// A position, now that its row was read.
    pub(super) fn read(&self, position: Position) -> Position {
        Position { size: self.bytes.get().saturating_sub(position.bytes), ..position }
    }
}

struct Metered<R> {
    inner: R,
    meter: Meter,
}

impl<R: BufRead> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let meter = &self.meter;
        if meter.since_mark.get() > ITEM_BYTES_MAX {
            meter.exceeded.set(true);
            return Err(std::io::Error::other("the row is too large"));
        }
        let len = self.inner.read(buffer)?;
        let read = buffer.get(..len).unwrap_or_default();
        let lines = read.iter().filter(|it| **it == b'\n').count();
        meter.bytes.set(meter.bytes.get() + len as u64);
        meter.lines.set(meter.lines.get() + lines as u64);
        meter.since_mark.set(meter.since_mark.get() + len as u64);
        Ok(len)
    }
}
