//! `smartcms plugin inspect`: what a binary tells, for people and for programs.

use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};
use smartcms_app::ports::PluginRecord;
use smartcms_distribution::{PublicKey, Reference};
use smartcms_domain::plugins::Grant;
use smartcms_plugin_host::{Inspection, Kind, Reach};

use super::super::say;
use super::add::PluginFile;
use super::registry::Fetched;
use super::source::Source;
use crate::args::{Folders, InspectArgs};
use crate::printable::{printable, shell_word};

pub(super) async fn inspect(folders: &Folders, args: &InspectArgs) -> anyhow::Result<()> {
    match Source::parse(&args.source)? {
        Source::File(file) => inspect_file(&file, &args.source, args.json),
        Source::Registry(reference) => inspect_artefact(folders, args, &reference).await,
    }
}

fn inspect_file(file: &Path, typed: &str, as_json: bool) -> anyhow::Result<()> {
    let inspection = PluginFile::read(file, Source::remark(typed))?.inspection;
    if as_json {
        say(serde_json::to_string_pretty(&inspection)?);
    } else {
        print(&file.display().to_string(), &inspection);
    }
    Ok(())
}

async fn inspect_artefact(
    folders: &Folders,
    args: &InspectArgs,
    reference: &Reference,
) -> anyhow::Result<()> {
    let fetched = Fetched::from(folders, reference, &args.registry).await?;
    let inspection = smartcms_plugin_host::inspect(&fetched.component, None)
        .with_context(|| format!("could not inspect {reference}"))?;
    let signed = fetched.signed(folders, None)?;
    if args.json {
        let mut shown = serde_json::to_value(&inspection)?;
        if let Value::Object(shown) = &mut shown {
            let artefact = json!({
                "reference": reference.to_string(),
                "digest": fetched.artefact.digest.as_str(),
                "annotations": fetched.artefact.annotations,
                "signers": signed.signers.iter().map(PublicKey::as_str).collect::<Vec<_>>(),
                "broken_signatures": signed.broken,
            });
            shown.insert("artefact".to_owned(), artefact);
        }
        say(serde_json::to_string_pretty(&shown)?);
        return Ok(());
    }
    print(&reference.to_string(), &inspection);
    say(format_args!("\nin the registry: {}", reference.at(fetched.artefact.digest.clone())));
    say(signed.in_words());
    Ok(())
}

fn print(name: &str, inspection: &Inspection) {
    let kind = match inspection.kind {
        Kind::Component => "component",
        Kind::ConvertedModule => "core module, converted to a component before it runs",
        Kind::CoreModule => "core module without component metadata",
    };
    show(format_args!("{name}  {kind}, {} bytes", inspection.bytes));
    show(format_args!("{}", inspection.digest));
    if let Some(manifest) = &inspection.manifest {
        let name = manifest.name.as_deref().unwrap_or(&manifest.id);
        show(format_args!("\n{name} {}", manifest.version.as_deref().unwrap_or("")));
        if let Some(description) = &manifest.description {
            show(format_args!("{description}"));
        }
    }
    print_reach(inspection);
    print_places(inspection);
    let made_by: Vec<&str> =
        inspection.languages.iter().chain(&inspection.tools).map(String::as_str).collect();
    if !made_by.is_empty() {
        show(format_args!("\nmade with {}", made_by.join(", ")));
    }
    for warning in &inspection.warnings {
        show(format_args!("\nwarning: {warning}"));
    }
}

fn print_reach(inspection: &Inspection) {
    show("\ncan reach, if it is granted:");
    if inspection.capabilities.is_empty() {
        show("  nothing outside itself");
    }
    for reach in &inspection.capabilities {
        show(format_args!("  {:<14} {}", reach.capability.name, reach.capability.words));
        for (grant, reason) in asked(inspection, reach) {
            show(format_args!("  {:<14} asks for {grant}: to {}", "", grant.words()));
            show(format_args!("  {:<14} its author says: {reason}", ""));
        }
        show(format_args!("  {:<14} imports {}", "", reach.imports.join(", ")));
    }
    if !inspection.harmless.is_empty() {
        let mut words: Vec<&str> = inspection.harmless.iter().map(|it| it.words).collect();
        words.sort_unstable();
        words.dedup();
        show(format_args!("\nuses without a grant: {}", words.join("; ")));
    }
    for misfit in &inspection.misfits {
        show(format_args!("\nrefused: {misfit}"));
    }
    for refusal in &inspection.refused {
        show(format_args!("\nrefused: {}: {}", refusal.import, refusal.reason));
    }
}

fn print_places(inspection: &Inspection) {
    if inspection.extension_points.is_empty() {
        show(format_args!("\nexports {}", inspection.exports.join(", ")));
        return;
    }
    show("\ntakes part:");
    for point in &inspection.extension_points {
        show(format_args!("  {:<14} {}", point.name, point.words));
    }
}

/// The grants of a capability that the author asks for, each with its reason.
fn asked<'a>(inspection: &'a Inspection, reach: &Reach) -> Vec<(Grant, &'a str)> {
    let Some(manifest) = &inspection.manifest else { return Vec::new() };
    let wanted = manifest.capabilities.iter();
    let wanted = wanted.filter_map(|(text, reason)| Some((text.parse().ok()?, reason.as_str())));
    wanted.filter(|(grant, _): &(Grant, _)| grant.capability() == reach.capability.name).collect()
}

/// A line about a component, which names its parts as it likes.
fn show(text: impl std::fmt::Display) {
    say(printable(&text.to_string()));
}

/// What a plugin still lacks, with the command that grants it: what its author asks for, where the author says, and an
/// example where not.
pub(super) fn print_needs(inspection: &Inspection, record: &PluginRecord) {
    for reach in &inspection.capabilities {
        let capability = reach.capability;
        if !reach.required || record.grants.include(capability.name) {
            continue;
        }
        let asked = asked(inspection, reach);
        if asked.is_empty() {
            say(format_args!("it needs {}: to {}", capability.name, capability.words));
            say(format_args!("  smartcms plugin grant {} {}", record.id, capability.example));
        }
        for (grant, reason) in asked {
            show(format_args!("it needs {}: to {}", capability.name, grant.words()));
            show(format_args!("  its author says: {reason}"));
            let word = grant.to_string();
            say(format_args!("  smartcms plugin grant {} {}", record.id, shell_word(&word)));
        }
    }
}
