//! `smartcms plugin inspect`: what a binary tells, for people and for programs.

use std::path::Path;

use smartcms_app::ports::PluginRecord;
use smartcms_plugin_host::{Inspection, Kind, Reach};

use super::super::say;
use super::PluginFile;

pub(super) fn inspect(file: &Path, as_json: bool) -> anyhow::Result<()> {
    let inspection = PluginFile::read(file)?.inspection;
    if as_json {
        say(serde_json::to_string_pretty(&inspection)?);
    } else {
        print(file, &inspection);
    }
    Ok(())
}

fn print(file: &Path, inspection: &Inspection) {
    let kind = match inspection.kind {
        Kind::Component => "component",
        Kind::ConvertedModule => "core module, converted to a component before it runs",
        Kind::CoreModule => "core module without component metadata",
    };
    say(format_args!("{}  {kind}, {} bytes", file.display(), inspection.bytes));
    say(format_args!("{}", inspection.digest));
    if let Some(manifest) = &inspection.manifest {
        let name = manifest.name.as_deref().unwrap_or(&manifest.id);
        say(format_args!("\n{name} {}", manifest.version.as_deref().unwrap_or("")));
        if let Some(description) = &manifest.description {
            say(format_args!("{description}"));
        }
    }
    print_reach(inspection);
    print_places(inspection);
    let made_by: Vec<&str> =
        inspection.languages.iter().chain(&inspection.tools).map(String::as_str).collect();
    if !made_by.is_empty() {
        say(format_args!("\nmade with {}", made_by.join(", ")));
    }
    for warning in &inspection.warnings {
        say(format_args!("\nwarning: {warning}"));
    }
}

fn print_reach(inspection: &Inspection) {
    say("\ncan reach, if it is granted:");
    if inspection.capabilities.is_empty() {
        say("  nothing outside itself");
    }
    for reach in &inspection.capabilities {
        say(format_args!("  {:<14} {}", reach.capability.name, reach.capability.words));
        if let Some(reason) = reason(inspection, reach) {
            say(format_args!("  {:<14} its author says: {reason}", ""));
        }
        say(format_args!("  {:<14} imports {}", "", reach.imports.join(", ")));
    }
    if !inspection.harmless.is_empty() {
        let mut words: Vec<&str> = inspection.harmless.iter().map(|it| it.words).collect();
        words.sort_unstable();
        words.dedup();
        say(format_args!("\nuses without a grant: {}", words.join("; ")));
    }
    for misfit in &inspection.misfits {
        say(format_args!("\nrefused: {misfit}"));
    }
    for refusal in &inspection.refused {
        say(format_args!("\nrefused: {}: {}", refusal.import, refusal.reason));
    }
}

fn print_places(inspection: &Inspection) {
    if inspection.extension_points.is_empty() {
        say(format_args!("\nexports {}", inspection.exports.join(", ")));
        return;
    }
    say("\ntakes part:");
    for point in &inspection.extension_points {
        say(format_args!("  {:<14} {}", point.name, point.words));
    }
}

fn reason<'a>(inspection: &'a Inspection, reach: &Reach) -> Option<&'a str> {
    let wanted = &inspection.manifest.as_ref()?.capabilities;
    let named = |grant: &str| grant.split('=').next() == Some(reach.capability.name);
    wanted.iter().find(|(grant, _)| named(grant)).map(|(_, reason)| reason.as_str())
}

/// What a plugin still lacks, with the command that grants it.
pub(super) fn print_needs(inspection: &Inspection, record: &PluginRecord) {
    for reach in &inspection.capabilities {
        let capability = reach.capability;
        if !reach.required || record.grants.include(capability.name) {
            continue;
        }
        say(format_args!("it needs {}: to {}", capability.name, capability.words));
        say(format_args!("  smartcms plugin grant {} {}", record.id, capability.example));
    }
}
