//! The `smartcms` executable: the command line, and the native composition root.

mod args;
mod author;
mod commands;
mod compose;
mod deploy;
mod events;
mod failure;
mod health;
mod measurer;
mod printable;
mod scheduler;
mod secret_key;
mod server;
mod shared_keys;
mod tasks;
mod transfers;
mod user_cache;
mod watch;
mod webhooks;
mod world;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

/// What commands log that end by themselves. Mails that go to the log are asked for by a setting.
const QUIET: &str = "warn,smartcms_identity::enabled::mail=info";

fn main() -> ExitCode {
    let cli = args::Cli::parse();
    start_logging(&cli);
    commands::run(cli).unwrap_or_else(|error| failure::report(&error))
}

/// Logs go to standard error: as lines for people at a terminal, as JSON elsewhere. Commands that end by themselves say
/// what they did in their output, so that only what somebody should look at is logged, unless they are told otherwise.
fn start_logging(cli: &args::Cli) {
    let level = match (cli.verbose, cli.tells_all_itself(), cli.stays()) {
        (true, _, _) | (_, _, true) => "info",
        (_, true, _) => "off",
        _ => QUIET,
    };
    let filter = EnvFilter::try_from_env("SMARTCMS_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        builder.with_target(false).init();
    } else {
        builder.json().init();
    }
}
