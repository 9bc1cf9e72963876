//! The command line.

mod ai;
mod component;
mod deploy;
mod distribution;
mod plugin;
mod points;
mod rights;
mod sql;
mod user;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub(crate) use ai::{AiCommand, ModelPullArgs};
pub(crate) use component::ComponentCommand;
pub(crate) use deploy::{DeployArgs, DeployHost, ImageBuildArgs, ImageCommand};
pub(crate) use distribution::{
    AddArgs, ConsentArgs, InspectArgs, KeygenArgs, PullArgs, PushArgs, RegistryArgs, TrustCommand,
    UpgradeArgs,
};
pub(crate) use plugin::{PluginCommand, SiteCommand};
pub(crate) use points::{EventsCommand, TaskCommand};
pub(crate) use rights::{AuditCommand, AuditFilter, AuditFormat, RoleCommand};
pub(crate) use sql::{FunctionCommand, SqlArgs};
pub(crate) use user::UserCommand;

/// The hidden sub-command that this program starts itself with.
pub(crate) const COMPILE_COMMAND: &str = "compile-plugin";

const EXIT_CODES: &str = "\
Exit codes: 0 done · 1 failed · 2 wrong usage · 3 not permitted or not granted · 4 not found · 5 conflict · \
6 input refused · 7 limit passed";

/// A content management system whose every extension is a sandboxed WebAssembly component.
#[derive(Debug, Parser)]
#[command(name = "smartcms", version, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) folders: Folders,
    /// Log what the program does, as `serve` does; SMARTCMS_LOG says it more exactly
    #[arg(long, global = true)]
    pub(crate) verbose: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// Whether the command goes on until it is told to end, so that its log is what it prints.
    pub(crate) fn stays(&self) -> bool {
        match &self.command {
            Command::Serve(_) => true,
            Command::Run(run) => run.serve.is_some(),
            _ => false,
        }
    }

    /// Whether what the command prints holds all that the log would say.
    pub(crate) fn tells_all_itself(&self) -> bool {
        matches!(self.command, Command::Plugin(PluginCommand::Test(_) | PluginCommand::Dev(_)))
    }
}

/// Where a site is.
#[derive(Debug, Clone, Args)]
pub(crate) struct Folders {
    /// The site's folder: smartcms.toml, collections/, theme/
    #[arg(long, global = true, value_name = "DIR", default_value = ".", env = "SMARTCMS_SITE")]
    pub(crate) site: PathBuf,
    /// The data folder: database, plugins, cache [default: data in the site's folder]
    #[arg(long, global = true, value_name = "DIR", env = "SMARTCMS_DATA")]
    pub(crate) data: Option<PathBuf>,
}

impl Folders {
    pub(crate) fn data(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| self.site.join("data"))
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the site
    ///
    /// Listens on 127.0.0.1:8080 unless smartcms.toml or --listen says otherwise. Stops on SIGTERM and SIGINT after
    /// the requests in flight are answered.
    Serve(ServeArgs),
    /// Make a new site in a folder
    ///
    /// Writes smartcms.toml and collections/, and never over a file that is there.
    Init(InitArgs),
    /// Bring the database up to date with this version of smartcms
    ///
    /// Make a backup first. A new database needs no migration; `serve` refuses one that does.
    Migrate,
    /// Make a theme to begin with, and find what is wrong with one
    #[command(subcommand)]
    Theme(ThemeCommand),
    /// Bring content in from WordPress, Ghost, or a folder of Markdown
    ///
    /// Stores what is not there yet: an import that was interrupted goes on when it is run again. Prints what was
    /// changed or left on the way. See docs/importing.md.
    Import(ImportArgs),
    /// Write all content into a folder of Markdown and JSON
    ///
    /// `smartcms import site DIR` reads it back.
    Export(ExportArgs),
    /// Make, list and revoke API tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// List roles, and make, change and remove those of the site
    #[command(subcommand)]
    Role(RoleCommand),
    /// See who did what to what, from where
    #[command(subcommand)]
    Audit(AuditCommand),
    /// List, add and disable the people who may sign in, and help those who have forgotten their password
    #[command(subcommand)]
    User(UserCommand),
    /// See what changed files of collections do to the entries there are, and do it
    #[command(subcommand)]
    Collections(CollectionsCommand),
    /// Inspect, add, grant and manage plugins
    #[command(subcommand)]
    Plugin(PluginCommand),
    /// Ask the site in SQL, with the functions of plugins
    ///
    /// Each collection is a view with a column for each field: `SELECT title, slug, status FROM posts`. Reads only; the
    /// content is never changed by SQL. CREATE FUNCTION and DROP FUNCTION in libSQL's form work. See docs/sql.md.
    Sql(SqlArgs),
    /// List and try the functions that SQL can call
    #[command(subcommand)]
    Function(FunctionCommand),
    /// See which models serve the site, and let them write or measure meaning
    #[command(subcommand)]
    Ai(AiCommand),
    /// Make, print, compose, restrict and validate components
    #[command(subcommand)]
    Component(ComponentCommand),
    /// Write what a host starts the portable build with, from the settings of this site
    ///
    /// Every manifest is made of the same description: the settings that differ from what they usually are, the hosts that
    /// the site reaches, and the names of its secrets, never what they are. See docs/deploying.md.
    Deploy(DeployArgs),
    /// Make and push OCI images of components
    #[command(subcommand)]
    Image(ImageCommand),
    /// Add, list and remove webhooks, and see what became of their messages
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Run any component, with nothing but what is granted
    ///
    /// Runs a command (wasi:cli/run) with its arguments and exit code; prints what `run: func() -> string` answers;
    /// calls any function with --invoke; serves one that exports wasi:http with --serve. A core module is converted to
    /// a component first; one without component metadata is run as it is.
    Run(RunArgs),
    /// Compile a component for this machine: what `smartcms` calls in a process of its own
    #[command(hide = true, name = COMPILE_COMMAND)]
    CompilePlugin {
        /// Limits from the parent process
        arguments: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The address and port to listen on; port 0 takes any that is free
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The folder; it is made when it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Add posts and pages to look at
    #[arg(long)]
    pub(crate) demo: bool,
}

/// What an import reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ImportFormat {
    /// A WordPress export: an XML file, or a folder or archive with such files and, perhaps, wp-content/uploads
    Wxr,
    /// A Ghost export: a JSON file, or a folder or archive with one and its media
    Ghost,
    /// A folder of Markdown with front matter (Hugo, Zola, Jekyll or none), or an archive of one
    Markdown,
    /// A folder that `smartcms export` wrote
    Site,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// What it is
    pub(crate) format: ImportFormat,
    /// The file, folder or archive
    pub(crate) path: PathBuf,
    /// Store nothing; say what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Leave media where they are
    #[arg(long)]
    pub(crate) no_media: bool,
    /// Where the old site is, when its export does not say so: links and media are looked for there
    #[arg(long, value_name = "URL")]
    pub(crate) old_url: Option<String>,
    /// Write everything that was changed or left into a JSON file
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Take at most so many entries
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The folder; it has to be empty or not there
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ThemeCommand {
    /// Write the files of the default theme, to change them; never over a file that is there
    New {
        /// Write them to themes/NAME [default: theme/, which the site uses]
        name: Option<String>,
    },
    /// Show every template its samples, and each mistake with its file and line
    Check {
        /// The folder of the theme [default: theme/ in the site's folder]
        folder: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token and print it, alone, on standard output; it cannot be shown again
    Create {
        /// What you call it; unique
        #[arg(long)]
        name: String,
        /// What its bearer may do: owner, administrator, editor, author, contributor, viewer, or a role of the site
        #[arg(long)]
        role: String,
        /// What of that it is for, like content:update=posts, content:read_drafts, assets:* or site:arrange; once for
        /// each [default: all of the role]
        #[arg(long = "scope", value_name = "SCOPE")]
        scopes: Vec<String>,
        /// When it ends, like 2027-01-01T00:00:00Z [default: never]
        #[arg(long, value_name = "TIME")]
        expires: Option<String>,
    },
    /// List the tokens, without their secrets
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take a token away: the next request with it is refused
    Revoke {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CollectionsCommand {
    /// Show what changed files do to the entries there are, and change nothing
    ///
    /// Fails when they would not be applied: something would be lost, or not be unique.
    Plan,
    /// Apply changed files, as `smartcms serve` does at its start
    Apply {
        /// Do it though values or entries are lost
        #[arg(long)]
        force: bool,
    },
    /// Compute the fields again that functions of a plugin compute
    ///
    /// A server does it by itself where it finds another version of the plugin.
    Recompute {
        /// The plugin's id
        plugin: String,
        /// Say what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// List the collections, and whether a file or the database says what they are
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the file that says what a collection is
    Export {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// Add a webhook and print its secret, alone, on standard output; it cannot be shown again
    Add {
        /// What you call it; unique
        name: String,
        /// Where events are sent
        url: String,
        /// A kind of event, like entry.published; more than once for more [default: all]
        #[arg(long = "event", value_name = "KIND")]
        events: Vec<String>,
        /// A collection; more than once for more [default: all]
        #[arg(long = "collection", value_name = "NAME")]
        collections: Vec<String>,
    },
    /// List the webhooks, without their secrets
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take a webhook away, with its log; what waits is not sent
    Remove {
        /// Its name or id
        webhook: String,
    },
    /// Show what became of the messages, the newest first
    Deliveries {
        /// The webhook's name or id
        webhook: String,
        /// How many lines at most, up to 100
        #[arg(long, default_value_t = 20)]
        lines: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Send a message again
    Resend {
        /// The webhook's name or id
        webhook: String,
        /// The delivery's id
        delivery: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// A component or a core module
    pub(crate) file: PathBuf,
    /// What it may do; see `smartcms plugin grant --help`
    #[arg(long = "grant", value_name = "CAP")]
    pub(crate) grants: Vec<String>,
    /// A folder that it finds under a name, `ro` to read or `rw` to change it: short for --grant fs=…
    #[arg(long = "dir", value_name = "FOLDER:/NAME:ro")]
    pub(crate) dirs: Vec<String>,
    /// A model that nn=NAME opens, an ONNX file; the storyteller is always there
    #[arg(long = "model", value_name = "NAME=FILE")]
    pub(crate) models: Vec<String>,
    /// A limit: time=500ms, memory=64MiB, output=4MiB, file=32MiB; fuel is not counted
    #[arg(long = "limit", value_name = "NAME=VALUE")]
    pub(crate) limits: Vec<String>,
    /// Call a function with WAVE values: 'greet("Ada")'
    #[arg(long, value_name = "CALL", conflicts_with = "serve")]
    pub(crate) invoke: Option<String>,
    /// Serve a component that exports wasi:http
    #[arg(long, value_name = "ADDR")]
    pub(crate) serve: Option<SocketAddr>,
    /// Arguments of the command
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) arguments: Vec<String>,
}
