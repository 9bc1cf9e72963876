//! Where this user's cache is.

use std::path::PathBuf;

const NAME: &str = "smartcms";

/// The folder under the user's cache folder that is ours; of the system's temporary folder where there is none.
pub(crate) fn user_cache() -> PathBuf {
    let variable = |name| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let home = || variable("HOME").map(|home| home.join(".cache"));
    variable("XDG_CACHE_HOME").or_else(home).unwrap_or_else(std::env::temp_dir).join(NAME)
}
