//! `first-party`: builds and tests the plugins in `plugins/` as their authors do, and lets them work together on a site.

pub(crate) mod built_in;
mod project;
mod together;

use std::{fs, process::Command};

use anyhow::{Context as _, Result, bail};

use self::project::Project;
use crate::{author, process, report, server, setup, task::Task, workshop::Workshop};

pub(crate) const TASK: Task = Task {
    name: "first-party",
    summary: "builds and tests the plugins in plugins/, alone and together",
    help: "\
For each folder in plugins/ that has a plugin.toml: `smartcms plugin build`, `plugin check` and
`plugin test`, with nothing but the SDKs. Without arguments then adds all of them to one site, grants
what they ask for, and looks whether readers see what they do.

Usage: cargo xtask first-party [--accept] [PLUGIN...]

  cargo xtask first-party comments math

  --accept   those that are in the executable are committed as files: takes what was built as the new
             file, with the hashes of its sources

Each plugin has to stand in the table of plugins/README.md. The tools of the languages are in
target/xtask/tools. About 4 minutes after a build of the server.",
    run: |workshop, names| {
        let all = project::all(workshop)?;
        let accept = names.iter().any(|it| it == "--accept");
        let names: Vec<String> = names.iter().filter(|it| *it != "--accept").cloned().collect();
        let chosen = chosen(&all, &names)?;
        let is_whole = chosen.len() == all.len();
        run(workshop, &chosen, is_whole, accept)
    },
};

/// Every plugin.
pub(crate) fn check(workshop: &Workshop) -> Result<()> {
    let all = project::all(workshop)?;
    run(workshop, &all.iter().collect::<Vec<_>>(), true, false)
}

fn chosen<'a>(all: &'a [Project], names: &[String]) -> Result<Vec<&'a Project>> {
    if names.is_empty() {
        return Ok(all.iter().collect());
    }
    let find = |name: &String| {
        let found = all.iter().find(|it| it.name == *name);
        found.with_context(|| format!("there is no plugin {name:?}; plugins/README.md lists them"))
    };
    names.iter().map(find).collect()
}

/// A failed plugin does not stop the others.
fn run(workshop: &Workshop, chosen: &[&Project], is_whole: bool, accept: bool) -> Result<()> {
    let rust = setup::rust_wasm(workshop)?;
    server::build(workshop)?;
    let tools = Tools { workshop, rust: &rust };
    let table = workshop.path("plugins/README.md");
    let table = fs::read_to_string(&table)
        .with_context(|| format!("could not read {}", table.display()))?;
    let mut failed = Vec::new();
    for project in chosen {
        report::step(&format!("first-party: {}", project.name));
        let (outcome, time) = report::timed(|| {
            project.check(&tools, &table)?;
            built_in::check(workshop, project, accept)
        });
        if let Err(error) = outcome {
            report::failure(&error);
            failed.push(project.name.as_str());
        }
        report::note(&format!("{}: {}", project.name, report::duration_text(time)));
    }
    if !failed.is_empty() {
        bail!("failed: {}; try one with `cargo xtask first-party NAME`", failed.join(", "));
    }
    if !is_whole {
        return Ok(());
    }
    report::step("first-party: all of them on one site");
    together::check(&tools, chosen)
}

/// The built server, and what the languages need.
struct Tools<'a> {
    workshop: &'a Workshop,
    rust: &'a setup::GuestRust,
}

impl Tools<'_> {
    /// `smartcms` in the repository.
    fn smartcms(&self) -> Command {
        let workshop = self.workshop;
        let mut command = process::command(workshop.path("target/debug/smartcms"), workshop.root());
        command.env("SMARTCMS_TOOLS", workshop.state().join("tools"));
        command.env("XDG_CACHE_HOME", workshop.state().join("cache"));
        command.env("CARGO_TARGET_DIR", workshop.state().join("first-party/target"));
        author::be_patient(&mut command);
        self.rust.apply(&mut command);
        command
    }
}
