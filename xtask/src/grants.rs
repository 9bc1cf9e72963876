//! `grants`: tries every capability from every language, granted and not, and holds docs/capabilities.md to what came of it.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context as _, Result, bail};

use crate::{author, files, process, report, server, setup, task::Task, workshop::Workshop};

pub(crate) const TASK: Task = Task {
    name: "grants",
    summary: "tries every capability from every language, granted and not",
    help: "\
Builds the probe in tests/grants in each language with `smartcms plugin build`, and runs the cases
there with `smartcms plugin test`: each capability once granted and once not. Then holds
docs/capabilities.md to what came of it.

Usage: cargo xtask grants [--accept] [LANGUAGE...]

  --accept   writes docs/capabilities.md anew

  cargo xtask grants rust python    tries two languages, and leaves the page alone

The folders are in target/xtask/grants, the tools of the languages in target/xtask/tools.
About 3 minutes after a build of the server and the first installation of the tools.",
    run: |workshop, arguments| {
        let accept = arguments.iter().any(|it| it == "--accept");
        let names: Vec<&String> = arguments.iter().filter(|it| *it != "--accept").collect();
        run(workshop, &names, accept)
    },
};

/// The folder of each language in tests/grants, and its name on the page.
const LANGUAGES: &[(&str, &str)] = &[
    ("rust", "Rust"),
    ("js", "JavaScript"),
    ("ts", "TypeScript"),
    ("python", "Python"),
    ("c", "C"),
    ("go", "Go"),
];

/// Sources of a probe that are the same in every language.
const SHARED: &str = "tests/grants";
const PAGE: &str = "docs/capabilities.md";

/// What the probes look for where they were granted it.
const FILE: (&str, &str) = ("open.txt", "what may be read");
const VARIABLE: (&str, &str) = ("PROBE_WORD", "a word");

const HEAD: &str = "\
# Capabilities, language by language

Written by `cargo xtask grants --accept`; CI holds it to what came of each case.

One probe in each language (`tests/grants`) tries everything that a plugin can import, in the real host with the real
limits.
Each case (`tests/grants/cases`) is one run with the grants that it names: *allowed* with the grant, *denied* without it,
*denied elsewhere* with a grant for something else.
Without a grant for keys, content or hosts a plugin that imports them is refused before any of its code runs; folders and
variables, which runtimes of languages import whether they use them or not, are empty.
Settings, lines in the log, clocks and random numbers are always there.

| capability | case | what is shown |";

const FOOT: &str = "
`sockets` cannot be granted: a plugin that imports them is not added ([the case](../tests/plugin-cases/sockets)).
`nn` is tried in Rust alone, by the plugin that uses it: [granted](../plugins/storyteller/tests/a-story-is-told.toml),
[not](../plugins/storyteller/tests/nothing-without-the-grant.toml) and
[elsewhere](../plugins/storyteller/tests/another-grant-is-not-enough.toml).
`html:trusted` and `actor:read` are not imported: they change what the host does with an answer or a request, whichever
language the plugin is in. The first is tried in `crates/plugin-host/tests/it/host/blocks.rs`, the second in
[granted](../tests/plugin-cases/actor-granted) and [not](../tests/plugin-cases/actor).
Arguments belong to commands, which take them from whoever starts them (`crates/cli/tests/it/run.rs`).
";

/// A case in tests/grants/cases.
struct Case {
    name: String,
    text: String,
}

/// Every language.
pub(crate) fn check(workshop: &Workshop) -> Result<()> {
    run(workshop, &[], false)
}

fn run(workshop: &Workshop, names: &[&String], accept: bool) -> Result<()> {
    if let Some(name) = names.iter().find(|name| !LANGUAGES.iter().any(|it| it.0 == name.as_str()))
    {
        bail!("there is no language {name:?}; `cargo xtask grants --help` has an example");
    }
    let rust = setup::rust_wasm(workshop)?;
    server::build(workshop)?;
    let cases = cases(workshop)?;
    let origin = origin()?;
    let mut columns = Vec::new();
    for (language, _) in
        LANGUAGES.iter().filter(|it| names.is_empty() || names.iter().any(|name| *name == it.0))
    {
        report::step(&format!("grants: {language}"));
        let project = assemble(workshop, language, &cases, &origin)?;
        let program = workshop.path("target/debug/smartcms");
        let mut test = process::command(program, &project);
        author::give_tools(&mut test, workshop, &rust);
        test.env(VARIABLE.0, VARIABLE.1).args(["plugin", "test", "."]);
        columns.push(passed(&process::output(&mut test)?, &cases)?);
    }
    if names.is_empty() { hold(workshop, &page(&cases, &columns), accept) } else { Ok(()) }
}

fn cases(workshop: &Workshop) -> Result<Vec<Case>> {
    let folder = workshop.path(SHARED).join("cases");
    let mut cases = Vec::new();
    for path in files::walk(workshop.root(), &folder)? {
        let name = path.rsplit('/').next().and_then(|it| it.strip_suffix(".toml"));
        let Some(name) = name else { continue };
        let text = fs::read_to_string(workshop.path(&path))
            .with_context(|| format!("could not read {path}"))?;
        cases.push(Case { name: name.to_owned(), text });
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(cases)
}

/// Puts a project together: the language's sources, the shared ones, and the cases with addresses and paths filled in.
fn assemble(workshop: &Workshop, language: &str, cases: &[Case], origin: &str) -> Result<PathBuf> {
    let (shared, home) = (workshop.path(SHARED), workshop.state().join("grants"));
    let project = home.join(language);
    if project.exists() {
        fs::remove_dir_all(&project)?;
    }
    copy(workshop, &shared.join(language), &project)?;
    copy_file(&shared.join("plugin.toml"), &project.join("plugin.toml"))?;
    if language != "rust" {
        copy(workshop, &shared.join("wit"), &project.join("wit"))?;
    }
    let granted = home.join("shared");
    fs::create_dir_all(&granted)?;
    fs::write(granted.join(FILE.0), FILE.1)?;
    let (_, port) = origin.rsplit_once(':').context("the origin has no port")?;
    // Nobody asks there: the request is refused before that.
    let values = [("{origin}", port), ("{other}", "1"), ("{shared}", &granted.to_string_lossy())];
    fs::create_dir_all(project.join("tests"))?;
    for case in cases {
        let filled = |text: String, it: &(&str, &str)| text.replace(it.0, it.1);
        let text = values.iter().fold(case.text.clone(), filled);
        fs::write(project.join("tests").join(format!("{}.toml", case.name)), text)?;
    }
    Ok(project)
}

fn copy(workshop: &Workshop, from: &Path, to: &Path) -> Result<()> {
    for path in files::walk(workshop.root(), from)? {
        let source = workshop.path(&path);
        copy_file(&source, &to.join(source.strip_prefix(from)?))?;
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).map(drop).with_context(|| format!("could not copy {}", from.display()))
}

/// A server on this machine that answers every request; it ends with this process.
fn origin() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").context("could not find a free port")?;
    let address = listener.local_addr()?.to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut request = [0; 4096];
            // A client that went away is answered by nobody, and misses nothing.
            let _ = stream.read(&mut request);
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
        }
    });
    Ok(address)
}

/// Which of the cases passed, by what `plugin test` said.
fn passed(said: &str, cases: &[Case]) -> Result<Vec<bool>> {
    let is_ok = |case: &Case| {
        let file = format!("{}.toml", case.name);
        said.lines().any(|line| line.split_whitespace().take(2).eq(["ok", file.as_str()]))
    };
    let passed: Vec<bool> = cases.iter().map(is_ok).collect();
    if let Some((case, _)) = cases.iter().zip(&passed).find(|(_, passed)| !**passed) {
        bail!("the case {} did not run", case.name);
    }
    report::note(&format!("{} cases passed", passed.len()));
    Ok(passed)
}

fn page(cases: &[Case], columns: &[Vec<bool>]) -> String {
    let mut text = HEAD.to_owned();
    for (_, name) in LANGUAGES {
        text.push_str(&format!(" {name} |"));
    }
    text.push_str(&format!("\n|---|---|---|{}\n", "---|".repeat(LANGUAGES.len())));
    for (row, case) in cases.iter().enumerate() {
        let (capability, kind) = case.shown();
        text.push_str(&format!("| {capability} | {kind} | {} |", case.about()));
        for column in columns {
            text.push_str(if column.get(row) == Some(&true) { " yes |" } else { " no |" });
        }
        text.push('\n');
    }
    text.push_str(FOOT);
    text
}

fn hold(workshop: &Workshop, written: &str, accept: bool) -> Result<()> {
    let path = workshop.path(PAGE);
    if accept {
        return fs::write(&path, written).with_context(|| format!("could not write {PAGE}"));
    }
    if fs::read_to_string(&path).unwrap_or_default() != written {
        bail!("{PAGE} is not what came of the cases; `cargo xtask grants --accept` writes it anew");
    }
    Ok(())
}

impl Case {
    /// The sentence that it begins with.
    fn about(&self) -> &str {
        let line = self.text.lines().find_map(|line| line.strip_prefix("about = \""));
        line.map_or("", |it| it.trim_end_matches('"'))
    }

    /// The capability and what is done with it, from `content-read-denied-elsewhere`.
    fn shown(&self) -> (String, String) {
        let at = ["-allowed", "-denied"].iter().find_map(|word| self.name.find(word));
        let (capability, kind) = self.name.split_at(at.unwrap_or(self.name.len()));
        let kind = kind.trim_start_matches('-').replace('-', " ");
        (format!("`{}`", capability.replacen("content-", "content:", 1)), kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(name: &str) -> Case {
        Case { name: name.to_owned(), text: "about = \"A line.\"\n".to_owned() }
    }

    #[test]
    fn a_row_names_the_capability_and_what_was_tried() {
        let cases = [case("content-read-denied-elsewhere"), case("kv-allowed")];
        let columns: Vec<Vec<bool>> = LANGUAGES.iter().map(|_| vec![true, true]).collect();
        let page = page(&cases, &columns);
        assert!(
            page.contains("| `content:read` | denied elsewhere | A line. | yes | yes |"),
            "{page}"
        );
        assert!(page.contains("| `kv` | allowed | A line. |"), "{page}");
    }

    #[test]
    fn a_case_that_did_not_run_is_an_error() {
        let cases = [case("kv-allowed"), case("kv-denied")];
        let said =
            "ok    kv-allowed.toml    1.0 ms  A line.\nok    kv-denied.toml   0.1 ms  A line.\n";
        assert_eq!(passed(said, &cases).unwrap(), [true, true]);
        assert!(passed("ok    kv-allowed.toml   1.0 ms\n", &cases).is_err());
    }
}
