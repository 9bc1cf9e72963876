//! `smartcms theme`: makes a theme to begin with, and tells what is wrong with one.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use smartcms_pages::{Theme, default_theme_files};

use super::say;
use crate::args::{Folders, ThemeCommand};
use crate::compose::read_theme;
use crate::failure::{Failure, exit};

/// Runs `theme`.
pub(super) fn theme(folders: &Folders, command: ThemeCommand) -> anyhow::Result<()> {
    match command {
        ThemeCommand::New { name } => new(folders, name.as_deref()),
        ThemeCommand::Check { folder } => check(folders, folder),
    }
}

/// Writes the files of the default theme, never over one that is there.
fn new(folders: &Folders, name: Option<&str>) -> anyhow::Result<()> {
    let folder = match name {
        None => folders.site.join("theme"),
        Some(name) => folders.site.join("themes").join(checked(name)?),
    };
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("could not make the folder {}", folder.display()))?;
    // Nothing is written at all where one of them is there.
    if let Some((name, _)) = default_theme_files().find(|(name, _)| folder.join(name).exists()) {
        return Err(there_already(&folder.join(name)));
    }
    for (name, text) in default_theme_files() {
        write_new(&folder.join(name), text)?;
    }
    say(format_args!("made {} with the files of the default theme", folder.display()));
    say("change what should be different and delete the rest: it comes from the default theme");
    say(format_args!("then: smartcms theme check {}", folder.display()));
    Ok(())
}

fn checked(name: &str) -> anyhow::Result<&str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(plain) {
        return Ok(name);
    }
    let message = format!("could not make the theme `{name}`: this is no name of a theme");
    Err(Failure::hinted(message, "use letters, digits, `-` and `_`", exit::INVALID))
}

fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    let failed = || format!("could not write {}", path.display());
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create_new(true).open(path);
    if matches!(&file, Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists) {
        return Err(there_already(path));
    }
    file.with_context(failed)?.write_all(text.as_bytes()).with_context(failed)
}

fn there_already(path: &Path) -> anyhow::Error {
    let message = format!("{} is there already", path.display());
    Failure::hinted(message, "choose another name for the theme", exit::CONFLICT)
}

/// Renders every template with the samples of its context.
fn check(folders: &Folders, folder: Option<PathBuf>) -> anyhow::Result<()> {
    let folder = folder.unwrap_or_else(|| folders.site.join("theme"));
    if !folder.is_dir() {
        let message = format!("there is no theme in {}", folder.display());
        let hint = "make one with `smartcms theme new`";
        return Err(Failure::hinted(message, hint, exit::NOT_FOUND));
    }
    let files = read_theme(&folder)?;
    let own = files.len();
    if let Err(error) = Theme::from_files(files) {
        let message = format!("{}: {error}", folder.display());
        let hint = "docs/themes.md lists what each template is given";
        return Err(Failure::hinted(message, hint, exit::INVALID));
    }
    say(format_args!(
        "{}: {own} files, no mistakes; every template shows its samples",
        folder.display()
    ));
    Ok(())
}
