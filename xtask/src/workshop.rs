//! Where things lie in the repository.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The checkout the tasks work on.
pub(crate) struct Workshop {
    root: PathBuf,
}

impl Workshop {
    /// The repository this program was built from.
    pub(crate) fn find() -> Result<Self> {
        let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = xtask.parent().context("could not find the folder above xtask/")?;
        let root = root
            .canonicalize()
            .with_context(|| format!("could not open the repository at {}", root.display()))?;
        Ok(Self { root })
    }

    /// The folder of the root `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path given from the root, such as `crates/app`.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// What the tasks keep between runs; safe to delete.
    pub(crate) fn state(&self) -> PathBuf {
        self.path("target/xtask")
    }

    /// The example plugins' sources.
    pub(crate) fn examples(&self) -> PathBuf {
        self.path("examples")
    }

    /// Where built plugins are put.
    pub(crate) fn plugins_out(&self) -> PathBuf {
        self.path("dist/plugins")
    }

    /// The interpreter of the virtual environment that builds Python guests.
    pub(crate) fn venv(&self) -> PathBuf {
        self.state().join("venv")
    }

    /// The virtual environment of the contract test.
    pub(crate) fn contract_venv(&self) -> PathBuf {
        self.state().join("contract-venv")
    }

    /// The virtual environment of the portable build.
    pub(crate) fn portable_venv(&self) -> PathBuf {
        self.state().join("portable-venv")
    }

    /// The virtual environment of hosts that the portable build is tried on, beside wasmtime.
    pub(crate) fn hosts_venv(&self) -> PathBuf {
        self.state().join("hosts-venv")
    }

    /// A program of the guests' virtual environment.
    pub(crate) fn venv_program(&self, name: &str) -> PathBuf {
        self.venv().join("bin").join(name)
    }
}
