//! The command line of plugins in registries.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// How a registry is spoken to.
#[derive(Debug, Clone, Args)]
pub(crate) struct RegistryArgs {
    /// A registry that is spoken to without TLS, wherever its address leads; this machine's own need no mention
    #[arg(long = "insecure-registry", value_name = "HOST:PORT")]
    pub(crate) insecure: Vec<String>,
    /// A host besides the registry's own that may be given its credentials in exchange for a token
    #[arg(long = "token-host", value_name = "HOST")]
    pub(crate) token_hosts: Vec<String>,
}

/// What the operator agrees to, each only when it is asked for.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct ConsentArgs {
    /// Take a key that is not trusted yet, or another one than before
    #[arg(long)]
    pub(crate) accept_new_key: bool,
    /// Take what nobody signed
    #[arg(long)]
    pub(crate) allow_unsigned: bool,
    /// Take an older version than the one that is pinned
    #[arg(long)]
    pub(crate) allow_downgrade: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// A component, a core module, or a reference like registry.example.com/ada/visits:0.1.0
    #[arg(value_name = "FILE|REF")]
    pub(crate) source: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// A component, a core module, or a reference like registry.example.com/ada/visits:0.1.0
    #[arg(value_name = "FILE|REF", required_unless_present = "locked")]
    pub(crate) source: Option<String>,
    /// Its id, when it should be another than plugin.toml or the file's name says
    #[arg(long, requires = "source")]
    pub(crate) id: Option<String>,
    /// Bring every plugin of plugins.lock, exactly as it is pinned there
    #[arg(long, conflicts_with = "source")]
    pub(crate) locked: bool,
    #[command(flatten)]
    pub(crate) consent: ConsentArgs,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct UpgradeArgs {
    /// The plugin
    pub(crate) id: String,
    /// A component, a core module, or a reference like registry.example.com/ada/visits:0.2.0
    #[arg(value_name = "FILE|REF")]
    pub(crate) source: String,
    /// What the new version may do besides; see `smartcms plugin grant --help`
    #[arg(long = "grant", value_name = "CAP")]
    pub(crate) grants: Vec<String>,
    #[command(flatten)]
    pub(crate) consent: ConsentArgs,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PushArgs {
    /// Where to: registry.example.com/ada/visits:0.1.0; without a tag the version is the tag
    #[arg(value_name = "REF")]
    pub(crate) reference: String,
    /// A component or a core module; a plugin.toml beside it goes with it, inside
    pub(crate) file: PathBuf,
    /// Sign it with this secret key, which `smartcms plugin keygen` makes
    #[arg(long, value_name = "KEYFILE")]
    pub(crate) sign: Option<PathBuf>,
    /// A file with the password of the key [default: asked for]
    #[arg(long, value_name = "FILE", requires = "sign")]
    pub(crate) password_file: Option<PathBuf>,
    /// Who made it
    #[arg(long)]
    pub(crate) author: Option<String>,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PullArgs {
    /// Where from: registry.example.com/ada/visits:0.1.0
    #[arg(value_name = "REF")]
    pub(crate) reference: String,
    /// The file to write [default: the last part of the name, with .wasm]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct KeygenArgs {
    /// The file of the secret key; the public one is written beside it, with .pub
    pub(crate) file: PathBuf,
    /// A file with the password that protects it [default: asked for]
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Do not protect it: whoever has the file can sign
    #[arg(long, conflicts_with = "password_file")]
    pub(crate) no_password: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TrustCommand {
    /// Take plugins that are signed with a key
    Add {
        /// What you call the publisher
        publisher: String,
        /// The public key, or its file
        #[arg(value_name = "KEY|FILE")]
        key: String,
    },
    /// List the publishers with their keys
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Trust a publisher no longer, or one of its keys
    ///
    /// Plugins that are pinned stay pinned, with the keys they were signed with.
    Remove {
        /// The publisher
        publisher: String,
        /// The key [default: all of them]
        key: Option<String>,
    },
}
