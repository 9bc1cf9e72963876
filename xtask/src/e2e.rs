//! `e2e`: the default theme and the admin in a real browser.

use anyhow::{Result, bail};

use crate::{
    plugins, process, report, server, setup,
    task::{Task, expect_no_arguments},
    workshop::Workshop,
};

pub(crate) const TASK: Task = Task {
    name: "e2e",
    summary: "looks at the default theme and the admin in Chromium: layout, accessibility, keyboard",
    help: "\
Serves a site with demo content and entries that are hard to lay out, and looks at it in a
headless Chromium: every kind of page on a phone and on a desk, light and dark, with axe-core;
by keyboard, without scripts, and in print; and readers ask it. Then at the admin, as somebody uses it who signs in,
writes and publishes; at its doors; and at what becomes of hostile texts in it and on the site.
The page of the original system posts its stories to 127.0.0.1:8000, which has to be free.
Pictures of the admin are kept in target/xtask/e2e.

Usage: cargo xtask e2e

Gets what is missing: the packages of tests/e2e by `npm ci` (Node 20), about 60 MB, and on Debian
the package chromium where no browser is found.
Variables: CHROMIUM (the browser to use), SCREENSHOTS (another folder for pictures).

About five minutes, after a build of the server.",
    run: |workshop, arguments| {
        expect_no_arguments("e2e", arguments)?;
        run(workshop)
    },
};

/// The variable that says where pictures are kept.
const PICTURES: &str = "SCREENSHOTS";

/// What browsers that this works with are called, the best first.
const BROWSERS: &[&str] =
    &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Looks at the theme and the admin.
pub(crate) fn run(workshop: &Workshop) -> Result<()> {
    let browser = browser(workshop)?;
    packages(workshop)?;
    let rust = setup::rust_wasm(workshop)?;
    plugins::build_for_pages(workshop, &rust)?;
    server::build(workshop)?;
    report::step(&format!("looking at the default theme and the admin in {browser}"));
    let mut tests = process::command("npm", &workshop.path("tests/e2e"));
    tests.args(["test", "--silent"]).env("CHROMIUM", browser);
    if std::env::var_os(PICTURES).is_none() {
        tests.env(PICTURES, workshop.path("target/xtask/e2e"));
    }
    process::run(tests.env("SMARTCMS", workshop.path("target/debug/smartcms")))
}

/// Has the page of the original system use what a command serves at 127.0.0.1:8000.
pub(crate) fn stories_page(workshop: &Workshop, server: &[String]) -> Result<()> {
    let browser = browser(workshop)?;
    packages(workshop)?;
    let mut test = process::command("node", &workshop.path("tests/e2e"));
    test.args(["--test", "--test-reporter=spec", "stories.test.mjs"]);
    test.env("CHROMIUM", browser).env("STORIES_SERVER", serde_json::to_string(server)?);
    // What it shares with the others asks for the executable, also where nothing starts it.
    process::run(test.env("SMARTCMS", workshop.path("target/debug/smartcms")))
}

/// What the tests stand on, by npm.
pub(crate) fn packages(workshop: &Workshop) -> Result<()> {
    setup::packages_of(workshop, "npm-e2e", &workshop.path("tests/e2e"))
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
