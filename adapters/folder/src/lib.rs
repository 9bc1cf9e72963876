//! Keys in a folder that the host preopens: for `wasmtime serve`, whose key-value store keeps nothing.
//!
//! The folder is `/data`, or what the variable `SMARTCMS_HOST_FOLDER` says. In it:
//!
//! - `values/SPACE/REST`: a value; SPACE is the first part of its key, and REST the others with dots between them;
//! - `heads/KEY/NUMBER`: the versions of a head, of which the highest counts. A version is written whole under another name
//!   and then linked: the link fails where there is one with its number, so of two who swap one is refused;
//! - `heads/KEY/NUMBER-CHANCE`: that other name, which stays until a later version was seen by anybody;
//! - `locks/NAME`: who writes; too old a one is taken away;
//! - `writing/NAME`: what is not whole yet, and what a process that ended in between left.

mod files;
mod heads;
mod locks;
mod there;

use std::path::PathBuf;
use std::sync::OnceLock;

wit_bindgen::generate!({ world: "adapter", path: "../../wit/portable" });

use exports::smartcms::portable::storage::{Failure, Guest, Head, KeyPage};

struct Folder;

export!(Folder);

/// Where everything is.
pub(crate) fn root() -> &'static PathBuf {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        PathBuf::from(std::env::var("SMARTCMS_HOST_FOLDER").unwrap_or_else(|_| "/data".to_owned()))
    })
}

/// A failure that says what was tried. The text is made where there is one: most calls have none, and each request is a call.
pub(crate) fn failed(action: &str, key: &str) -> impl FnOnce(std::io::Error) -> Failure {
    move |error| {
        let folder = root().display();
        let reason = format!("could not {action} {key} in the folder {folder}: {error}");
        Failure { is_passing: false, reason }
    }
}

impl Guest for Folder {
    fn get(key: String) -> Result<Option<Vec<u8>>, Failure> {
        files::get(&key).map_err(failed("read", &key))
    }

    fn set(key: String, value: Vec<u8>) -> Result<(), Failure> {
        files::set(&key, &value).map_err(failed("store", &key))
    }

    fn delete(key: String) -> Result<(), Failure> {
        files::delete(&key).map_err(failed("delete", &key))
    }

    fn list_keys(_: Option<String>) -> Result<KeyPage, Failure> {
        let keys = files::list().map_err(failed("list", "the keys"))?;
        Ok(KeyPage { keys, cursor: None })
    }

    fn get_head(key: String) -> Result<Option<Head>, Failure> {
        heads::get(&key).map_err(failed("read", &key))
    }

    fn is_head(key: String, version: String) -> Result<bool, Failure> {
        heads::is_newest(&key, &version).map_err(failed("look at", &key))
    }

    fn swap_head(
        key: String,
        seen: Option<String>,
        value: Vec<u8>,
    ) -> Result<Option<String>, Failure> {
        heads::swap(&key, seen.as_deref(), &value).map_err(failed("replace", &key))
    }

    fn try_lock(name: String, milliseconds: u32) -> Result<bool, Failure> {
        locks::try_lock(&name, milliseconds).map_err(failed("lock", &name))
    }

    fn unlock(name: String) -> Result<(), Failure> {
        locks::unlock(&name).map_err(failed("unlock", &name))
    }
}
