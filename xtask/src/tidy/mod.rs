//! `tidy`: the rules of this repository that a machine can hold and the compiler does not.
//!
//! Each rule is a pure function of a [`Tree`] or of `cargo metadata`'s packages, so that its tests
//! are strings. A rule says what is wrong, where, and what to do instead.

mod arrows;
mod contracts;
mod decisions;
mod hashes;
mod links;
mod manifests;
mod migrations;
mod sizes;
mod text;
mod tree;
mod words;

use anyhow::{Result, bail};

use self::tree::{Finding, Severity, Tree};
use crate::{first_party, process, report, task::Task, workshop::Workshop};

pub(crate) const TASK: Task = Task {
    name: "tidy",
    summary: "checks the arrows between crates and the other rules of the repository",
    help: "\
Checks the rules that neither the compiler nor clippy holds.

Usage: cargo xtask tidy [--write-hashes]

  arrows       which crate may use which, and which outside crates are for one crate only
  manifests    lints and dependency versions come from the workspace
  text         std::fs, StatusCode, SQL, unsafe, cfg only where they belong
  sizes        files over 400 lines (warning) and over 600 lines (error)
  migrations   names and order of migrations
  hashes       published migrations and contracts are not changed (files HASHES)
  contracts    what plugins see in wit/ did not grow in place since its last release
  words        no registry host names and no paths of one machine
  links        Markdown links to files that exist
  decisions    numbering of docs/adr
  built-in     plugins in the executable are of the sources there are (plugins/*/dist/SOURCES)

--write-hashes  adds files that are not yet in their HASHES list. It never changes a line: to
                change a file that was never released, remove its line first.",
    run: |workshop, arguments| match arguments {
        [] => check(workshop),
        [flag] if flag == "--write-hashes" => hashes::write(workshop),
        [other, ..] => bail!("tidy knows no argument {other:?}; see `cargo xtask tidy --help`"),
    },
};

/// Applies every rule; an error when one of them is broken.
pub(crate) fn check(workshop: &Workshop) -> Result<()> {
    let tree = Tree::load(workshop.root())?;
    let packages = arrows::parse(&metadata(workshop)?)?;
    let rules: [fn(&Tree) -> Vec<Finding>; 9] = [
        manifests::check,
        text::check,
        sizes::check,
        migrations::check,
        hashes::check,
        contracts::check,
        words::check,
        links::check,
        decisions::check,
    ];
    let mut findings = arrows::check(&packages);
    findings.extend(rules.iter().flat_map(|rule| rule(&tree)));
    for finding in &findings {
        report::note(&finding.to_string());
    }
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if errors > 0 {
        bail!("tidy found {errors} broken rules");
    }
    first_party::built_in::check_lists(workshop)
}

fn metadata(workshop: &Workshop) -> Result<String> {
    let arguments = ["metadata", "--format-version", "1", "--no-deps", "--offline"];
    process::output(&mut process::cargo(workshop.root(), &arguments))
}
