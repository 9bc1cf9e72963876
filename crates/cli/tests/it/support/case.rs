//! A case of a hostile plugin: `tests/plugin-cases/<case>/case.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

use super::{bomb, component};

/// A hostile plugin, what it is given, and what must become of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// The folder's name.
    #[serde(skip)]
    pub(crate) name: String,
    /// What it does, in a sentence.
    #[serde(default)]
    pub(crate) about: String,
    /// Where the plugins take part.
    pub(crate) point: Point,
    /// Variables of the server's environment.
    #[serde(default)]
    pub(crate) settings: BTreeMap<String, String>,
    /// The plugins, added in this order.
    #[serde(default)]
    pub(crate) plugins: Vec<CasePlugin>,
    /// What makes it misbehave, and what must become of that.
    pub(crate) bad: Step,
    /// What is tried after that, with the same plugin.
    pub(crate) again: Option<Step>,
    /// A good call that must work afterwards; saving an ordinary entry, unless the case says another.
    pub(crate) good: Option<Step>,
    /// What else misbehaves; each is followed by the good call.
    #[serde(default)]
    pub(crate) more: Vec<Step>,
    /// For a plugin that never works: what the operator does before the good call.
    pub(crate) heals_by: Option<Remedy>,
}

/// Where plugins take part, as operators think of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Point {
    Hooks,
    Filters,
    Blocks,
    Functions,
    Events,
    Tasks,
    Routes,
    #[serde(rename = "routes-3")]
    Routes3,
    Run,
    Models,
}

/// What every point has to contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Behaviour {
    EndlessLoop,
    MemoryGrowth,
    DeepRecursion,
    HugeOutput,
    LogFlood,
    Trap,
    HostCallFlood,
    ForbiddenImport,
}

/// One plugin of a case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CasePlugin {
    /// Its id, the case's name unless it says another.
    id: Option<String>,
    /// `plugin.wat`, the name of a guest in Rust, or `bomb`.
    source: String,
    /// What a core module imports, by the contract.
    #[serde(default)]
    imports: Vec<String>,
    /// What a core module exports, by the contract.
    #[serde(default)]
    exports: Vec<String>,
    /// What it is granted.
    #[serde(default)]
    pub(crate) grants: Vec<String>,
}

/// What the operator does against a plugin that never works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Remedy {
    Disabling,
}

/// One thing that is done, and what must come of it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Step {
    /// Which of the behaviours that every point has to contain this is.
    pub(crate) behaviour: Option<Behaviour>,
    /// What the plugin does here, where it is not what the case says.
    pub(crate) about: Option<String>,

    /// Saves an entry whose slug begins like this.
    pub(crate) save: Option<String>,
    /// Opens the page of the published post with this slug.
    pub(crate) open: Option<String>,
    /// Requests this path.
    pub(crate) request: Option<String>,
    /// Publishes a post whose slug begins like this, and opens its page.
    pub(crate) page: Option<String>,
    /// The text of that post.
    pub(crate) content: Option<String>,
    /// Calls this function of the first plugin, or of the one named here, by the command line.
    pub(crate) call: Option<String>,
    pub(crate) call_of: Option<String>,
    /// Runs a program by `smartcms run`.
    pub(crate) run: Option<RunStep>,
    /// Runs this task of the first plugin, by the command line; a word behind its name is passed to it.
    pub(crate) task: Option<String>,
    /// Has this model of the first plugin write, or of the one named here, by the command line.
    pub(crate) model: Option<String>,
    pub(crate) model_of: Option<String>,
    /// Adds this plugin, by the command line.
    pub(crate) add: Option<CasePlugin>,
    /// How often, one after the other.
    pub(crate) times: Option<usize>,
    /// How often, at the same time.
    pub(crate) at_once: Option<usize>,

    /// The status of the answer.
    pub(crate) status: Option<u16>,
    /// The exit code of the command.
    pub(crate) exit: Option<i32>,
    /// The code in the answer.
    pub(crate) code: Option<String>,
    /// Another code that is as good.
    pub(crate) or_code: Option<String>,
    /// What the answer contains.
    pub(crate) body: Option<String>,
    /// What the answer must not contain.
    pub(crate) lacks: Option<String>,
    /// The most that the body may have, in bytes.
    pub(crate) body_bytes_max: Option<usize>,
    /// Whether the connection ends before the body does.
    pub(crate) cut: bool,
    pub(crate) with_headers: Vec<String>,
    pub(crate) without_headers: Vec<String>,
    /// What lines of the first plugin's log contain, or of the one named here.
    pub(crate) log: Vec<String>,
    pub(crate) log_of: Option<String>,
    /// How many entries the plugin wrote.
    pub(crate) echoes: Option<usize>,
    /// How many compiled plugins are kept.
    pub(crate) compiled: Option<usize>,
    /// How many requests reached the server beside the site.
    pub(crate) origin_requests: Option<usize>,
}

/// A program, and how it is run.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunStep {
    /// The name of a guest in Rust.
    pub(crate) source: String,
    /// What stands behind the file on the command line.
    pub(crate) arguments: Vec<String>,
}

impl Case {
    #[track_caller]
    pub(crate) fn read(name: &str) -> Self {
        let path = folder(name).join("case.toml");
        let text =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let case: Self =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { name: name.to_owned(), ..case }
    }

    /// The names of all cases.
    pub(crate) fn names() -> Vec<String> {
        let folders = fs::read_dir(component::root().join("tests/plugin-cases")).unwrap();
        let folders =
            folders.map(|it| it.unwrap()).filter(|it| it.path().join("case.toml").is_file());
        let mut names: Vec<String> =
            folders.map(|it| it.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The text of one of its files.
    #[track_caller]
    pub(crate) fn file(&self, name: &str) -> String {
        fs::read_to_string(folder(&self.name).join(name)).unwrap()
    }

    /// The id of the plugin that the case is about.
    pub(crate) fn id(&self) -> &str {
        self.plugins.first().map_or(&self.name, |it| it.id(self))
    }
}

impl CasePlugin {
    pub(crate) fn id<'a>(&'a self, case: &'a Case) -> &'a str {
        self.id.as_deref().unwrap_or(&case.name)
    }

    /// Its component.
    #[track_caller]
    pub(crate) fn component(&self, case: &Case) -> Vec<u8> {
        match self.source.as_str() {
            "bomb" => component::component(&bomb::text(), &self.imports, &self.exports),
            text if text.ends_with(".wat") => {
                component::component(&case.file(text), &self.imports, &self.exports)
            }
            guest => fs::read(component::hostile(guest)).unwrap(),
        }
    }
}

fn folder(name: &str) -> PathBuf {
    component::root().join("tests/plugin-cases").join(name)
}
