//! What redirects look like, and how they are read.

use serde::Serialize;
use smartcms_app::redirects::RedirectView;
use smartcms_domain::redirects::{RedirectDraft, RedirectTarget};

use crate::members::Members;

/// A redirect.
#[derive(Serialize)]
pub(super) struct RedirectBody {
    id: String,
    from: String,
    /// As it was written; null for an entry, and for what is gone.
    to: Option<String>,
    entry: Option<String>,
    status: u16,
    automatic: bool,
    /// Where it leads now.
    leads_to: Option<String>,
    created_at: String,
    updated_at: String,
}

impl From<&RedirectView> for RedirectBody {
    fn from(view: &RedirectView) -> Self {
        let redirect = &view.redirect;
        let entry = match redirect.target {
            RedirectTarget::Entry(id) => Some(id.to_string()),
            _ => None,
        };
        Self {
            id: redirect.id.to_string(),
            from: redirect.source.to_string(),
            to: redirect.target.text(),
            entry,
            status: redirect.status.number(),
            automatic: redirect.is_automatic,
            leads_to: view.leads_to.clone(),
            created_at: redirect.created_at.to_string(),
            updated_at: redirect.updated_at.to_string(),
        }
    }
}

/// The redirect that an object describes; what is missing or of the wrong kind stays noted in the members.
pub(super) fn draft(members: &mut Members) -> RedirectDraft {
    let from = members.text("from");
    if from.is_none() {
        members.missing("from");
    }
    RedirectDraft {
        from: from.unwrap_or_default(),
        to: members.text("to"),
        entry: members.id("entry"),
        status: members.number("status"),
    }
}
