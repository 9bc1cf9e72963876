//! Elements of an XML file, one small tree at a time.
//!
//! A document type is refused, so nothing can be declared that would expand: what is left is the five entities of XML,
//! character references, and the names of HTML, each of which is one or two characters. WordPress writes control
//! characters that XML does not allow, and other programs other encodings: both are mended before the parser sees them.

use std::io::{BufRead, Read};
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::encoding::{Decoded, Repairs};
use crate::error::{Place, SourceError};
use crate::limits::{ITEM_BYTES_MAX, XML_DEPTH_MAX, XML_ELEMENTS_MAX};

/// Attributes that mean something; others are passed over.
const ATTRIBUTES: &[&str] = &["domain", "nicename"];

/// One element with everything in it.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) text: String,
    pub(super) children: Vec<Node>,
    pub(super) line: u64,
}

impl Node {
    /// The text of the first child with this name, trimmed; empty when there is none.
    pub(super) fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |it| it.text.trim())
    }

    /// The text of the first child with this name, when it has any.
    pub(super) fn some_text_of(&self, name: &str) -> Option<String> {
        let text = self.text_of(name);
        (!text.is_empty()).then(|| text.to_owned())
    }

    pub(super) fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|it| it.name == name)
    }

    pub(super) fn children_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |it| it.name == name)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }
}

/// Reads an XML file forward.
pub(super) struct XmlReader<R: BufRead> {
    reader: Reader<Metered<Decoded<R>>>,
    file: Arc<str>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<R: BufRead> XmlReader<R> {
    pub(super) fn new(input: Decoded<R>, file: Arc<str>) -> Self {
        let mut reader = Reader::from_reader(Metered::new(input));
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.expand_empty_elements = true;
        Self { reader, file, buffer: Vec::new(), depth: 0 }
    }

    /// Where the reader is.
    pub(super) fn place(&self) -> Place {
        Place::new(&self.file, self.reader.get_ref().line)
    }

    /// How many bytes were read.
    pub(super) fn position(&self) -> u64 {
        self.reader.buffer_position()
    }

    /// How many bytes the element has that was read last.
    pub(super) fn element_size(&self) -> u64 {
        self.reader.get_ref().since_mark
    }

    /// What was changed in the text of the file since this was asked last, and its encoding.
    pub(super) fn take_repairs(&mut self) -> (Repairs, &'static str) {
        let decoded = &mut self.reader.get_mut().inner;
        (decoded.take_repairs(), decoded.encoding())
    }

    /// The next element with one of these names, wherever it stands; `None` at the end of the file.
    pub(super) fn next(&mut self, wanted: &[&str]) -> Result<Option<Node>, SourceError> {
        loop {
            self.reader.get_mut().mark();
            self.buffer.clear();
            match self.event()? {
                Step::Open(node) if wanted.contains(&node.name.as_str()) => {
                    return self.finish(node).map(Some);
                }
                Step::Open(node) => self.descend(&node)?,
                Step::Close => self.depth = self.depth.saturating_sub(1),
                Step::Text(_) | Step::Nothing => {}
                Step::End if self.depth > 0 => {
                    let reason = "the file ends in the middle: it was cut off; export it again";
                    return Err(SourceError::malformed(self.place(), reason));
                }
                Step::End => return Ok(None),
            }
        }
    }

    fn descend(&mut self, node: &Node) -> Result<(), SourceError> {
        self.depth += 1;
        if self.depth <= XML_DEPTH_MAX {
            return Ok(());
        }
        let what = format!("the nesting of <{}>", node.name);
        Err(self.too_large(what, self.depth as u64, XML_DEPTH_MAX as u64))
    }

    /// Reads an element that was opened up to its end.
    fn finish(&mut self, node: Node) -> Result<Node, SourceError> {
        let mut open = vec![node];
        let mut elements = 1;
        loop {
            self.buffer.clear();
            match self.event()? {
                Step::Open(node) => {
                    elements += 1;
                    self.check_tree(&node, open.len(), elements)?;
                    open.push(node);
                }
                Step::Close => {
                    let Some(done) = open.pop() else { continue };
                    match open.last_mut() {
                        Some(above) => above.children.push(done),
                        None => return Ok(done),
                    }
                }
                Step::Text(text) => {
                    if let Some(node) = open.last_mut() {
                        node.text.push_str(&text);
                    }
                }
                Step::Nothing => {}
                Step::End => {
                    let name = open.first().map_or("", |it| it.name.as_str());
                    let reason =
                        format!("the file ends inside <{name}>: it was cut off; export it again");
                    return Err(SourceError::malformed(self.place(), reason));
                }
            }
        }
    }

    fn check_tree(&self, node: &Node, depth: usize, elements: usize) -> Result<(), SourceError> {
        if depth + self.depth > XML_DEPTH_MAX {
            let what = format!("the nesting of <{}>", node.name);
            return Err(self.too_large(what, (depth + self.depth) as u64, XML_DEPTH_MAX as u64));
        }
        if elements > XML_ELEMENTS_MAX {
            let what = "one item".to_owned();
            return Err(self.too_large(what, elements as u64, XML_ELEMENTS_MAX as u64));
        }
        Ok(())
    }

    fn too_large(&self, what: String, size: u64, limit: u64) -> SourceError {
        SourceError::TooLarge { place: self.place(), what, size, limit }
    }

    fn event(&mut self) -> Result<Step, SourceError> {
        let event = self.reader.read_event_into(&mut self.buffer);
        let step = match event {
            Ok(Event::Start(start)) => Ok(Step::Open(open(&start))),
            Ok(Event::End(_)) => Ok(Step::Close),
            Ok(Event::Text(text)) => Ok(Step::Text(text.xml10_content().into_owned())),
            Ok(Event::CData(text)) => Ok(Step::Text(text.xml10_content().into_owned())),
            Ok(Event::GeneralRef(entity)) => Ok(Step::Text(resolved(&entity))),
            Ok(Event::DocType(_)) => Err(None),
            Ok(Event::Eof) => Ok(Step::End),
            Ok(_) => Ok(Step::Nothing),
            Err(error) => Err(Some(error)),
        };
        let line = self.reader.get_ref().line;
        match step {
            Ok(Step::Open(node)) => Ok(Step::Open(Node { line, ..node })),
            Ok(step) => Ok(step),
            Err(error) => Err(self.explained(error)),
        }
    }

    fn explained(&self, error: Option<quick_xml::Error>) -> SourceError {
        let place = self.place();
        let Some(error) = error else {
            let reason = "the file declares a document type; entities are never expanded, so such a file is not read";
            return SourceError::Refused { place, reason: reason.to_owned() };
        };
        let metered = self.reader.get_ref();
        if metered.exceeded {
            let what = "one item, in bytes,".to_owned();
            return self.too_large(what, metered.since_mark, ITEM_BYTES_MAX);
        }
        match error {
            quick_xml::Error::Io(error) => SourceError::Read {
                place,
                action: "read on",
                source: std::io::Error::new(error.kind(), error.to_string()),
            },
            error => SourceError::malformed(
                place,
                format!("this is not well-formed XML at byte {}: {error}", self.position()),
            ),
        }
    }
}

enum Step {
    Open(Node),
    Close,
    Text(String),
    Nothing,
    End,
}

fn open(start: &BytesStart<'_>) -> Node {
    let mut attributes = start.attributes();
    let attributes = attributes.with_checks(false).filter_map(Result::ok);
    Node {
        name: start.name().as_ref().to_owned(),
        attributes: attributes
            .filter(|it| ATTRIBUTES.contains(&it.key.as_ref()))
            .map(|it| {
                let value = quick_xml::escape::unescape(&it.value)
                    .map_or_else(|_| it.value.to_string(), std::borrow::Cow::into_owned);
                (it.key.as_ref().to_owned(), value)
            })
            .collect(),
        ..Node::default()
    }
}

/// The characters of a reference; one that stands for nothing stays as it was written.
fn resolved(entity: &BytesRef<'_>) -> String {
    match entity.resolve_char_ref() {
        Ok(Some(c)) if c.is_control() && !c.is_whitespace() => String::new(),
        Ok(Some(c)) => c.to_string(),
        _ if entity.is_char_ref() => String::new(),
        _ => {
            let name = entity.xml10_content();
            resolve_html5_entity(&name).map_or_else(|| format!("&{name};"), str::to_owned)
        }
    }
}

/// Counts lines, and lets no item pass its limit: the parser holds one piece of text in memory as a whole.
struct Metered<R> {
    inner: R,
    line: u64,
    since_mark: u64,
    exceeded: bool,
}

impl<R> Metered<R> {
    fn new(inner: R) -> Self {
        Self { inner, line: 1, since_mark: 0, exceeded: false }
    }

    fn mark(&mut self) {
        self.since_mark = 0;
    }
}

impl<R: BufRead> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let available = self.fill_buf()?;
        let len = available.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(available) {
            *to = *from;
        }
        self.consume(len);
        Ok(len)
    }
}

impl<R: BufRead> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.since_mark > ITEM_BYTES_MAX {
            self.exceeded = true;
            return Err(std::io::Error::other("the item is too large"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed lies in the buffer: asking for it again reads nothing.
        if let Ok(buffer) = self.inner.fill_buf() {
            let lines = buffer.iter().take(amount).filter(|it| **it == b'\n').count();
            self.line += lines as u64;
        }
        self.since_mark += amount as u64;
        self.inner.consume(amount);
    }
}
