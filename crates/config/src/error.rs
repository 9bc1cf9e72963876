//! What can be wrong with a configuration.

use std::path::PathBuf;

/// What is wrong, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file could not be read.
    #[error("could not read {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file is not TOML.
    #[error("{} is not valid TOML", path.display())]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// There is no such setting.
    #[error("{origin}: there is no setting `{key}`{}", meant(nearest.as_deref()))]
    UnknownKey {
        /// The file, or the environment.
        origin: String,
        /// What it names.
        key: String,
        /// What was probably meant.
        nearest: Option<String>,
    },
    /// A setting has a value it cannot have.
    #[error("{origin}: `{key}` cannot be {value}: {reason}")]
    BadValue {
        /// The file, or the environment.
        origin: String,
        /// Which setting.
        key: String,
        /// What it was set to.
        value: String,
        /// What it can be.
        reason: String,
    },
    /// The definition of a collection is wrong.
    #[error("{}: {reason}", path.display())]
    Collection {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default()
}
