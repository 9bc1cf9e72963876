//! `smartcms component restrict`.

use std::collections::BTreeMap;
use std::path::Path;

use smartcms_components::{Answer, Closed};
use smartcms_plugin_host::{CAPABILITIES, Requirement, requirement};

use super::{converted, explained, read, write};
use crate::commands::say;
use crate::failure::{Failure, exit};

pub(super) fn restrict(path: &Path, allowed: &[String], output: &Path) -> anyhow::Result<()> {
    let (component, _) = converted(&read(path)?)?;
    let names = smartcms_components::imports(&component).map_err(explained)?;
    for allow in allowed {
        check(allow, &names, path)?;
    }
    let closes = |import: &str| is_closed(import, allowed);
    let made = smartcms_components::restrict(&component, closes).map_err(explained)?;
    write(output, &made.wasm)?;
    if made.closed.is_empty() {
        say("closed nothing: everything that it imports is harmless or allowed");
    }
    for closed in &made.closed {
        say(format_args!("closed {}: {}", closed.import, answers(closed)));
    }
    let open = if made.open.is_empty() { "nothing".to_owned() } else { made.open.join(", ") };
    say(format_args!("still imports {open}"));
    say(format_args!("{}  {} bytes", output.display(), made.wasm.len()));
    Ok(())
}

/// Whatever does harm, or may, and was not allowed.
fn is_closed(import: &str, allowed: &[String]) -> bool {
    let needs = match requirement(import) {
        Requirement::Free(_) => return false,
        Requirement::Needs(capability) => Some(capability.name),
        Requirement::OtherVersion { .. } | Requirement::Unknown => None,
    };
    !allowed.iter().any(|it| Some(it.as_str()) == needs || is_named(import, it))
}

/// Whether a name is that of an import, with or without its version.
fn is_named(import: &str, name: &str) -> bool {
    import == name || import.split('@').next() == Some(name)
}

/// A name that fits nothing would leave closed what somebody wanted open.
fn check(allow: &str, imports: &[String], path: &Path) -> anyhow::Result<()> {
    let is_capability = CAPABILITIES.iter().any(|it| it.name == allow);
    if is_capability || imports.iter().any(|it| is_named(it, allow)) {
        return Ok(());
    }
    let capabilities: Vec<&str> = CAPABILITIES.iter().map(|it| it.name).collect();
    let message = format!(
        "--allow {allow}: that is no capability, and {} imports nothing of that name",
        path.display()
    );
    let hint = format!(
        "capabilities are {}; `smartcms component wit --capabilities` lists the imports",
        capabilities.join(", ")
    );
    Err(Failure::hinted(message, hint, exit::INVALID))
}

/// How many functions answer what, and which ones trap.
fn answers(closed: &Closed) -> String {
    if closed.functions.is_empty() {
        return "types only".to_owned();
    }
    let mut groups: BTreeMap<&Answer, Vec<&str>> = BTreeMap::new();
    for (function, answer) in &closed.functions {
        groups.entry(answer).or_default().push(function);
    }
    let group = |(answer, functions): (&&Answer, &Vec<&str>)| match answer {
        Answer::Trap => format!("{} gives {answer}", functions.join(", ")),
        _ if functions.len() == 1 => format!("{} gives {answer}", functions.join("")),
        _ => format!("{} functions give {answer}", functions.len()),
    };
    groups.iter().map(group).collect::<Vec<_>>().join("; ")
}
