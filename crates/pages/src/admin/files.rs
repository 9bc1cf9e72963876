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
    ("help.html", include_str!("templates/help.html")),
    ("dashboard.html", include_str!("templates/dashboard.html")),
    ("search.html", include_str!("templates/search.html")),
    ("list.html", include_str!("templates/list.html")),
    ("entry.html", include_str!("templates/entry.html")),
    ("picker.html", include_str!("templates/picker.html")),
    ("conflict.html", include_str!("templates/conflict.html")),
    ("revisions.html", include_str!("templates/revisions.html")),
    ("media.html", include_str!("templates/media.html")),
    ("asset.html", include_str!("templates/asset.html")),
    ("plugins.html", include_str!("templates/plugins.html")),
    ("plugin.html", include_str!("templates/plugin.html")),
    ("plugin_parts.html", include_str!("templates/plugin_parts.html")),
    ("plugin_file.html", include_str!("templates/plugin_file.html")),
    ("plugin_settings.html", include_str!("templates/plugin_settings.html")),
    ("plugin_work.html", include_str!("templates/plugin_work.html")),
    ("plugin_log.html", include_str!("templates/plugin_log.html")),
    ("transfer.html", include_str!("templates/transfer.html")),
    ("transfer_job.html", include_str!("templates/transfer_job.html")),
    ("trash.html", include_str!("templates/trash.html")),
    ("preferences.html", include_str!("templates/preferences.html")),
    ("account.html", include_str!("templates/account.html")),
    ("totp.html", include_str!("templates/totp.html")),
    ("recovery_codes.html", include_str!("templates/recovery_codes.html")),
    ("sessions.html", include_str!("templates/sessions.html")),
    ("users.html", include_str!("templates/users.html")),
    ("user.html", include_str!("templates/user.html")),
    ("new_user.html", include_str!("templates/new_user.html")),
    ("link.html", include_str!("templates/link.html")),
    ("roles.html", include_str!("templates/roles.html")),
    ("role.html", include_str!("templates/role.html")),
    ("tokens.html", include_str!("templates/tokens.html")),
    ("new_token.html", include_str!("templates/new_token.html")),
    ("token_made.html", include_str!("templates/token_made.html")),
    ("audit.html", include_str!("templates/audit.html")),
    ("collections.html", include_str!("templates/collections.html")),
    ("collection.html", include_str!("templates/collection.html")),
    ("collection_plan.html", include_str!("templates/collection_plan.html")),
    ("definition.html", include_str!("templates/definition.html")),
    ("menus.html", include_str!("templates/menus.html")),
    ("menu.html", include_str!("templates/menu.html")),
    ("redirect_inputs.html", include_str!("templates/redirect_inputs.html")),
    ("redirects.html", include_str!("templates/redirects.html")),
    ("redirect.html", include_str!("templates/redirect.html")),
    ("redirect_import.html", include_str!("templates/redirect_import.html")),
    ("terms.html", include_str!("templates/terms.html")),
    ("webhooks.html", include_str!("templates/webhooks.html")),
    ("webhook.html", include_str!("templates/webhook.html")),
    ("settings.html", include_str!("templates/settings.html")),
    ("views.html", include_str!("templates/views.html")),
    ("keys.html", include_str!("templates/keys.html")),
    ("go.html", include_str!("templates/go.html")),
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

/// The words of the editor in a language, as JSON.
pub(super) fn editor_texts(language: super::Language) -> &'static str {
    match language {
        super::Language::English => include_str!("../../admin-editor/dist/texts.en.json"),
        super::Language::German => include_str!("../../admin-editor/dist/texts.de.json"),
        super::Language::Arabic => include_str!("../../admin-editor/dist/texts.ar.json"),
    }
}
