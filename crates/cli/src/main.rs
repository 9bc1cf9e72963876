//! The `smartcms` executable: the command line, and the native composition root.

mod args;
mod author;
mod commands;
mod compose;
mod events;
mod failure;
mod health;
mod printable;
mod scheduler;
mod secret_key;
mod server;
mod tasks;
mod user_cache;
mod watch;
mod webhooks;
mod world;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = args::Cli::parse();
    start_logging(&cli);
    commands::run(cli).unwrap_or_else(|error| failure::report(&error))
}

/// Logs go to standard error: as lines for people at a terminal, as JSON elsewhere.
fn start_logging(cli: &args::Cli) {
    let level = if cli.tells_all_itself() { "off" } else { "info" };
    let filter = EnvFilter::try_from_env("SMARTCMS_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        builder.with_target(false).init();
    } else {
        builder.json().init();
    }
}
