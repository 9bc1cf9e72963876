//! The sub-commands, one file each.

mod collections;
mod export;
mod import;
mod init;
mod migrate;
mod plugin;
mod run;
mod serve;
mod theme;
mod token;
mod webhook;

use std::io::Write as _;
use std::process::ExitCode;

use smartcms_plugin_host::compile_child;

use crate::args::{Cli, Command};

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
        Command::Plugin(command) => {
            block_on(plugin::plugin(folders, command)).map(|()| ExitCode::SUCCESS)
        }
        Command::Webhook(command) => {
            block_on(webhook::webhook(folders, command)).map(|()| ExitCode::SUCCESS)
        }
        Command::Collections(command) => {
            block_on(collections::collections(folders, command)).map(|()| ExitCode::SUCCESS)
        }
        Command::Run(args) => block_on(run::run(folders, args)),
    }
}

fn block_on<T>(future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(future)
}

/// Prints a line on standard output.
fn say(text: impl std::fmt::Display) {
    // Who reads only the beginning, as `head` does, has seen enough.
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
