//! The arguments of `smartcms ai`.

use clap::{Args, Subcommand};
use smartcms_config::ModelChoice;

#[derive(Debug, Subcommand)]
pub(crate) enum AiCommand {
    /// Say which models serve, in which order, and whether they answer
    Status {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Let the site's model go on from a prompt
    Generate {
        /// What to go on from
        prompt: String,
        /// A plugin and its model, like local/tiny [default: what the settings choose]
        #[arg(long, value_name = "PLUGIN/MODEL")]
        model: Option<ModelChoice>,
        /// The most tokens to write
        #[arg(long, default_value_t = 256)]
        tokens: u32,
        /// The same number gives the same text again, where the model is the same
        #[arg(long)]
        seed: Option<u64>,
        /// From 0, the most likely text, to 2
        #[arg(long)]
        temperature: Option<f64>,
    },
    /// Print the vectors that the site's model gives texts, as JSON
    Embed {
        /// The texts
        #[arg(required = true)]
        texts: Vec<String>,
        /// A plugin and its model, like local/tiny [default: what the settings choose]
        #[arg(long, value_name = "PLUGIN/MODEL")]
        model: Option<ModelChoice>,
    },
    /// Get a model that a plugin computes with into the site, with its digest checked
    Pull(ModelPullArgs),
    /// Say what an image shows, as an alternative text; nothing is stored
    Describe {
        /// A JPEG, PNG, WebP or GIF file, or the id of an uploaded one
        #[arg(value_name = "FILE|ID")]
        image: String,
        /// A plugin and its model, like local/tiny [default: what models.images chooses]
        #[arg(long, value_name = "PLUGIN/MODEL")]
        model: Option<ModelChoice>,
        /// Print JSON, with the model that says it
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ModelPullArgs {
    /// Which model [default: say which are known]
    pub(crate) name: Option<String>,
    /// A file, a folder with NAME.onnx, or an address, http:// or https:// [default: the user's cache]
    #[arg(long, value_name = "WHERE")]
    pub(crate) from: Option<String>,
    /// Put it in the place of another file with its name
    #[arg(long)]
    pub(crate) replace: bool,
}
