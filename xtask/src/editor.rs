//! `editor`: the admin's editor, built again and tried in a real browser.

use anyhow::{Context as _, Result};

use crate::{
    e2e, process, report, setup,
    task::{Task, expect_no_arguments},
    workshop::Workshop,
};

pub(crate) const TASK: Task = Task {
    name: "editor",
    summary: "checks that the admin's editor is what its sources give, and tests it in Chromium",
    help: "\
Builds the editor of the admin from crates/pages/admin-editor and compares it, byte by byte, with
crates/pages/admin-editor/dist, which is committed so that the server is built without Node.
Prints its sizes, checks its types, and runs its tests: random block trees that have to come back
as they were, and writing, pasting and looking in a headless Chromium.

Usage: cargo xtask editor

After a change of its sources, `npm run build` in that folder writes dist/ anew.
Gets what is missing: its packages by `npm ci` (Node 20), about 90 MB, and on Debian the package
chromium where no browser is found.
Variables: CHROMIUM (the browser to use), SCREENSHOTS (a folder for pictures).

About four minutes.",
    run: |workshop, arguments| {
        expect_no_arguments("editor", arguments)?;
        run(workshop)
    },
};

/// What is run, in order: the cheap and telling ones first.
const SCRIPTS: &[&str] = &["check", "types", "test", "test:browser"];

/// Builds, compares and tests.
pub(crate) fn run(workshop: &Workshop) -> Result<()> {
    let folder = workshop.path("crates/pages/admin-editor");
    setup::packages_of(workshop, "npm-editor", &folder)?;
    let browser = e2e::browser(workshop)?;
    for script in SCRIPTS {
        report::step(&format!("npm run {script}, of the editor"));
        let mut npm = process::command("npm", &folder);
        npm.args(["run", "--silent", script]).env("CHROMIUM", &browser);
        process::run(&mut npm).with_context(|| format!("the editor's script {script:?} failed"))?;
    }
    Ok(())
}
