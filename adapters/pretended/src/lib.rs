//! What hosts give that are not there where the suite runs: wasmCloud 1, a configuration and a key-value store without
//! compare-and-swap; Spin, variables and a key-value store with it.
//!
//! Configuration and variables come from environment variables: those that begin with `GIVEN_`, and those that begin with
//! `SECRET_`. Keys are kept by the adapter behind. For tests; no host needs it.

mod keys;
mod spin;
mod wasmcloud1;

wit_bindgen::generate!({
    world: "smartcms:pretended-host/pretended-host",
    path: [
        "../wit/config",
        "../wit/spin",
        "../../wit/portable",
        "../../wit/deps/keyvalue",
        "../keyvalue-draft2/wit/keyvalue",
        "wit",
    ],
    generate_all,
});

use exports::fermyon::spin::variables::{Error, Guest as Variables};
use exports::wasi::config::runtime::{ConfigError, Guest as Configuration};

struct Host;

export!(Host);

impl Configuration for Host {
    fn get(key: String) -> Result<Option<String>, ConfigError> {
        Ok(std::env::var(format!("GIVEN_{key}")).ok())
    }

    fn get_all() -> Result<Vec<(String, String)>, ConfigError> {
        let given = std::env::vars()
            .filter_map(|(name, value)| Some((name.strip_prefix("GIVEN_")?.to_owned(), value)));
        Ok(given.collect())
    }
}

impl Variables for Host {
    fn get(name: String) -> Result<String, Error> {
        if name.chars().any(|it| !it.is_ascii_lowercase() && it != '_') {
            return Err(Error::InvalidName(name));
        }
        let variable = format!("SECRET_{}", name.to_ascii_uppercase());
        std::env::var(variable).map_err(|_| Error::Undefined(name))
    }
}
