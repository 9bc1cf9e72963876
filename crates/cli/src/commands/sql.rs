//! `smartcms sql`.

mod print;

use std::io::{IsTerminal as _, Read as _};
use std::time::Duration;

use anyhow::Context as _;
use smartcms_store_sql::{SqlError, SqlErrorKind, SqlLimits, SqlOutcome};

use self::print::Format;
use super::say;
use crate::args::{Folders, SqlArgs};
use crate::compose::open_console;
use crate::failure::{Failure, exit};

/// The longest script, in bytes: modules in hexadecimal digits are long.
const SCRIPT_BYTES_MAX: usize = 256 * 1024 * 1024;

pub(super) async fn sql(folders: &Folders, args: SqlArgs) -> anyhow::Result<()> {
    let format = match (args.json, args.csv) {
        (true, _) => Format::Json,
        (_, true) => Format::Csv,
        _ => Format::Table,
    };
    let time = Duration::from_secs(args.time);
    let limits = SqlLimits { time, rows: args.rows, ..SqlLimits::default() };
    let script = match args.query {
        Some(query) => query,
        None => script()?,
    };
    let mut open = open_console(folders, limits, args.write).await?;
    // A query computes and waits on its own thread.
    let ran = tokio::task::spawn_blocking(move || {
        let mut first = true;
        open.console.run(&script, |outcome| {
            show(format, &outcome, first);
            first = false;
        })
    });
    ran.await.context("the thread of the query ended")?.map_err(failure)
}

fn script() -> anyhow::Result<String> {
    let input = std::io::stdin().lock();
    if input.is_terminal() {
        let hint = "smartcms sql 'SELECT title, status FROM posts', or smartcms sql < script.sql";
        return Err(Failure::hinted("there is no query", hint, exit::INVALID));
    }
    let mut script = Vec::new();
    input
        .take(SCRIPT_BYTES_MAX as u64 + 1)
        .read_to_end(&mut script)
        .context("could not read the standard input")?;
    if script.len() > SCRIPT_BYTES_MAX {
        let message = format!("the script has more than {SCRIPT_BYTES_MAX} bytes");
        return Err(Failure::hinted(message, "give it in parts", exit::LIMIT));
    }
    String::from_utf8(script).context("the script is not text in UTF-8")
}

fn show(format: Format, outcome: &SqlOutcome, first: bool) {
    match outcome {
        SqlOutcome::Rows(table) => {
            if !first && format == Format::Table {
                say("");
            }
            say(format.rows(table));
        }
        // What programs read has rows and nothing else.
        _ if format != Format::Table => {}
        SqlOutcome::Changed(0) => {}
        SqlOutcome::Changed(count) => say(format_args!("{count} rows changed")),
        SqlOutcome::Said(sentence) => say(sentence),
    }
}

/// What a failed statement says on the command line.
pub(super) fn failure(error: SqlError) -> anyhow::Error {
    let (exit, hint) = match error.kind {
        SqlErrorKind::Denied => (exit::DENIED, "docs/sql.md lists what is open and what is closed"),
        SqlErrorKind::Limit => (exit::LIMIT, "--rows and --time raise limits; LIMIT asks for less"),
        SqlErrorKind::Invalid => {
            (exit::INVALID, "`smartcms function list` lists functions; each collection is a view")
        }
    };
    Failure::hinted(error.to_string(), hint, exit)
}
