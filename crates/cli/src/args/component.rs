//! The arguments of `smartcms component`.

use std::path::PathBuf;

use clap::Subcommand;

/// Tools that work on one file or a few, and need no site.
#[derive(Debug, Subcommand)]
pub(crate) enum ComponentCommand {
    /// Make a component of a core module: of WASI 0.1, or with its types in it or beside it
    ///
    /// A command has _start, and becomes a component that exports wasi:cli/run; anything else becomes a component that
    /// exports what its types say. Text (.wat) is taken too.
    New {
        /// A core module, or its text
        module: PathBuf,
        /// Where the component is written
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        /// The types of a module that has none in it: a WIT file, or a folder with one package and its deps/
        #[arg(long, value_name = "PATH")]
        wit: Option<PathBuf>,
        /// The world, where the package has several
        #[arg(long, value_name = "NAME", requires = "wit")]
        world: Option<String>,
    },
    /// Print the WIT of a component: what it imports and exports, with their types
    Wit {
        /// A component or a core module
        file: PathBuf,
        /// Print the imports as capabilities instead, one a line
        #[arg(long)]
        capabilities: bool,
    },
    /// Join components: what the socket imports, the plugs export
    ///
    /// The first plug that exports an import of the socket answers it, and the first plug behind a plug answers that
    /// plug's imports. What nobody answers stays an import. The result exports what the socket exports.
    ///
    /// A socket that is a whole site (dist/portable/smartcms.wasm) takes plugins, too: a plug that takes part in a site
    /// is called there, and keeps its own memory and its own imports. See docs/portable.md.
    Compose {
        /// The component that imports
        socket: PathBuf,
        /// A component that exports what is imported; more than once for more
        #[arg(long = "plug", value_name = "FILE", required = true)]
        plugs: Vec<PathBuf>,
        /// What a plugin of a site may do for good: html:trusted, kv for keys of its own, or http for requests to
        /// whatever the site's host allows; more than once for more
        #[arg(long = "grant", value_name = "ID:GRANT")]
        grants: Vec<String>,
        /// Where the component is written
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Close imports for good: the result asks for less, on any host
    ///
    /// Everything is closed that would need a grant, and everything that this host does not know. Closed functions
    /// answer "denied" in their own error type, nothing where their type has no error, and trap where there is no honest
    /// answer. See docs/components.md.
    Restrict {
        /// A component or a core module
        file: PathBuf,
        /// What stays open: a capability (kv, http, fs, env, content:read, content:write, sockets), or an import by
        /// its name, with or without version; more than once for more
        #[arg(long = "allow", value_name = "CAP")]
        allowed: Vec<String>,
        /// Where the component is written
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Say whether a file keeps the rules of WebAssembly, and what it is
    Validate {
        /// A component or a core module
        file: PathBuf,
    },
}
