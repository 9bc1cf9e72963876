//! The commands of those who write plugins: from an empty folder to a plugin that is tested and at work.

mod args;
mod build;
mod case;
mod dev;
mod files;
mod kit;
mod new;
mod project;
mod test;
mod tools;
mod world;

pub(crate) use args::{BuildArgs, DevArgs, NewArgs, PATIENCE_VARIABLE, TestArgs};

pub(crate) use tools::FOLDER_VARIABLE as TOOLS_VARIABLE;

use project::Project;

use crate::args::Folders;

/// Makes a project.
pub(crate) fn new(args: &NewArgs) -> anyhow::Result<()> {
    new::new(args)
}

/// Builds a project.
pub(crate) fn build(args: &BuildArgs) -> anyhow::Result<()> {
    build::build(&Project::open(&args.folder)?).map(drop)
}

/// Builds a project and tests it.
pub(crate) async fn test(args: &TestArgs) -> anyhow::Result<()> {
    test::test(args).await
}

/// Builds a project on every save, and shows it in a running site.
pub(crate) async fn dev(folders: &Folders, args: &DevArgs) -> anyhow::Result<()> {
    dev::dev(folders, args).await
}

fn say(text: impl std::fmt::Display) {
    crate::commands::say(text);
}
