//! What a person means by the text for a plugin: a file, or an artefact in a registry.

use std::path::{Path, PathBuf};

use smartcms_distribution::Reference;

use crate::failure::{Failure, exit};

/// Where a plugin comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// A file.
    File(PathBuf),
    /// An artefact.
    Registry(Reference),
}

impl Source {
    /// A file that is there goes before a registry; `oci://` always means a registry.
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        if text.starts_with("oci://") {
            return reference(text).map(Self::Registry);
        }
        if Path::new(text).exists() {
            return Ok(Self::File(PathBuf::from(text)));
        }
        match Reference::parse(text) {
            Ok(found) if found.tag.is_some() || found.digest.is_some() => Ok(Self::Registry(found)),
            parsed => {
                let reason = parsed.err().map_or("it has no tag and no digest", |it| it.reason);
                let message = format!(
                    "`{text}` is not a file that is there, and not a reference like registry.example.com/ada/visits:0.1.0: {reason}"
                );
                let hint = "`oci://` before a reference always means a registry";
                Err(Failure::hinted(message, hint, exit::NOT_FOUND))
            }
        }
    }

    /// For errors about a file: whoever meant a registry learns why that was not asked.
    pub(super) fn remark(text: &str) -> &'static str {
        match Reference::parse(text) {
            Ok(_) => " (a file of that name is there; `oci://` before it means the registry)",
            Err(_) => "",
        }
    }
}

/// Reads a reference.
pub(super) fn reference(text: &str) -> anyhow::Result<Reference> {
    Reference::parse(text).map_err(|error| {
        let hint = "the registry is always named: registry.example.com/…, localhost:5000/…";
        Failure::hinted(error.to_string(), hint, exit::INVALID)
    })
}
