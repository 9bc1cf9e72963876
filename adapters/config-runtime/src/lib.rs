//! Settings in `wasi:config/runtime@0.2.0-draft` as environment variables: for wasmCloud 1, which gives components no others.
//!
//! It is composed behind the core and the other adapters, which then read their settings as they do everywhere.

wit_bindgen::generate!({
    world: "smartcms:adapter-config-runtime/config-runtime",
    path: ["../wit/environment", "../wit/config", "wit"],
    generate_all,
});

use exports::wasi::cli::environment::Guest;
use wasi::cli::environment;
use wasi::config::runtime::{self, ConfigError};

/// What the names of settings begin with; a host's configuration may have others.
const SETTINGS: &str = "SMARTCMS_";

struct Settings;

export!(Settings);

impl Guest for Settings {
    fn get_environment() -> Vec<(String, String)> {
        let given = match runtime::get_all() {
            Ok(given) => given,
            Err(ConfigError::Upstream(reason) | ConfigError::Io(reason)) => {
                // A site that starts without its settings would be another site, and end the token of its owner.
                eprintln!("the host's configuration cannot be read, stopping: {reason}");
                std::process::abort();
            }
        };
        let given: Vec<_> =
            given.into_iter().filter(|(name, _)| name.starts_with(SETTINGS)).collect();
        let mut variables = environment::get_environment();
        variables.retain(|(name, _)| !given.iter().any(|(it, _)| it == name));
        variables.extend(given);
        variables
    }

    fn get_arguments() -> Vec<String> {
        environment::get_arguments()
    }

    fn initial_cwd() -> Option<String> {
        environment::initial_cwd()
    }
}
