//! `smartcms sql` and `smartcms function`.

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct SqlArgs {
    /// One statement or more, with ; between them [default: what is on the standard input]
    #[arg(value_name = "QUERY")]
    pub(crate) query: Option<String>,
    /// Print an array of objects for each query
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Print comma-separated values
    #[arg(long)]
    pub(crate) csv: bool,
    /// Allow tables and views of your own, in data/sql.db; the data of the site stay read-only
    #[arg(long)]
    pub(crate) write: bool,
    /// The most rows that a statement may give
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) rows: usize,
    /// How long a statement may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub(crate) time: u64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FunctionCommand {
    /// List the functions that SQL can call, with what they take and give
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Call a function as SQL would, and print what it gives
    Test {
        /// Its name, or PLUGIN__name
        name: String,
        /// Its arguments: text as it is, numbers, true or false, bytes in hexadecimal digits, null
        #[arg(allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}
