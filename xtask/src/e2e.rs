//! `e2e`: the default theme and the admin in a real browser.

use anyhow::{Result, bail};

use crate::{
    process, report, setup,
    task::{Task, expect_no_arguments},
    workshop::Workshop,
};

pub(crate) const TASK: Task = Task {
    name: "e2e",
    summary: "looks at the default theme and the admin in Chromium: layout, accessibility, keyboard",
    help: "\
Serves a site with demo content and entries that are hard to lay out, and looks at it in a
headless Chromium: every kind of page on a phone and on a desk, light and dark, with axe-core;
by keyboard, without scripts, and in print. Then at the admin, as somebody uses it who signs in,
writes and publishes.

Usage: cargo xtask e2e

Gets what is missing: the packages of tests/e2e by `npm ci` (Node 20), about 60 MB, and on Debian
the package chromium where no browser is found.
Variables: CHROMIUM (the browser to use), SCREENSHOTS (a folder for pictures of the admin).

About a minute, after a build of the server.",
    run: |workshop, arguments| {
        expect_no_arguments("e2e", arguments)?;
        run(workshop)
    },
};

/// What browsers that this works with are called, the best first.
const BROWSERS: &[&str] =
    &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Looks at the theme and the admin.
pub(crate) fn run(workshop: &Workshop) -> Result<()> {
    let browser = browser(workshop)?;
    setup::packages_of(workshop, "npm-e2e", &workshop.path("tests/e2e"))?;
    report::slow_step("building the server", 10);
    let build = ["build", "--package", "smartcms-cli"];
    process::run(&mut process::cargo(workshop.root(), &build))?;
    report::step(&format!("looking at the default theme and the admin in {browser}"));
    let mut tests = process::command("npm", &workshop.path("tests/e2e"));
    tests.args(["test", "--silent"]).env("CHROMIUM", browser);
    process::run(tests.env("SMARTCMS", workshop.path("target/debug/smartcms")))
}

/// The browser to use; installed where there is none and the system is one that we know.
pub(crate) fn browser(workshop: &Workshop) -> Result<String> {
    if let Ok(chosen) = std::env::var("CHROMIUM") {
        return Ok(chosen);
    }
    if let Some(found) = found(workshop) {
        return Ok(found);
    }
    report::slow_step("apt-get install chromium", 3);
    let install = "set -e; elevate=; [ \"$(id -u)\" = 0 ] || elevate=sudo; \
        $elevate apt-get update -qq; \
        DEBIAN_FRONTEND=noninteractive $elevate apt-get install -y -qq --no-install-recommends chromium";
    let installed = process::run(process::command("sh", workshop.root()).args(["-c", install]));
    match (installed, found(workshop)) {
        (Ok(()), Some(found)) => Ok(found),
        (outcome, _) => {
            if let Err(error) = outcome {
                report::failure(&error);
            }
            bail!(
                "found no browser as {}, and could not install one; install Chromium, or name a browser in the variable CHROMIUM",
                BROWSERS.join(", ")
            )
        }
    }
}

/// The path of the first browser that is there.
fn found(workshop: &Workshop) -> Option<String> {
    let path = |name: &&str| {
        let find = format!("command -v {name}");
        process::probe(process::command("sh", workshop.root()).args(["-c", &find]))
    };
    BROWSERS.iter().find_map(path)
}
