//! The arguments of `smartcms deploy` and `smartcms image`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::RegistryArgs;

/// What a manifest is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeployHost {
    /// A unit of systemd that runs `wasmtime serve`, with the content in a folder
    Wasmtime,
    /// spin.toml, for `spin up`
    Spin,
    /// A SpinApp, for SpinKube
    Spinapp,
    /// A WorkloadDeployment, for wasmCloud 2.x on Kubernetes, with the content in NATS
    Wasmcloud,
    /// An application of wadm, for wasmCloud 1.x, with the content in NATS
    Wadm,
    /// A Compose file with NATS and a wasmCloud 2.x host
    Compose,
}

#[derive(Debug, Args)]
pub(crate) struct DeployArgs {
    /// What it is written for
    pub(crate) host: DeployHost,
    /// The component: a file, beside the manifest or at a path from it, or a reference in a registry, as the host takes it
    /// [default: smartcms-HOST.wasm, where the host takes files]
    #[arg(long, value_name = "FILE|REF")]
    pub(crate) component: Option<String>,
    /// What the site is called there: small letters, digits and hyphens
    #[arg(long, default_value = "smartcms")]
    pub(crate) name: String,
    /// The bucket of the host's key-value store
    #[arg(long, default_value = "default")]
    pub(crate) bucket: String,
    /// Where wasmCloud's own images are, like registry.example.com/wasmcloud; wadm and compose name some
    #[arg(long, value_name = "PREFIX")]
    pub(crate) images: Option<String>,
    /// Write it for the site without its plugins, which no portable host runs
    #[arg(long)]
    pub(crate) without_plugins: bool,
    /// The file to write [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Images of a component, as containerd's Wasm shims run them.
#[derive(Debug, Subcommand)]
pub(crate) enum ImageCommand {
    /// Make an OCI image of a component, without Docker
    ///
    /// The same component and options give the same image, to the byte. It is for the platform wasi/wasm; its one layer is
    /// the component itself.
    Build(ImageBuildArgs),
    /// Push an image that `smartcms image build` made; its digest is printed
    Push {
        /// Where to: registry.example.com/ada/site:1.0
        #[arg(value_name = "REF")]
        reference: String,
        /// The folder or the archive
        #[arg(value_name = "LAYOUT")]
        layout: PathBuf,
        #[command(flatten)]
        registry: RegistryArgs,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ImageBuildArgs {
    /// The component
    #[arg(value_name = "FILE")]
    pub(crate) component: PathBuf,
    /// Where it is written: an archive where the name ends in .tar, a new folder otherwise
    #[arg(short, long, value_name = "LAYOUT")]
    pub(crate) output: PathBuf,
    /// What it is called where it is loaded: registry.example.com/ada/site:1.0
    #[arg(long, value_name = "REF")]
    pub(crate) name: Option<String>,
    /// A setting that the image has: `SMARTCMS_SITE_BASE_URL=https://example.com`; more than once for more. No secrets: whoever
    /// gets an image reads them
    #[arg(long = "env", value_name = "NAME=VALUE")]
    pub(crate) environment: Vec<String>,
}
