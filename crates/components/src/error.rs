//! Why a file could not be worked on, and what to do.

use crate::limits::{FILE_BYTES_MAX, FILES_BYTES_MAX, PLUGS_MAX, SOURCE_BYTES_MAX, TEXT_BYTES_MAX};

/// A file could not be worked on. The message names the file, and the import or export where there is one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComponentError {
    /// It is too large.
    #[error("{file} has more than {FILE_BYTES_MAX} bytes")]
    TooLarge {
        /// The file.
        file: String,
    },
    /// Its text is too long.
    #[error("{file} has more than {SOURCE_BYTES_MAX} bytes of text")]
    TextTooLarge {
        /// The file.
        file: String,
    },
    /// Together they are too large.
    #[error("the files of the composition have more than {FILES_BYTES_MAX} bytes together")]
    TooLargeTogether,
    /// Too many plugs.
    #[error("there are {0} plugs, at most {PLUGS_MAX} are composed at one time")]
    TooManyPlugs(usize),
    /// Neither WebAssembly nor its text form.
    #[error("{file} cannot be read as the text of WebAssembly: {reason}")]
    NotText {
        /// The file.
        file: String,
        /// Where, and why.
        reason: String,
    },
    /// It is a core module, or no WebAssembly.
    #[error("{file} is not a component: {reason}")]
    NotComponent {
        /// The file.
        file: String,
        /// What it is.
        reason: String,
    },
    /// It breaks the rules of WebAssembly.
    #[error("{file} is not valid: {reason}")]
    Invalid {
        /// The file.
        file: String,
        /// Where, and why.
        reason: String,
    },
    /// WIT could not be read.
    #[error("the WIT in {path} cannot be used: {reason}")]
    Wit {
        /// The file or folder.
        path: String,
        /// Why.
        reason: String,
    },
    /// Its WIT is too long to be shown.
    #[error("the WIT of {file} has more than {TEXT_BYTES_MAX} bytes as text")]
    TextTooLong {
        /// The file.
        file: String,
    },
    /// A plug offers nothing that is wanted.
    #[error("{plug} plugs nothing: it exports {exports}, and what is still open is {open}")]
    Unused {
        /// The plug.
        plug: String,
        /// What it exports.
        exports: String,
        /// What the socket and the plugs before it import.
        open: String,
    },
    /// An export has the name of an import and another type.
    #[error(
        "{plug} exports {export}, which does not fit the import {import} of {socket}: {reason}"
    )]
    Misfit {
        /// Who exports.
        plug: String,
        /// What.
        export: String,
        /// Who imports.
        socket: String,
        /// What.
        import: String,
        /// Where the types differ.
        reason: String,
    },
    /// The parts do not make a component together.
    #[error("{file} could not be composed: {reason}")]
    Composition {
        /// The socket.
        file: String,
        /// Why.
        reason: String,
    },
    /// A plugin that nothing would call.
    #[error("{file} takes part nowhere that a site calls plugins which are composed into it")]
    NoPoint {
        /// The plugin.
        file: String,
    },
    /// Something that stays open uses types of what was to be closed.
    #[error("{file}: {import} cannot be closed, because {user} uses its types")]
    Entangled {
        /// The component.
        file: String,
        /// What was to be closed.
        import: String,
        /// What uses it: an import that stays open, or an export.
        user: String,
    },
    /// Too much would have to be closed.
    #[error("{file}: {what}")]
    TooMuch {
        /// The component.
        file: String,
        /// What passes which limit.
        what: String,
    },
    /// The stub for the closed imports could not be made.
    #[error("{file}: the closed imports could not be replaced: {reason}")]
    Stub {
        /// The component.
        file: String,
        /// Why.
        reason: String,
    },
}

impl ComponentError {
    /// What the reader can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } | Self::TooLargeTogether => {
                "strip the debug sections, and build with the compiler's options for small files"
            }
            Self::TextTooLarge { .. } => "is it the built file? Binaries may be larger",
            Self::TooManyPlugs(_) => "compose some of them first, and the rest with the result",
            Self::NotText { .. } => "is it the built file?",
            Self::NotComponent { .. } => "`smartcms component new` makes a component of a module",
            Self::Invalid { .. } => "build it again; a file that was cut off ends like this",
            Self::Wit { .. } => "name a .wit file, or a folder with deps/ for what it uses",
            Self::TextTooLong { .. } => "`smartcms plugin inspect` lists its imports and exports",
            Self::Unused { .. } => {
                "`smartcms component wit` shows the imports and exports of a file; versions count"
            }
            Self::Misfit { .. } => "build both against the same WIT",
            Self::Composition { .. } => "`smartcms component validate` looks at each part alone",
            Self::NoPoint { .. } => {
                "`smartcms plugin inspect` shows where it takes part; docs/portable.md says which places are called"
            }
            Self::Entangled { .. } => "name both with --allow, or neither",
            Self::TooMuch { .. } => "keep some of it open with --allow",
            Self::Stub { .. } => "keep the import open with --allow",
        }
    }
}
