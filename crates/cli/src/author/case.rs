//! A test case of a plugin: recorded content, one call, and what must come of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::args::Point;
use super::files::read;
use crate::failure::{Failure, exit};

/// A case as it is written in `tests/NAME.toml` or `tests/NAME.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// What it shows, in a sentence.
    #[serde(default)]
    pub(super) about: String,
    /// Where the plugin is called.
    pub(super) point: Point,
    /// What the operator granted.
    #[serde(default)]
    pub(super) grants: Vec<String>,
    /// What the operator set.
    #[serde(default)]
    pub(super) settings: Map<String, Value>,
    /// Entries that are there before the call.
    #[serde(default)]
    pub(super) entries: Vec<CaseEntry>,
    /// What the plugin's own keys hold before the call, as texts.
    #[serde(default)]
    pub(super) keys: BTreeMap<String, String>,
    /// What the plugin is called with.
    pub(super) call: CaseCall,
    /// What must come of it.
    pub(super) expect: Map<String, Value>,
}

/// An entry that is there before the call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseEntry {
    #[serde(default = "posts")]
    pub(super) collection: String,
    pub(super) slug: String,
    #[serde(default)]
    pub(super) fields: Map<String, Value>,
    /// Whether readers see it.
    #[serde(default)]
    pub(super) published: bool,
}

/// What the plugin is called with; which of it counts depends on the place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseCall {
    #[serde(default = "posts")]
    pub(super) collection: String,
    #[serde(default = "an_entry")]
    pub(super) slug: String,
    #[serde(default)]
    pub(super) fields: Map<String, Value>,
    /// The HTML that is filtered.
    #[serde(default)]
    pub(super) html: String,
    /// The kind of block that is shown.
    #[serde(default)]
    pub(super) block: String,
    /// The attributes of the block.
    #[serde(default)]
    pub(super) attributes: Map<String, Value>,
    /// The function that is called.
    #[serde(default)]
    pub(super) function: String,
    /// Its arguments.
    #[serde(default)]
    pub(super) arguments: Vec<Value>,
    /// The task that is run.
    #[serde(default)]
    pub(super) task: String,
    /// What the operator wrote when starting it.
    #[serde(default)]
    pub(super) argument: Option<String>,
    /// What an earlier stretch of the run saved.
    #[serde(default)]
    pub(super) checkpoint: Option<String>,
    /// Whether the run is told to stop.
    #[serde(default)]
    pub(super) stop: bool,
    /// The model that is asked.
    #[serde(default)]
    pub(super) model: String,
    /// What it goes on with.
    #[serde(default)]
    pub(super) prompt: Option<String>,
    /// The texts whose meaning it measures.
    #[serde(default)]
    pub(super) texts: Vec<String>,
    /// The most tokens that it writes.
    #[serde(default = "many_tokens")]
    pub(super) tokens: u32,
    /// The method of a request.
    #[serde(default = "get")]
    pub(super) method: String,
    /// Its path and query, as the plugin sees them.
    #[serde(default = "root")]
    pub(super) path: String,
    /// Its headers.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    /// Its body.
    #[serde(default)]
    pub(super) body: String,
    /// What happened, as an event's name.
    #[serde(default = "published")]
    pub(super) kind: String,
}

fn posts() -> String {
    "posts".to_owned()
}

fn an_entry() -> String {
    "an-entry".to_owned()
}

fn get() -> String {
    "GET".to_owned()
}

fn many_tokens() -> u32 {
    1000
}

fn root() -> String {
    "/".to_owned()
}

fn published() -> String {
    "entry.published".to_owned()
}

impl Case {
    /// Reads a case.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = read(path)?;
        let parsed = if path.extension().is_some_and(|it| it == "json") {
            serde_json::from_str(&text).map_err(|error| error.to_string())
        } else {
            toml::from_str(&text).map_err(|error| error.to_string())
        };
        let refused = |reason: String| {
            let message = format!("{} is no test case: {}", path.display(), reason.trim());
            Failure::hinted(message, "docs/plugins.md says what a case is made of", exit::INVALID)
        };
        let case: Self = parsed.map_err(refused)?;
        if case.expect.is_empty() {
            return Err(refused("`expect` says nothing".to_owned()));
        }
        Ok(case)
    }
}

/// The cases of a project, by name.
pub(super) fn find(project: &Path) -> anyhow::Result<Vec<PathBuf>> {
    super::files::with_ending(&project.join("tests"), &["toml", "json"])
}

#[cfg(test)]
mod tests {
    use super::Case;

    #[track_caller]
    fn refusal(name: &str, text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        Case::read(&path).unwrap_err().to_string()
    }

    #[test]
    fn a_case_that_says_something_else_is_refused_with_the_word() {
        let text = "point = \"filter\"\n[call]\nhtml = \"\"\n[expect]\nhtml = \"\"\n";
        for (added, word) in [("colour = 1\n", "colour"), ("point = 1\n", "point")] {
            assert!(refusal("a.toml", &format!("{added}{text}")).contains(word));
        }
        assert!(refusal("a.toml", &text.replace("filter", "fitler")).contains("fitler"));
        assert!(
            refusal("a.toml", &text.replace("[expect]\nhtml = \"\"\n", "[expect]\n"))
                .contains("says nothing")
        );
        assert!(refusal("a.json", "{").contains("a.json"));
    }
}
