//! The templates and files of the admin, inside the executable.

use std::collections::BTreeMap;

use bytes::Bytes;
use smartcms_app::ports::Digest;

/// How many digits of a file's hash stand in its address.
const VERSION_LEN: usize = 16;

/// The templates: names and texts.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("layout.html", include_str!("templates/layout.html")),
    ("plain.html", include_str!("templates/plain.html")),
    ("part.html", include_str!("templates/part.html")),
    ("macros.html", include_str!("templates/macros.html")),
    ("fields.html", include_str!("templates/fields.html")),
    ("dashboard.html", include_str!("templates/dashboard.html")),
    ("search.html", include_str!("templates/search.html")),
    ("list.html", include_str!("templates/list.html")),
    ("entry.html", include_str!("templates/entry.html")),
    ("picker.html", include_str!("templates/picker.html")),
    ("conflict.html", include_str!("templates/conflict.html")),
    ("revisions.html", include_str!("templates/revisions.html")),
    ("media.html", include_str!("templates/media.html")),
    ("asset.html", include_str!("templates/asset.html")),
    ("trash.html", include_str!("templates/trash.html")),
    ("preferences.html", include_str!("templates/preferences.html")),
    ("failure.html", include_str!("templates/failure.html")),
    ("sign_in.html", include_str!("templates/sign_in.html")),
    ("second_factor.html", include_str!("templates/second_factor.html")),
    ("first_owner.html", include_str!("templates/first_owner.html")),
    ("forgotten.html", include_str!("templates/forgotten.html")),
    ("password.html", include_str!("templates/password.html")),
];

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// The files: names, media types and texts.
const FILES: &[(&str, &str, &str)] = &[
    ("admin.css", CSS, include_str!("files/admin.css")),
    ("admin.js", SCRIPT, include_str!("files/admin.js")),
    // htmx 4.0.1, under the Zero-Clause BSD licence.
    ("htmx.min.js", SCRIPT, include_str!("files/htmx.min.js")),
    ("editor.js", SCRIPT, include_str!("../../admin-editor/dist/editor.js")),
    ("editor.css", CSS, include_str!("../../admin-editor/dist/editor.css")),
    ("editor-licences.txt", TEXT, include_str!("../../admin-editor/dist/licences.txt")),
    ("icons.svg", SVG, include_str!("files/icons.svg")),
    ("favicon.svg", SVG, include_str!("files/favicon.svg")),
];

/// A file that pages of the admin refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminFile {
    /// What it holds.
    pub bytes: Bytes,
    /// Its media type.
    pub content_type: &'static str,
    /// Changes when the content does; part of its address.
    pub version: String,
}

pub(super) fn all() -> BTreeMap<&'static str, AdminFile> {
    let file = |(name, content_type, text): &(&'static str, &'static str, &'static str)| {
        let digest = Digest::of(text.as_bytes()).to_string();
        let version = digest.chars().take(VERSION_LEN).collect();
        let bytes = Bytes::from_static(text.as_bytes());
        (*name, AdminFile { bytes, content_type, version })
    };
    FILES.iter().map(file).collect()
}

/// The words of the editor in a language, as JSON.
pub(super) fn editor_texts(language: super::Language) -> &'static str {
    match language {
        super::Language::English => include_str!("../../admin-editor/dist/texts.en.json"),
        super::Language::German => include_str!("../../admin-editor/dist/texts.de.json"),
        super::Language::Arabic => include_str!("../../admin-editor/dist/texts.ar.json"),
    }
}
