//! `smartcms plugin check`: what an author should change before publishing.

use std::path::Path;

use smartcms_plugin_host::{InspectError, Stamp, check_plugin};

use super::super::say;
use super::PluginFile;
use crate::failure::{Failure, exit};

pub(super) fn check(path: &Path, as_json: bool) -> anyhow::Result<()> {
    let file =
        PluginFile::read(path).map_err(|error| match error.downcast_ref::<InspectError>() {
            Some(_) => Failure::hinted(
                format!("{error:#}"),
                "`smartcms component validate` says what a file is",
                exit::INVALID,
            ),
            None => error,
        })?;
    let findings = check_plugin(&file.bytes, &file.inspection);
    let errors = findings.iter().filter(|it| it.is_error).count();
    if as_json {
        say(serde_json::to_string_pretty(&findings)?);
    } else {
        let inspection = &file.inspection;
        say(format_args!(
            "{}  {} bytes{}",
            path.display(),
            inspection.bytes,
            built(&inspection.stamps)
        ));
        for finding in &findings {
            let word = if finding.is_error { "error" } else { "warning" };
            say(format_args!("{word}: {}\n  {}", finding.what, finding.advice));
        }
        if findings.is_empty() {
            say("nothing to change");
        }
    }
    if errors == 0 {
        return Ok(());
    }
    let count = if errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") };
    let message = format!("{} cannot be used: {count}", path.display());
    Err(Failure::hinted(message, "each error says what to do", exit::INVALID))
}

fn built(stamps: &[Stamp]) -> String {
    let each =
        stamps.iter().map(|it| format!(", built with {} for contract {}", it.sdk, it.contract));
    each.collect()
}
