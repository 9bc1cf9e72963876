//! Drawings: read event by event, and written anew from what is allowed. Nothing is copied that was not understood.

mod allowed;

use std::borrow::Cow;
use std::io::Read;

use quick_xml::Reader;
use quick_xml::escape::{EscapeError, escape, resolve_xml_entity, unescape_with};
use quick_xml::events::{BytesStart, Event};
use smartcms_app::ports::{ImageError, StagedBlob};
use smartcms_domain::assets::{Dimensions, MediaType};

use crate::limits::{SVG_BYTES_MAX, SVG_DEPTH_MAX, SVG_ELEMENTS_MAX, damaged};
use allowed::{ATTRIBUTES, ELEMENTS, is_harmless, is_inner_address};

const NAMESPACE: &str = "http://www.w3.org/2000/svg";
/// The largest size that a drawing says of itself and that is believed.
const SIDE_MAX: f64 = 100_000.0;

/// A drawing that does nothing but draw.
pub(crate) struct Drawing {
    pub(crate) text: String,
    pub(crate) dimensions: Option<Dimensions>,
}

/// Reads a drawing, bounded, and writes it anew.
pub(crate) fn sanitised(original: &dyn StagedBlob) -> Result<Drawing, ImageError> {
    let bytes_len = original.bytes_len();
    if bytes_len > SVG_BYTES_MAX {
        let limit = "SVG_BYTES_MAX";
        return Err(ImageError::TooLarge { bytes_len, limit, bytes_max: SVG_BYTES_MAX });
    }
    let mut text = String::new();
    let read = original.reader()?.take(SVG_BYTES_MAX).read_to_string(&mut text);
    read.map_err(|_| refused("it is not text"))?;
    sanitise(text.trim_start_matches('\u{feff}'))
}

fn sanitise(text: &str) -> Result<Drawing, ImageError> {
    let mut reader = Reader::from_str(text);
    let mut writer = Writer::default();
    loop {
        let event =
            reader.read_event().map_err(|error| refused(format!("it is not XML: {error}")))?;
        match event {
            Event::Start(element) => writer.start(&element, false)?,
            Event::Empty(element) => writer.start(&element, true)?,
            Event::End(_) => writer.end()?,
            Event::Text(text) => writer.text(&text)?,
            Event::CData(text) => writer.data(&text)?,
            Event::GeneralRef(name) => writer.reference(&name)?,
            Event::DocType(doctype) => no_inner_part(&doctype)?,
            // They say nothing that is drawn.
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof => return writer.finish(),
        }
    }
}

/// A doctype alone is harmless and left out; one that declares entities is not looked into.
fn no_inner_part(doctype: &str) -> Result<(), ImageError> {
    if doctype.contains('[') {
        return Err(refused("it declares entities in its doctype; export it without them"));
    }
    Ok(())
}

#[derive(Default)]
struct Writer {
    out: String,
    /// The names of the open elements that are written.
    open: Vec<String>,
    /// How deep inside an element that is left out.
    skipped: usize,
    elements: usize,
    /// The text of the style sheet that is open.
    style: Option<String>,
    dimensions: Option<Dimensions>,
    is_done: bool,
}

impl Writer {
    fn start(&mut self, element: &BytesStart<'_>, is_empty: bool) -> Result<(), ImageError> {
        self.elements += 1;
        if self.elements > SVG_ELEMENTS_MAX {
            return Err(refused(format!("it has more than {SVG_ELEMENTS_MAX} elements")));
        }
        if self.open.len() + self.skipped >= SVG_DEPTH_MAX {
            return Err(refused(format!("its elements are nested deeper than {SVG_DEPTH_MAX}")));
        }
        let name = element.name();
        let name = name.as_ref();
        if self.open.is_empty() && (self.is_done || name != "svg") {
            return Err(refused("its first element is not the only one, or not `svg`"));
        }
        // Inside a style sheet there is nothing but text.
        if self.skipped > 0 || self.style.is_some() || !ELEMENTS.contains(&name) {
            self.skipped += usize::from(!is_empty);
            return Ok(());
        }
        let is_root = self.open.is_empty();
        let attributes = attributes(element, name, is_root)?;
        if is_root {
            self.dimensions = dimensions(&attributes);
        }
        if name == "style" && is_empty {
            return Ok(());
        }
        if name == "style" {
            self.style = Some(String::new());
        } else {
            self.write_start(name, &attributes, is_root, is_empty);
        }
        if is_empty {
            self.is_done |= is_root;
        } else {
            self.open.push(name.to_owned());
        }
        Ok(())
    }

    fn write_start(
        &mut self,
        name: &str,
        attributes: &[(String, String)],
        is_root: bool,
        is_empty: bool,
    ) {
        self.out.push('<');
        self.out.push_str(name);
        if is_root {
            // The only namespace: no element can leave it.
            self.out.push_str(&format!(" xmlns=\"{NAMESPACE}\""));
        }
        for (name, value) in attributes {
            self.out.push_str(&format!(" {name}=\"{}\"", escape(value.as_str())));
        }
        self.out.push_str(if is_empty { "/>" } else { ">" });
    }

    fn end(&mut self) -> Result<(), ImageError> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return Ok(());
        }
        let name = self.open.pop().ok_or_else(|| refused("an element ends that did not begin"))?;
        if let Some(style) = self.style.take() {
            if is_harmless(&style) {
                self.out.push_str(&format!("<style>{}</style>", escape(style.as_str())));
            }
        } else {
            self.out.push_str(&format!("</{name}>"));
        }
        self.is_done |= self.open.is_empty();
        Ok(())
    }

    /// Text between elements, escaped as it came.
    fn text(&mut self, raw: &str) -> Result<(), ImageError> {
        let text = unescape(raw).map_err(|_| refused("its text has an unknown entity"))?;
        self.data(&text)
    }

    /// Text as it is meant.
    fn data(&mut self, text: &str) -> Result<(), ImageError> {
        if self.skipped > 0 {
            return Ok(());
        }
        if self.open.is_empty() {
            let is_blank = text.chars().all(char::is_whitespace);
            return if is_blank { Ok(()) } else { Err(refused("there is text outside of it")) };
        }
        match &mut self.style {
            Some(style) => style.push_str(text),
            None => self.out.push_str(&escape(text)),
        }
        Ok(())
    }

    /// One of the five entities of XML, or a character by its number.
    fn reference(&mut self, name: &str) -> Result<(), ImageError> {
        let text = unescape(&format!("&{name};"))
            .map(Cow::into_owned)
            .map_err(|_| refused(format!("it uses the entity `{name}`, which nobody declared")))?;
        self.data(&text)
    }

    fn finish(self) -> Result<Drawing, ImageError> {
        if !self.is_done || !self.open.is_empty() || self.skipped > 0 {
            return Err(refused("it ends before it is complete"));
        }
        Ok(Drawing { text: self.out, dimensions: self.dimensions })
    }
}

/// The attributes that are kept, with their values as they are meant.
fn attributes(
    element: &BytesStart<'_>,
    name: &str,
    is_root: bool,
) -> Result<Vec<(String, String)>, ImageError> {
    let mut kept = Vec::new();
    for attribute in element.attributes() {
        let attribute =
            attribute.map_err(|error| refused(format!("an attribute is not XML: {error}")))?;
        let key = attribute.key.as_ref();
        let value = unescape(&attribute.value)
            .map_err(|_| refused("an attribute has an unknown entity"))?;
        if is_root && key == "xmlns" && value != NAMESPACE {
            return Err(refused("its first element is not of SVG"));
        }
        if matches!(key, "href" | "xlink:href") {
            if is_inner_address(name, &value) {
                kept.push(("href".to_owned(), value.trim().to_owned()));
            }
        } else if ATTRIBUTES.contains(&key) && is_harmless(&value) {
            kept.push((key.to_owned(), value.into_owned()));
        }
    }
    // With `xlink:href` beside it there may be two.
    let mut seen: Vec<String> = Vec::new();
    kept.retain(|(key, _)| {
        let is_new = !seen.contains(key);
        seen.push(key.clone());
        is_new
    });
    Ok(kept)
}

/// Text as it is meant, with the five entities of XML: of HTML's, which its parser may know as well, no drawing says that it
/// uses them.
fn unescape(raw: &str) -> Result<Cow<'_, str>, EscapeError> {
    unescape_with(raw, resolve_xml_entity)
}

/// What a drawing says of its size, in pixels; else the form of its view.
fn dimensions(attributes: &[(String, String)]) -> Option<Dimensions> {
    let value = |name| attributes.iter().find(|(it, _)| it == name).map(|(_, value)| value.trim());
    let length = |text: &str| text.strip_suffix("px").unwrap_or(text).parse::<f64>().ok();
    let said = value("width").and_then(length).zip(value("height").and_then(length));
    let view = || {
        let numbers = value("viewBox")?.split([' ', ',']).filter(|it| !it.is_empty());
        let mut sides = numbers.skip(2).map(|it| it.parse::<f64>().ok());
        Some((sides.next()??, sides.next()??))
    };
    let (width, height) = said.or_else(view)?;
    let side = |it: f64| (0.5..SIDE_MAX).contains(&it).then(|| it.round() as u32);
    Some(Dimensions { width: side(width)?, height: side(height)? })
}

fn refused(problem: impl Into<String>) -> ImageError {
    damaged(MediaType::Svg, problem)
}

#[cfg(test)]
mod tests;
