//! The rows of the table, by what they are about.

pub mod admin;
pub mod calls;
pub mod embeddings;
pub mod images;
pub mod imports;
pub mod large;
pub mod many_plugins;
pub mod meaning;
pub mod pages;
pub mod plugins;
pub mod portable;
pub mod routes;
pub mod saves;
pub mod smart;
pub mod startup;
pub mod stories;
pub mod theme;

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::runtime::Runtime;

use self::portable::Components;
use crate::load::Tool;
use crate::references::extism::Extism;
use crate::table::Row;

/// What every measurement is given.
pub struct Bench {
    /// The executable that is measured.
    pub smartcms: PathBuf,
    /// The program `wasmtime`, where it is there.
    pub wasmtime: Option<PathBuf>,
    /// The program that calls the crate extism, where it is there.
    pub extism: Option<Extism>,
    /// A browser, and the program that looks at pages in it.
    pub browser: Option<(PathBuf, PathBuf)>,
    /// How many entries the site of the admin has.
    pub entries: u32,
    /// How many plugins are loaded together.
    pub many: usize,
    /// The built example plugins.
    pub plugins: PathBuf,
    /// The portable build and the component beside it, where they are there.
    pub portable: Option<Components>,
    /// The model that measures meaning, where it is there.
    pub minilm: Option<PathBuf>,
    /// A folder on a disk.
    pub work: PathBuf,
    /// How often each row is measured.
    pub rounds: usize,
    /// How long a server is under load in one round.
    pub load_time: Duration,
    /// How long memory is watched.
    pub memory_time: Duration,
    /// What sends requests.
    pub tool: Tool,
    /// For what runs in this process.
    pub runtime: Runtime,
}

/// A part of the table.
pub struct Part {
    /// What `--only` calls it.
    pub name: &'static str,
    /// Measures it.
    pub run: fn(&Bench) -> anyhow::Result<Vec<Row>>,
}

/// Every part, in the order of the table.
pub const PARTS: &[Part] = &[
    Part { name: "pages", run: pages::rows },
    Part { name: "calls", run: calls::rows },
    Part { name: "routes", run: routes::rows },
    Part { name: "startup", run: startup::rows },
    Part { name: "saves", run: saves::rows },
    Part { name: "large", run: large::rows },
    Part { name: "imports", run: imports::rows },
    Part { name: "images", run: images::rows },
    Part { name: "theme", run: theme::rows },
    Part { name: "memory", run: theme::memory },
    Part { name: "plugins", run: plugins::rows },
    Part { name: "smart", run: smart::rows },
    Part { name: "embeddings", run: embeddings::rows },
    Part { name: "stories", run: stories::rows },
    Part { name: "many-plugins", run: many_plugins::rows },
    Part { name: "admin", run: admin::rows },
    Part { name: "portable", run: portable::rows },
];

impl Bench {
    /// A built example plugin.
    fn plugin(&self, name: &str) -> PathBuf {
        self.plugins.join(format!("{name}.wasm"))
    }

    /// Writes a guest to where a server can read it.
    fn write(&self, folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<PathBuf> {
        let path = folder.join(name);
        std::fs::write(&path, bytes)?;
        Ok(path)
    }
}
