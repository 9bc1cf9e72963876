//! What an author should know about a plugin before it is published.

use serde::Serialize;
use smartcms_domain::plugins::Grant;

use super::capabilities::InterfaceName;
use super::{Inspection, Kind};
use crate::compile::COMPONENT_BYTES_MAX;

/// Above this size, in bytes, a plugin takes seconds to compile: as much as a small interpreter has.
const BYTES_WANTED_MAX: usize = 2 * 1024 * 1024;

/// Something to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whether the host refuses the plugin for it.
    pub is_error: bool,
    /// What is the matter.
    pub what: String,
    /// What to do.
    pub advice: String,
}

/// Which language a plugin was written in, as far as that changes the advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    Rust,
    JavaScript,
    Python,
    C,
    Go,
    Unknown,
}

/// Looks for what keeps a plugin from being used, and for what it could do without. The first errors come first.
pub fn check(file: &[u8], inspection: &Inspection) -> Vec<Finding> {
    let mut findings = Vec::new();
    errors(inspection, &mut findings);
    manifest(inspection, &mut findings);
    let made = Made::of(file, inspection);
    unneeded(inspection, made, &mut findings);
    size(inspection, made, &mut findings);
    if inspection.stamps.is_empty() {
        findings.push(warning(
            "it does not say which SDK it was built with",
            "build it with an SDK, or with `smartcms plugin build`: a later host then says which side to update",
        ));
    }
    findings
}

fn errors(inspection: &Inspection, findings: &mut Vec<Finding>) {
    let advice = "`smartcms plugin inspect FILE` shows every import and export";
    for misfit in &inspection.misfits {
        findings.push(error(misfit.clone(), advice));
    }
    for refusal in &inspection.refused {
        let advice = if inspection.kind == Kind::CoreModule {
            "`smartcms component new MODULE --wit PATH -o OUT` tells a module its types"
        } else {
            "`smartcms component compose FILE --plug PLUG -o OUT` adds a component that offers it"
        };
        findings.push(error(format!("it imports {}: {}", refusal.import, refusal.reason), advice));
    }
    if inspection.extension_points.is_empty() && inspection.misfits.is_empty() {
        findings.push(error(
            "it takes part nowhere: it exports no extension point",
            "export one of smartcms:plugin, or wasi:http; `smartcms run FILE` runs any other component",
        ));
    }
}

fn manifest(inspection: &Inspection, findings: &mut Vec<Finding>) {
    let Some(manifest) = &inspection.manifest else {
        findings.push(warning(
            "there is no plugin.toml beside it or in it",
            "write one with id, version, description, and a reason for each capability",
        ));
        return;
    };
    for text in &inspection.warnings {
        findings.push(warning(text.clone(), "take it out of plugin.toml"));
    }
    for (key, value) in [("version", &manifest.version), ("description", &manifest.description)] {
        if value.is_none() {
            findings.push(warning(
                format!("plugin.toml has no {key}"),
                "people see it before they add the plugin",
            ));
        }
    }
}

/// Imports that a language's runtime brings along: nothing asks for them in plugin.toml, and hooks and filters, which
/// are text in and text out, seldom use them.
fn unneeded(inspection: &Inspection, made: Made, findings: &mut Vec<Finding>) {
    let is_server = |name: &str| name == "routes" || name == "command";
    if inspection.extension_points.iter().any(|it| is_server(it.name)) {
        return;
    }
    let asked: Vec<&str> = inspection
        .manifest
        .iter()
        .flat_map(|it| it.grants().unwrap_or_default())
        .map(|it| Grant::capability(&it))
        .collect();
    let reached = inspection.capabilities.iter().filter(|it| !asked.contains(&it.capability.name));
    let reached = reached.flat_map(|it| &it.imports);
    let harmless = inspection.harmless.iter().map(|it| &it.import);
    let names: Vec<&str> = reached
        .chain(harmless)
        .map(String::as_str)
        .filter(|it| is_of_runtimes(InterfaceName::parse(it)))
        .collect();
    if !names.is_empty() {
        let what = format!("it imports what it may not need: {}", names.join(", "));
        let advice = format!(
            "{}; `smartcms component restrict FILE -o OUT` closes what needs a grant, for good",
            made.advice_on_imports()
        );
        findings.push(warning(what, advice));
    }
}

fn is_of_runtimes(name: InterfaceName<'_>) -> bool {
    match name.package {
        "wasi:cli" | "wasi:filesystem" | "wasi:sockets" => true,
        "wasi:http" => name.interface != "types",
        _ => false,
    }
}

fn size(inspection: &Inspection, made: Made, findings: &mut Vec<Finding>) {
    if inspection.debug_bytes > inspection.bytes / 4 {
        let what = format!(
            "{} of its {} bytes are for debuggers only",
            inspection.debug_bytes, inspection.bytes
        );
        findings.push(warning(what, "strip it: `strip = true` in Cargo's profile, -s for clang"));
    }
    if inspection.bytes > BYTES_WANTED_MAX {
        let what = format!(
            "it has {} bytes of at most {COMPONENT_BYTES_MAX}, which take seconds to compile",
            inspection.bytes
        );
        findings.push(warning(what, made.advice_on_size()));
    }
}

impl Made {
    /// What its makers say, or else what their tools leave in the file.
    fn of(file: &[u8], inspection: &Inspection) -> Self {
        let names: Vec<String> = inspection
            .languages
            .iter()
            .chain(&inspection.tools)
            .map(|it| it.to_lowercase())
            .collect();
        let said = |word: &str| names.iter().any(|it| it.contains(word));
        let left = |mark: &[u8]| file.windows(mark.len()).any(|it| it == mark);
        if said("javascript") || said("componentizejs") || left(b"componentize_qjs") {
            Self::JavaScript
        } else if said("python") || said("componentize-py") || left(b"componentize_py") {
            Self::Python
        } else if said("tinygo") || names.iter().any(|it| it.starts_with("go ")) {
            Self::Go
        } else if said("rust") || left(b"/rustc/") {
            Self::Rust
        } else if said("clang") {
            Self::C
        } else {
            Self::Unknown
        }
    }

    fn advice_on_imports(self) -> &'static str {
        match self {
            Self::Rust => {
                "build for wasm32-unknown-unknown and make it a component with `smartcms component new`"
            }
            Self::JavaScript => "give `jco componentize` the argument `--disable all`",
            Self::Python => "give `componentize-py componentize` the argument `--stub-wasi`",
            Self::C => {
                "build a reactor (-mexec-model=reactor) that calls no files and prints nothing"
            }
            Self::Go => "Go's runtime imports them always",
            Self::Unknown => "look for what in its language's runtime opens files or prints",
        }
    }

    fn advice_on_size(self) -> &'static str {
        match self {
            Self::Rust => "use opt-level = \"s\", lto = true, strip = true, panic = \"abort\"",
            Self::JavaScript => "`jco componentize --backend qjs` takes a smaller engine",
            Self::Python => "an interpreter has its size; it is compiled once and cached",
            Self::C => "use -Os and -flto, and strip it with -s",
            Self::Go | Self::Unknown => "build it for size, without debug sections",
        }
    }
}

fn error(what: impl Into<String>, advice: impl Into<String>) -> Finding {
    Finding { is_error: true, what: what.into(), advice: advice.into() }
}

fn warning(what: impl Into<String>, advice: impl Into<String>) -> Finding {
    Finding { is_error: false, what: what.into(), advice: advice.into() }
}
