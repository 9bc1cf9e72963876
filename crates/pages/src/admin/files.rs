//! The templates and files of the admin, packed inside the executable.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bytes::Bytes;
use smartcms_app::ports::Digest;

use crate::packed::{Parts, parts};

/// How many digits of a file's hash stand in its address.
const VERSION_LEN: usize = 16;

/// The templates: names and texts.
pub(super) static TEMPLATES: LazyLock<Parts> = LazyLock::new(|| parts!("admin-templates"));

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// A file as `build.rs` packed it: the name, the media type, and what it holds in `gzip`.
macro_rules! packed {
    ($name:literal, $type:expr) => {
        ($name, $type, include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".gz")))
    };
}

/// The files. htmx is 4.0.1, under the Zero-Clause BSD licence.
const FILES: &[(&str, &str, &[u8])] = &[
    packed!("admin.css", CSS),
    packed!("admin.js", SCRIPT),
    packed!("help.js", SCRIPT),
    packed!("passkeys.js", SCRIPT),
    packed!("htmx.min.js", SCRIPT),
    packed!("editor.js", SCRIPT),
    packed!("editor.css", CSS),
    packed!("editor-licences.txt", TEXT),
    packed!("icons.svg", SVG),
    packed!("favicon.svg", SVG),
];

/// A file that pages of the admin refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminFile {
    /// What it holds, in `gzip`: browsers take it as it is.
    pub gzip: Bytes,
    /// Its media type.
    pub content_type: &'static str,
    /// Changes when the content does; part of its address.
    pub version: String,
}

pub(super) fn all() -> BTreeMap<&'static str, AdminFile> {
    let file = |(name, content_type, gzip): &(&'static str, &'static str, &'static [u8])| {
        let digest = Digest::of(gzip).to_string();
        let version = digest.chars().take(VERSION_LEN).collect();
        (*name, AdminFile { gzip: Bytes::from_static(gzip), content_type, version })
    };
    FILES.iter().map(file).collect()
}
