//! `smartcms migrate`.

use smartcms_store_sql::{SqliteSettings, SqliteStore};

use super::say;
use crate::args::Folders;
use crate::compose::DATABASE_NAME;
use crate::failure::{Failure, exit};

/// Applies what is missing, and says what it was.
pub(super) fn migrate(folders: &Folders) -> anyhow::Result<()> {
    let path = folders.data().join(DATABASE_NAME);
    if !path.exists() {
        let message = format!("there is no database {}", path.display());
        let hint = "name the folder with --site or --data; `smartcms serve` makes a new one";
        return Err(Failure::hinted(message, hint, exit::NOT_FOUND));
    }
    let applied = SqliteStore::migrate(&path, &SqliteSettings::default())?;
    match applied.as_slice() {
        [] => say("the database is up to date"),
        names => names.iter().for_each(|name| say(format_args!("applied {name}"))),
    }
    Ok(())
}
