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

/// The files: names, media types and texts.
const FILES: &[(&str, &str, &str)] = &[
    ("admin.css", CSS, include_str!("files/admin.css")),
    ("admin.js", SCRIPT, include_str!("files/admin.js")),
    ("help.js", SCRIPT, include_str!("files/help.js")),
    ("passkeys.js", SCRIPT, include_str!("files/passkeys.js")),
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
