//! `smartcms plugin` and what it takes.

use std::path::PathBuf;

use clap::Subcommand;
use smartcms_config::ModelChoice;

use super::{
    AddArgs, EventsCommand, InspectArgs, KeygenArgs, PullArgs, PushArgs, TaskCommand, TrustCommand,
    UpgradeArgs,
};
use crate::author::{BuildArgs, DevArgs, NewArgs, TestArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// Make a project of a plugin in an empty folder, with a plugin that works and tests that pass
    New(NewArgs),
    /// Build the plugin of a project with the tools of its language
    Build(BuildArgs),
    /// Build a plugin and test it: its own tests, and the cases in tests/ in the real host
    Test(TestArgs),
    /// Build a plugin on every save, and show it in a running site
    ///
    /// In the site of --site, which somebody serves; without one, in a site of the project's own with demo content.
    Dev(DevArgs),
    /// Show what a component can reach, where it takes part, and what made it; nothing of it runs
    Inspect(InspectArgs),
    /// Say what keeps a component from being a plugin, and what of it could be less
    ///
    /// Looks at the version of the contract, at the size, at imports that it may not need, and at plugin.toml. Fails
    /// when there is an error.
    Check {
        /// A component or a core module
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Put a component into a registry
    Push(PushArgs),
    /// Fetch a component from a registry into a file
    Pull(PullArgs),
    /// Make a key to sign plugins with
    Keygen(KeygenArgs),
    /// Say whose plugins this site takes
    #[command(subcommand)]
    Trust(TrustCommand),
    /// List the functions that plugins bring, with what they take and give
    Functions {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Call a function of a plugin
    ///
    /// Arguments are written as their types want them: true or false, numbers, text as it is, bytes in hexadecimal
    /// digits; null stands for no value, but for text.
    Call {
        /// The plugin
        id: String,
        /// The function
        function: String,
        /// Its arguments
        #[arg(allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// List the blocks that plugins bring to rich text, with what they take
    Blocks {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the models that plugins bring
    Models {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Let a model go on from a prompt
    Generate {
        /// What to go on from
        prompt: String,
        /// A plugin and its model, like local/tiny [default: the setting models.text]
        #[arg(long, value_name = "PLUGIN/MODEL")]
        model: Option<ModelChoice>,
        /// The most tokens to write
        #[arg(long, default_value_t = 200)]
        tokens: u32,
    },
    /// Print the vectors that a model gives texts, as JSON
    Embed {
        /// The texts
        #[arg(required = true)]
        texts: Vec<String>,
        /// A plugin and its model, like local/tiny [default: the setting models.embeddings]
        #[arg(long, value_name = "PLUGIN/MODEL")]
        model: Option<ModelChoice>,
    },
    /// See which events plugins could not handle, and tell them again or let go of them
    #[command(subcommand)]
    Events(EventsCommand),
    /// List the tasks of plugins, run them, and see what became of them
    #[command(subcommand)]
    Task(TaskCommand),
    #[command(flatten)]
    Site(SiteCommand),
}

/// What is done to the plugins of a site.
#[derive(Debug, Subcommand)]
pub(crate) enum SiteCommand {
    /// Add a plugin, or another version of one
    ///
    /// A plugin.toml beside the file, or inside it, gives id, name and version; else they come from the file's name.
    /// What comes from a registry is pinned in plugins.lock; adding it again brings what is pinned.
    Add(AddArgs),
    /// Put another version of a plugin in force
    ///
    /// Shows what it could reach besides, and starts it before anything is called. The version before comes back by
    /// itself when the new one fails its first calls.
    Upgrade(UpgradeArgs),
    /// Put the version back that an upgrade replaced, with what it held
    Rollback {
        /// The plugin
        id: String,
    },
    /// List the plugins with what they hold and lack, and how they do in a server that runs
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Give a plugin capabilities
    ///
    /// kv · http=HOST:PORT · fs=FOLDER:/NAME:ro (or rw) · env=NAME · `content:read=COLLECTION[.FIELD+…][:drafts],…` ·
    /// `content:write=COLLECTION[.FIELD+…][:own][:drafts-only],…` · html:trusted · actor:read
    Grant {
        /// The plugin
        id: String,
        /// What it may do
        #[arg(required = true, value_name = "CAP")]
        capabilities: Vec<String>,
    },
    /// Take capabilities back
    Revoke {
        /// The plugin
        id: String,
        /// What it may do no longer
        #[arg(required = true, value_name = "CAP")]
        capabilities: Vec<String>,
    },
    /// Set what a plugin reads as its settings, or show it
    ///
    /// Without a change it shows what is set. A value that reads as JSON is that: 80, true, ["a", "b"]; anything else is
    /// text. The plugin finds it at its next call.
    Set {
        /// The plugin
        id: String,
        /// A setting and its value
        #[arg(value_name = "KEY=VALUE")]
        values: Vec<String>,
        /// A setting to take away
        #[arg(long, value_name = "KEY")]
        unset: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Let the site use a plugin again
    Enable {
        /// The plugin
        id: String,
    },
    /// Let the site do without a plugin; its grants and keys stay
    Disable {
        /// The plugin
        id: String,
    },
    /// Call a plugin again that was paused after failures, at once
    Resume {
        /// The plugin
        id: String,
    },
    /// Take a plugin away, with its grants, its keys and its log
    Remove {
        /// The plugin
        id: String,
    },
    /// Show what a plugin said, and what the host said about it
    Logs {
        /// The plugin
        id: String,
        /// How many lines at most
        #[arg(long, default_value_t = 100)]
        lines: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}
