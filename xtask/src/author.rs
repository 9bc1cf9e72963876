//! `author`: follows docs/plugins.md in an empty folder for each language, as somebody who writes a first plugin would.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    process, report,
    server::{self, Server},
    setup,
    task::Task,
    workshop::Workshop,
};

pub(crate) const TASK: Task = Task {
    name: "author",
    summary: "follows docs/plugins.md in every language, to plugins at work",
    help: "\
Runs the commands that docs/plugins.md gives for each language, in an empty folder: from `plugin new`
to a plugin that is installed and granted. Then serves the site, publishes a post, and looks whether
the plugin counted it. After that makes, builds and tests a plugin for every other extension point.

Usage: cargo xtask author [LANGUAGE...]

  cargo xtask author rust python

The folders are in target/xtask/author, the tools of the languages in target/xtask/tools.
About 4 minutes after a build of the server.",
    run: |workshop, languages| {
        let languages = chosen(languages)?;
        run(workshop, &languages)
    },
};

/// The heading of each language in the guide, and its name on the command line.
const LANGUAGES: &[(&str, &str)] = &[
    ("Rust", "rust"),
    ("JavaScript", "js"),
    ("TypeScript", "ts"),
    ("Python", "python"),
    ("C", "c"),
    ("Go", "go"),
];

/// The points beside the one that the guide begins with.
const OTHER_POINTS: &[&str] = &[
    "filter",
    "save-hook",
    "publish-hook",
    "delete-hook",
    "block",
    "function",
    "task",
    "model",
    "route",
];

/// The part of the guide that is the same for every language.
const INSTALL: &str = "On a site";

/// The plugin of the guide, and what it says when a post is published.
const PLUGIN: &str = "publications";
const SAID: &str = "publication 1 in posts";

/// What `plugin dev` says when it waits for the next save.
const READY: &str = "waiting for the next save";

/// A page of the demo content, and what the changed plugin adds to it.
const PAGE: &str = "/posts/what-is-a-component";
const CHANGED: &str = "changed by its author";

/// Events are delivered within moments; a machine under load gets more of them.
const LOOKS_MAX: usize = 300;
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Every language.
pub(crate) fn check(workshop: &Workshop) -> Result<()> {
    run(workshop, &LANGUAGES.iter().collect::<Vec<_>>())
}

type Chosen = &'static (&'static str, &'static str);

fn chosen(names: &[String]) -> Result<Vec<Chosen>> {
    if names.is_empty() {
        return Ok(LANGUAGES.iter().collect());
    }
    let find = |name: &String| {
        LANGUAGES.iter().find(|it| it.1 == name).with_context(|| {
            format!("there is no language {name:?}; `cargo xtask author --help` has an example")
        })
    };
    names.iter().map(find).collect()
}

fn run(workshop: &Workshop, languages: &[Chosen]) -> Result<()> {
    let rust = setup::rust_wasm(workshop)?;
    server::build(workshop)?;
    let guide = fs::read_to_string(workshop.path("docs/plugins.md"))
        .context("could not read docs/plugins.md")?;
    for (heading, language) in languages {
        let author = Author { workshop, language, rust: &rust };
        let (outcome, time) = report::timed(|| author.follow(&guide, heading));
        outcome.with_context(|| format!("following docs/plugins.md in {heading}"))?;
        report::note(&format!("{heading}: {}", report::duration_text(time)));
    }
    Ok(())
}

/// Somebody who writes a first plugin in one language.
struct Author<'a> {
    workshop: &'a Workshop,
    language: &'a str,
    rust: &'a setup::GuestRust,
}

impl Author<'_> {
    fn follow(&self, guide: &str, heading: &str) -> Result<()> {
        report::step(&format!("author: {heading}"));
        let home = self.home();
        if home.exists() {
            fs::remove_dir_all(&home)
                .with_context(|| format!("could not remove {}", home.display()))?;
        }
        fs::create_dir_all(&home).with_context(|| format!("could not make {}", home.display()))?;
        let own = commands(guide, heading)
            .with_context(|| format!("docs/plugins.md has no commands under \"{heading}\""))?;
        let install = commands(guide, INSTALL)
            .with_context(|| format!("docs/plugins.md has no commands under \"{INSTALL}\""))?;
        process::run(&mut self.shell(&home, &format!("{own}{install}")))?;
        self.expect_at_work()?;
        for point in OTHER_POINTS.iter().filter(|it| self.is_tried_at(it)) {
            let script = format!(
                "smartcms plugin new --lang {} --point {point} {point}\n\
                 smartcms plugin build {point}\nsmartcms plugin test {point} --no-build\n",
                self.language
            );
            process::run(&mut self.shell(&home, &script))?;
        }
        if self.language == "rust" { self.expect_reloaded() } else { Ok(()) }
    }

    /// A component of Python takes half a minute to build and to compile: one more shows that it is not the first alone.
    fn is_tried_at(&self, point: &str) -> bool {
        match point {
            "route" => self.language == "rust",
            "save-hook" => true,
            _ => self.language != "python",
        }
    }

    /// Writes a plugin under `plugin dev`: a good change is in the site, a bad one ends nothing.
    fn expect_reloaded(&self) -> Result<()> {
        let folder = self.home().join("filter");
        let source = folder.join("src/lib.rs");
        let good = fs::read_to_string(&source).context("could not read the plugin")?;
        let address = server::free_address()?;
        let said = self.home().join("dev.log");
        let log = fs::File::create(&said).context("could not make a log")?;
        let mut dev = self.shell(&folder, &format!("exec smartcms plugin dev --listen {address}"));
        let _dev = Server::start(dev.stdout(log.try_clone()?).stderr(log))?;
        let waits = |texts: &[&str]| wait_for_text(&said, texts);
        waits(&[READY])?;
        let change = |text: &str| {
            fs::write(&source, text)
                .with_context(|| format!("could not write {}", source.display()))
        };
        change("this is no Rust")?;
        waits(&[READY, "error: `cargo build", READY])?;
        let call = "Ok(with_late_pictures(&html))";
        change(&good.replace(
            call,
            &format!("Ok(format!(\"{{}}<p>{CHANGED}</p>\", with_late_pictures(&html)))"),
        ))?;
        waits(&[READY, READY, READY])?;
        let begun = Instant::now();
        while !server::get(&address, PAGE)?.contains(CHANGED) {
            if begun.elapsed() > PATIENCE {
                bail!(
                    "{PAGE} does not show the changed plugin after {} ms",
                    begun.elapsed().as_millis()
                );
            }
            sleep(LOOK_EVERY);
        }
        let text = fs::read_to_string(&said)?;
        let told: Vec<&str> =
            text.lines().filter(|it| it.starts_with("in the site after")).collect();
        report::note(&format!(
            "plugin dev: {}, shown {} ms later",
            told.join(", "),
            begun.elapsed().as_millis()
        ));
        Ok(())
    }

    /// Serves the site, publishes a post, and waits until the plugin has counted it.
    fn expect_at_work(&self) -> Result<()> {
        let address = server::free_address()?;
        let token = process::output(
            self.on_site().args(["token", "create", "--name", "author", "--role", "owner"]),
        )?;
        let mut serve = self.on_site();
        serve
            .args(["serve", "--listen", &address])
            .stdout(Stdio::null())
            .env("SMARTCMS_LOG", "warn");
        let _server = Server::start(&mut serve)?;
        server::wait_for(&address)?;
        let body = r#"{"slug":"a-walk","fields":{"title":"A walk"}}"#;
        server::post(&address, "/api/v1/content/posts", token.trim(), body)?;
        let publish = "/api/v1/content/posts/a-walk/publish";
        server::post(&address, publish, token.trim(), "{}")?;
        let mut log = String::new();
        for _ in 0..LOOKS_MAX {
            log = process::output(self.on_site().args(["plugin", "logs", PLUGIN]))?;
            if log.contains(SAID) {
                report::note(&format!("the plugin in {} is at work", self.language));
                return Ok(());
            }
            sleep(LOOK_EVERY);
        }
        bail!("the plugin did not say {SAID:?} when a post was published; its log: {log}");
    }

    fn on_site(&self) -> Command {
        let mut command = process::command(self.program(), &self.home());
        command.args(["--site", "site"]);
        command
    }

    fn shell(&self, folder: &Path, script: &str) -> Command {
        let mut shell = process::command("bash", folder);
        shell.args(["-euxo", "pipefail", "-c", script]);
        let programs = self.program().parent().map(Path::to_owned).into_iter();
        let old = std::env::var_os("PATH").unwrap_or_default();
        let paths = programs.chain(std::env::split_paths(&old));
        shell.env("PATH", std::env::join_paths(paths).unwrap_or(old));
        give_tools(&mut shell, self.workshop, self.rust);
        shell
    }

    fn program(&self) -> PathBuf {
        self.workshop.path("target/debug/smartcms")
    }

    fn home(&self) -> PathBuf {
        self.workshop.state().join("author").join(self.language)
    }
}

/// Has a command that builds plugins find the languages' tools, and keep what it makes, below `target/xtask`.
pub(crate) fn give_tools(command: &mut Command, workshop: &Workshop, rust: &setup::GuestRust) {
    command.env("SMARTCMS_TOOLS", workshop.state().join("tools"));
    command.env("XDG_CACHE_HOME", workshop.state().join("cache"));
    be_patient(command);
    // The projects in Rust build what they have in common once.
    command.env("CARGO_TARGET_DIR", workshop.state().join("author/target"));
    rust.apply(command);
}

/// Plugins may take longer: the server is one that was built quickly, on a machine that does something else beside it.
pub(crate) fn be_patient(command: &mut Command) {
    command.envs([
        ("SMARTCMS_TEST_PATIENCE", "20"),
        ("SMARTCMS_PLUGINS_FILTER_TIMEOUT_MS", "4000"),
        ("SMARTCMS_PLUGINS_FUNCTION_TIMEOUT_MS", "1000"),
        ("SMARTCMS_PLUGINS_HOOK_TIMEOUT_MS", "10000"),
        ("SMARTCMS_PLUGINS_REQUEST_TOTAL_TIME_MS", "20000"),
    ]);
}

/// Waits until a file holds each text, one after the other.
fn wait_for_text(file: &Path, texts: &[&str]) -> Result<()> {
    let begun = Instant::now();
    loop {
        let found = fs::read_to_string(file).unwrap_or_default();
        let mut rest = found.as_str();
        let all = texts.iter().all(|text| {
            let at = rest.find(text).map(|at| at + text.len());
            rest = at.and_then(|at| rest.get(at..)).unwrap_or_default();
            at.is_some()
        });
        if all {
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            bail!("no {texts:?} in {}:\n{found}", file.display());
        }
        sleep(LOOK_EVERY);
    }
}

/// How long a build may take while others build too.
const PATIENCE: Duration = Duration::from_secs(180);

/// The commands in the blocks marked `sh` under a heading of the guide; none where there are none.
fn commands(guide: &str, heading: &str) -> Option<String> {
    let mut found = String::new();
    let (mut inside, mut in_block) = (false, false);
    for line in guide.lines() {
        if in_block && line == "```" {
            in_block = false;
        } else if in_block {
            found.push_str(line);
            found.push('\n');
        } else if let Some(title) = line.strip_prefix('#') {
            inside = title.trim_start_matches('#').trim() == heading;
        } else {
            in_block = inside && line == "```sh";
        }
    }
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_of_a_heading_are_found() {
        let guide = "# Guide\n```sh\nno\n```\n## C\nWords.\n```sh\na # one\nb\n```\n```toml\nno\n```\n## Rust\n";
        assert_eq!(commands(guide, "C").as_deref(), Some("a # one\nb\n"));
        assert_eq!(commands(guide, "Rust"), None);
    }

    #[test]
    fn languages_are_chosen_by_name_and_all_by_default() {
        assert_eq!(chosen(&[]).unwrap().len(), LANGUAGES.len());
        assert_eq!(chosen(&["c".to_owned()]).unwrap()[0].0, "C");
        assert!(chosen(&["cobol".to_owned()]).is_err());
    }
}
