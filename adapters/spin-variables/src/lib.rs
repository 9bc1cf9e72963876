//! Secrets in Spin's variables as environment variables: Spin takes those from where operators keep secrets, and environment
//! variables from the manifest alone.
//!
//! It is composed behind the core and the other adapters, which then read their settings as they do everywhere.

wit_bindgen::generate!({
    world: "smartcms:adapter-spin-variables/spin-variables",
    path: ["../wit/environment", "../wit/spin", "wit"],
    generate_all,
});

use exports::wasi::cli::environment::Guest;
use fermyon::spin::variables::{self, Error};
use wasi::cli::environment;

/// The settings that are secrets. Spin's names have small letters.
const SECRETS: [&str; 3] =
    ["SMARTCMS_PEOPLE_OWNER_TOKEN", "SMARTCMS_AI_KEY", "SMARTCMS_MAIL_HTTP_KEY"];

struct Secrets;

export!(Secrets);

impl Guest for Secrets {
    fn get_environment() -> Vec<(String, String)> {
        let mut all = environment::get_environment();
        for name in SECRETS {
            let Some(value) = secret(&name.to_ascii_lowercase()) else { continue };
            all.retain(|(it, _)| it != name);
            all.push((name.to_owned(), value));
        }
        all
    }

    fn get_arguments() -> Vec<String> {
        environment::get_arguments()
    }

    fn initial_cwd() -> Option<String> {
        environment::initial_cwd()
    }
}

/// A variable; `None` where the manifest names none of that name, or it is empty.
fn secret(name: &str) -> Option<String> {
    match variables::get(name) {
        Ok(value) => Some(value).filter(|it| !it.is_empty()),
        Err(Error::Undefined(_) | Error::InvalidName(_)) => None,
        Err(Error::Provider(reason) | Error::Other(reason)) => {
            // A site that starts without its token would end it.
            eprintln!("the variable {name} cannot be read, stopping: {reason}");
            std::process::abort();
        }
    }
}
