//! The sub-commands, one file each.

mod ai;
mod audit;
mod collections;
mod component;
mod deploy;
mod export;
mod function;
mod image;
mod import;
mod init;
mod migrate;
mod plugin;
mod role;
mod run;
mod serve;
mod sql;
mod theme;
mod token;
mod user;
mod webhook;

use std::fs::File;
use std::io::{Read, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use smartcms_plugin_host::compile_child;

pub(crate) use import::SiteMedia;
pub(crate) use plugin::{add_file as plugin_add, parsed as plugin_grants, printable_line};

use crate::args::{Cli, Command};
use crate::failure::{Failure, exit};

/// Runs a command.
pub(crate) fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let folders = &cli.folders;
    match cli.command {
        // The compiler's child stands apart: no runtime, no logging, limits first.
        Command::CompilePlugin { arguments } => Ok(compile_child(&arguments)),
        Command::Serve(args) => block_on(serve::serve(folders, args)).map(|()| ExitCode::SUCCESS),
        Command::Init(args) => block_on(init::init(folders, args)).map(|()| ExitCode::SUCCESS),
        Command::Import(args) => block_on(import::run(folders, args)).map(|()| ExitCode::SUCCESS),
        Command::Export(args) => block_on(export::run(folders, args)).map(|()| ExitCode::SUCCESS),
        Command::Migrate => migrate::migrate(folders).map(|()| ExitCode::SUCCESS),
        Command::Theme(command) => theme::theme(folders, command).map(|()| ExitCode::SUCCESS),
        Command::Token(command) => {
            block_on(token::token(folders, command)).map(|()| ExitCode::SUCCESS)
        }
        Command::Role(command) => {
            block_on(role::role(folders, command)).map(|()| ExitCode::SUCCESS)
        }
        Command::Audit(command) => {
            block_on(audit::audit(folders, command)).map(|()| ExitCode::SUCCESS)
        }
        Command::User(command) => {
            block_on(user::user(folders, command)).map(|()| ExitCode::SUCCESS)
        }
        Command::Plugin(command) => {
            block_on(plugin::plugin(folders, command)).map(|()| ExitCode::SUCCESS)
        }
        Command::Ai(command) => block_on(ai::ai(folders, command)).map(|()| ExitCode::SUCCESS),
        Command::Webhook(command) => {
            block_on(webhook::webhook(folders, command)).map(|()| ExitCode::SUCCESS)
        }
        Command::Sql(args) => block_on(sql::sql(folders, args)).map(|()| ExitCode::SUCCESS),
        Command::Function(command) => {
            block_on(function::function(folders, command)).map(|()| ExitCode::SUCCESS)
        }
        Command::Deploy(args) => {
            block_on(deploy::deploy(folders, args)).map(|()| ExitCode::SUCCESS)
        }
        Command::Image(command) => {
            block_on(image::image(folders, command)).map(|()| ExitCode::SUCCESS)
        }
        Command::Component(command) => component::component(command).map(|()| ExitCode::SUCCESS),
        Command::Collections(command) => {
            block_on(collections::collections(folders, command)).map(|()| ExitCode::SUCCESS)
        }
        Command::Run(args) => block_on(run::run(folders, args)),
    }
}

fn block_on<T>(future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(future)
}

/// Reads a component of at most so many bytes, also one whose end nobody knows.
fn read_at_most(path: &Path, bytes_max: usize) -> anyhow::Result<Vec<u8>> {
    let hint = "strip the debug sections, and build with the compiler's options for small files";
    read_bounded(path, bytes_max, hint)
}

/// Reads a file of at most so many bytes; the hint is for who has a larger one.
fn read_bounded(path: &Path, bytes_max: usize, hint: &str) -> anyhow::Result<Vec<u8>> {
    let failed = || format!("could not read {}", path.display());
    let file = File::open(path).with_context(failed)?;
    let mut bytes = Vec::new();
    file.take(bytes_max as u64 + 1).read_to_end(&mut bytes).with_context(failed)?;
    if bytes.len() > bytes_max {
        let message = format!("{} has more than {bytes_max} bytes", path.display());
        return Err(Failure::hinted(message, hint, exit::LIMIT));
    }
    Ok(bytes)
}

/// Prints a line on standard output.
pub(crate) fn say(text: impl std::fmt::Display) {
    // Who reads only the beginning, as `head` does, has seen enough.
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
