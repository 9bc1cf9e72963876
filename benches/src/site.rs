//! A site to measure: a folder, and the executable that serves it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use tempfile::TempDir;

use crate::servers::Server;

/// A site with demo content in a folder that goes with it.
pub struct Site {
    folder: TempDir,
    program: PathBuf,
}

impl Site {
    /// Makes one below `work`, which has to be on a disk, not in memory.
    pub fn make(program: &Path, work: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir_in(work)
            .with_context(|| format!("could not make a folder in {}", work.display()))?;
        let site = Self { folder, program: program.to_owned() };
        site.run(&["init", "--demo", &site.path().display().to_string()])?;
        Ok(site)
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Its database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.path().join("data/smartcms.db")
    }

    /// Imports what another system exported.
    pub fn import(&self, format: &str, path: &Path) -> anyhow::Result<()> {
        self.run(&["import", format, &path.display().to_string()]).map(drop)
    }

    /// Adds a plugin under an id, with what it is granted.
    pub fn add_plugin(&self, file: &Path, id: &str, grants: &[&str]) -> anyhow::Result<()> {
        self.run(&["plugin", "add", &file.display().to_string(), "--id", id])?;
        if !grants.is_empty() {
            self.run(&[&["plugin", "grant", id], grants].concat())?;
        }
        Ok(())
    }

    /// A token that may do everything.
    pub fn token(&self) -> anyhow::Result<String> {
        Ok(self.run(&["token", "create", "--name", "bench", "--role", "owner"])?.trim().to_owned())
    }

    /// A link by which an owner comes in.
    pub fn invite(&self) -> anyhow::Result<String> {
        let person = ["--email", "ada@site.example", "--name", "Ada", "--role", "owner"];
        Ok(self.run(&[&["user", "create"], &person[..]].concat())?.trim().to_owned())
    }

    /// Serves the site at a free port.
    pub fn serve(&self) -> anyhow::Result<Server> {
        Server::start(&mut self.serve_command())
    }

    /// The command that serves the site.
    #[must_use]
    pub fn serve_command(&self) -> Command {
        let mut command = self.command();
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        command
    }

    /// Serves one component alone at a free port, with `smartcms run`.
    pub fn run_alone(&self, component: &Path) -> anyhow::Result<Server> {
        let mut command = self.command();
        command.arg("--data").arg(self.path().join("alone"));
        Server::start(command.arg("run").arg(component).args(["--serve", "127.0.0.1:0"]))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--site").arg(self.path()).env("SMARTCMS_LOG", "warn");
        command
    }

    fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = self.command();
        let output = command.args(arguments).stdin(Stdio::null()).output()?;
        if !output.status.success() {
            bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}
