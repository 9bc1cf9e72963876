//! From files and environment variables to checked settings.
//!
//! Every setting is one row of [`SETTINGS`]: its key in `smartcms.toml`, its default, what it means. The name of the
//! environment variable follows from the key (`site.title` → `SMARTCMS_SITE_TITLE`); a variable wins over the file.
#![deny(missing_docs)]

mod ai;
mod array;
mod classifier;
mod collections;
mod error;
mod image_model;
mod mail;
mod model_choice;
mod people;
mod portable;
mod reader;
mod settings;
mod shared_keys;
mod sources;
mod table;

pub use ai::{AiServer, AiServerKind, AiSettings};
pub use classifier::{ClassifierError, ClassifierSettings};
pub use collections::{
    DEFAULT_COLLECTIONS, collection_file, default_collections, load_collections,
};
pub use error::ConfigError;
pub use image_model::ImageModel;
pub use mail::{MailSettings, MailTls, MailTransport};
pub use model_choice::{ModelChoice, ModelChoiceError};
pub use people::{HashLimitSettings, OidcSettings};
pub use portable::{has_effect_in_portable, missing_in_portable};
pub use settings::{
    ApiSettings, MediaLimitSettings, ModelSettings, PluginLimitSettings, ServerSettings, Settings,
};
pub use shared_keys::SharedKeysSettings;
pub use sources::{CONFIG_FILE_NAME, Sources};
pub use table::{SETTINGS, Setting};
