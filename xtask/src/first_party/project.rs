//! One plugin in `plugins/`.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};

use super::Tools;
use crate::{process, workshop::Workshop};

/// What the tools of the languages keep beside `plugin.toml`.
const OF_TOOLS: [&str; 5] =
    ["plugin.toml", "Cargo.toml", "clippy.toml", "rustfmt.toml", "pyproject.toml"];

/// The folder of a plugin.
pub(super) struct Project {
    /// The name of the folder, which is the plugin's id.
    pub(super) name: String,
    pub(super) folder: PathBuf,
}

/// Every folder with a `plugin.toml`, by name.
pub(super) fn all(workshop: &Workshop) -> Result<Vec<Project>> {
    let plugins = workshop.path("plugins");
    let entries =
        fs::read_dir(&plugins).with_context(|| format!("could not read {}", plugins.display()))?;
    let mut all = Vec::new();
    for entry in entries {
        let folder = entry?.path();
        if folder.join("plugin.toml").is_file()
            && let Some(name) = folder.file_name().and_then(|it| it.to_str())
        {
            all.push(Project { name: name.to_owned(), folder });
        }
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

impl Project {
    /// Builds it, checks the file, and runs its tests.
    pub(super) fn check(&self, tools: &Tools<'_>, table: &str) -> Result<()> {
        if !table.contains(&format!("]({}/README.md)", self.name)) {
            bail!(
                "the table in plugins/README.md has no row that leads to {}/README.md",
                self.name
            );
        }
        if !self.folder.join("README.md").is_file() {
            bail!("plugins/{} has no README.md", self.name);
        }
        let folder = &self.folder;
        process::run(tools.smartcms().args(["plugin", "build"]).arg(folder))?;
        process::run(tools.smartcms().args(["plugin", "check"]).arg(self.file()))?;
        process::run(tools.smartcms().args(["plugin", "test", "--no-build"]).arg(folder))
    }

    /// The built plugin.
    pub(super) fn file(&self) -> PathBuf {
        self.folder.join(format!("{}.wasm", self.name))
    }

    /// The grants that its `plugin.toml` asks for.
    pub(super) fn grants(&self) -> Result<Vec<String>> {
        let path = self.folder.join("plugin.toml");
        let text = fs::read_to_string(&path)
            .with_context(|| format!("could not read {}", path.display()))?;
        Ok(grants(&text))
    }

    /// Files that a site needs in `collections/` for it.
    pub(super) fn collections(&self) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
            if name.ends_with(".toml") && !OF_TOOLS.contains(&name) {
                found.push(path);
            }
        }
        Ok(found)
    }
}

/// The keys of the table `capabilities`. The host has read the file before, so that its form is known.
fn grants(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    let table = lines.skip_while(|it| *it != "[capabilities]").skip(1);
    let lines = table.take_while(|it| !it.starts_with('['));
    let keys =
        lines.filter(|it| !it.starts_with('#')).filter_map(|it| match it.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').map(|(key, _)| key),
            None => it.split_once('=').map(|(key, _)| key.trim()),
        });
    keys.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{all, grants};
    use crate::workshop::Workshop;

    #[test]
    fn grants_are_the_keys_of_the_capabilities() {
        let text = "id = \"a\"\n[capabilities]\n# why = \"x\"\nkv = \"to keep\"\n\
                    \"content:read=posts.title\" = \"to = read\"\n\n[settings]\ntype = \"object\"\n";
        assert_eq!(grants(text), ["kv", "content:read=posts.title"]);
        assert_eq!(grants("id = \"a\"\n"), Vec::<String>::new());
    }

    #[test]
    fn every_plugin_is_named_as_its_folder() {
        let workshop = Workshop::find().unwrap();
        let all = all(&workshop).unwrap();
        assert!(!all.is_empty());
        for project in all {
            let text = std::fs::read_to_string(project.folder.join("plugin.toml")).unwrap();
            assert!(text.starts_with(&format!("id = \"{}\"\n", project.name)), "{}", project.name);
        }
    }
}
