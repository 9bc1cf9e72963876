//! Text and its marks.

use serde_json::Value;

use super::super::address::{ADDRESS_BYTES_MAX, Address};
use super::super::block::{Image, ImageSource};
use super::super::id::is_id;
use super::super::inline::{Inline, InlineKind, Mark, SIMPLE_MARKS};
use super::reader::{Object, Reader};

/// The longest id of an asset, in bytes.
const ASSET_BYTES_MAX: usize = 64;

impl Reader {
    pub(super) fn inlines(&mut self, object: &Object, key: &str) -> Vec<Inline> {
        self.list(object, key, Self::inline)
    }

    pub(super) fn inline(&mut self, value: &Value) -> Option<Inline> {
        let object = self.object(value)?;
        let name = self.text(object, "type");
        let kind = match name.as_str() {
            "text" => {
                self.known_keys(object, &["type", "text", "marks"]);
                InlineKind::Text(self.text(object, "text"))
            }
            "break" => {
                self.known_keys(object, &["type", "marks"]);
                InlineKind::Break
            }
            "image" => {
                self.known_keys(object, &["type", "asset", "url", "alt", "title", "marks"]);
                InlineKind::Image(self.image(object)?)
            }
            "footnote_reference" => {
                self.known_keys(object, &["type", "label", "marks"]);
                InlineKind::FootnoteReference(self.label(object))
            }
            "html" => {
                self.known_keys(object, &["type", "html", "marks"]);
                InlineKind::Html(self.text(object, "html"))
            }
            "" => return None,
            _ => {
                self.unread(value);
                return Some(Inline::plain(InlineKind::Unknown(object.clone())));
            }
        };
        let marks = self.list(object, "marks", Self::mark);
        Some(Inline { kind, marks })
    }

    fn mark(&mut self, value: &Value) -> Option<Mark> {
        let object = self.object(value)?;
        let name = self.text(object, "type");
        if name == "link" {
            self.known_keys(object, &["type", "href", "title"]);
            let title = self.optional_text(object, "title");
            return Some(Mark::Link { href: self.address(object, "href"), title });
        }
        self.known_keys(object, &["type"]);
        let found = SIMPLE_MARKS.into_iter().find(|(it, _)| *it == name);
        if found.is_none() {
            let names: Vec<_> = SIMPLE_MARKS.iter().map(|(name, _)| *name).collect();
            let message = format!("this must be one of: link, {}", names.join(", "));
            self.at(".type", |it| it.problem("unknown-mark", message));
        }
        found.map(|(_, mark)| mark)
    }

    pub(super) fn image(&mut self, object: &Object) -> Option<Image> {
        let source = match (object.contains_key("asset"), object.contains_key("url")) {
            (true, false) => ImageSource::Asset(self.asset(object)),
            (false, true) => ImageSource::Url(self.address(object, "url")),
            _ => {
                self.problem("image-source", "an image has either `asset` or `url`");
                return None;
            }
        };
        let alt = self.optional_text(object, "alt").unwrap_or_default();
        Some(Image { source, alt, title: self.optional_text(object, "title") })
    }

    fn asset(&mut self, object: &Object) -> String {
        let id = self.text(object, "asset");
        if id.is_empty() || id.len() > ASSET_BYTES_MAX || !is_id(&id) {
            let message = "this must be the id of an asset";
            self.at(".asset", |it| it.problem("bad-asset", message));
        }
        id
    }

    pub(super) fn label(&mut self, object: &Object) -> String {
        let label = self.text(object, "label");
        if !is_id(&label) {
            let message = "a label has 1 to 64 letters, digits, `-` and `_`";
            self.at(".label", |it| it.problem("bad-label", message));
        }
        label
    }

    /// Where an address leads is not judged here: documents are sanitised on their way in.
    pub(super) fn address(&mut self, object: &Object, key: &str) -> Address {
        let address = self.text(object, key);
        if address.len() > ADDRESS_BYTES_MAX {
            let message = format!("an address has at most {ADDRESS_BYTES_MAX} bytes");
            self.at(&format!(".{key}"), |it| it.problem("address-too-long", message));
        }
        address
    }
}
