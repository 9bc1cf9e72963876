//! The arguments of `smartcms role` and `smartcms audit`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum RoleCommand {
    /// List the roles: the built-in ones, and those of the site
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print a role as JSON, as `role set` takes it
    Show {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Make a role, or give one another definition; who has it can do that at once
    Set {
        /// Its name: a-z, 0-9 and _
        #[arg(value_name = "NAME")]
        name: String,
        /// A file with its definition in JSON, or - for standard input; see docs/roles.md
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Take a role away that nobody has
    Remove {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Print who did what to what, the newest first
    List {
        #[command(flatten)]
        filter: AuditFilter,
        /// How many at most
        #[arg(long, default_value_t = 50, value_name = "NUMBER")]
        lines: u32,
    },
    /// Print all that passes the filters, the newest first, for other programs
    Export {
        #[command(flatten)]
        filter: AuditFilter,
        /// In which form
        #[arg(long, value_enum, default_value_t = AuditFormat::Jsonl)]
        format: AuditFormat,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AuditFilter {
    /// By whom: `user ID`, `token NAME`, `operator`
    #[arg(long)]
    pub(crate) actor: Option<String>,
    /// Of this operation, or of an area: role.*
    #[arg(long)]
    pub(crate) operation: Option<String>,
    /// To what, like role, or role:copywriter
    #[arg(long, value_name = "KIND[:ID]")]
    pub(crate) target: Option<String>,
    /// How it ended: done, denied or failed
    #[arg(long)]
    pub(crate) outcome: Option<String>,
    /// From this time on, like 2026-11-28T00:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// Before this time
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditFormat {
    /// One JSON object on each line
    Jsonl,
    /// Values with commas between, and a line of names
    Csv,
}
