//! What changed between a released package and the one that follows it.

use super::shape::{InterfaceShape, Shape, TypeShape};

/// Everything that a plugin built for the release would not expect; empty when there is nothing.
pub(super) fn changes(released: &Shape, now: &Shape) -> Vec<String> {
    if line(released) != line(now) {
        // Another line of versions stands beside the old one, and the host has a module for each.
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut grew = false;
    for (name, before) in &released.interfaces {
        let Some(after) = now.interfaces.get(name) else {
            found.push(format!("interface {name} is gone: plugins use it"));
            continue;
        };
        types(name, before, after, &mut found);
        functions(name, before, after, released.is_exported(name), &mut found);
        grew |= after.functions.len() > before.functions.len();
        grew |= after.types.len() > before.types.len();
    }
    worlds(released, now, &mut found);
    grew |= now.interfaces.len() > released.interfaces.len();
    grew |= now.worlds.len() > released.worlds.len();
    if found.is_empty() && grew && now.version <= released.version {
        found.push(format!(
            "has more than was released and is still version {}: give the package the next version",
            words(now)
        ));
    }
    found
}

impl Shape {
    /// Whether plugins implement an interface.
    fn is_exported(&self, name: &str) -> bool {
        let line = format!("export {name}");
        self.worlds.values().flatten().any(|it| *it == line)
    }
}

/// The numbers that say which versions fit one another: before 1.0 the second one counts.
fn line(shape: &Shape) -> Option<Vec<u64>> {
    let version = shape.version.as_ref()?;
    let take = if version.first() == Some(&0) { 2 } else { 1 };
    Some(version.iter().copied().take(take).collect())
}

fn words(shape: &Shape) -> String {
    let numbers = shape.version.iter().flatten().map(ToString::to_string);
    numbers.collect::<Vec<_>>().join(".")
}

fn types(
    interface: &str,
    before: &InterfaceShape,
    after: &InterfaceShape,
    found: &mut Vec<String>,
) {
    for (name, old) in &before.types {
        match after.types.get(name) {
            None => found.push(format!("{} `{name}` of {interface} is gone", old.kind)),
            Some(new) if new == old => {}
            Some(new) => {
                differences(&format!("{} `{name}` of {interface}", old.kind), old, new, found);
            }
        }
    }
}

fn differences(what: &str, old: &TypeShape, new: &TypeShape, found: &mut Vec<String>) {
    if old.kind != new.kind {
        found.push(format!("{what} is a {} now: make a type of another name", new.kind));
        return;
    }
    let before = found.len();
    for part in new.parts.iter().filter(|it| !old.parts.contains(it)) {
        found.push(format!(
            "{what} has a new {} `{part}`: a plugin that was built before does not know it; \
             make a new function or interface",
            old.part
        ));
    }
    for part in old.parts.iter().filter(|it| !new.parts.contains(it)) {
        found.push(format!("{what} lacks the {} `{part}`", old.part));
    }
    if found.len() == before {
        found.push(format!("{what} has its {}s in another order", old.part));
    }
}

fn functions(
    interface: &str,
    before: &InterfaceShape,
    after: &InterfaceShape,
    is_exported: bool,
    found: &mut Vec<String>,
) {
    for (name, old) in &before.functions {
        match after.functions.get(name) {
            None => found.push(format!("`{name}` of {interface} is gone: plugins call it")),
            Some(new) if new == old => {}
            Some(new) => found.push(format!(
                "`{name}` of {interface} was {old} and is {new}: make a function of another name"
            )),
        }
    }
    if is_exported {
        for name in after.functions.keys().filter(|it| !before.functions.contains_key(*it)) {
            found.push(format!(
                "`{name}` is new, and plugins export {interface}: those built before lack it; \
                 make a new interface"
            ));
        }
    }
}

fn worlds(released: &Shape, now: &Shape, found: &mut Vec<String>) {
    for (name, old) in &released.worlds {
        let Some(new) = now.worlds.get(name) else {
            found.push(format!("world {name} is gone: plugins are built for it"));
            continue;
        };
        for line in old.iter().filter(|it| !new.contains(it)) {
            found.push(format!("world {name} lacks `{line}`"));
        }
        for line in new.iter().filter(|it| !old.contains(it)) {
            found.push(format!(
                "world {name} has `{line}`, which it had not: sources written for it no longer \
                 build; make a new world"
            ));
        }
    }
}
