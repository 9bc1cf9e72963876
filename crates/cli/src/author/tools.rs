//! Running the tools of the languages.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::files::write_if_changed;
use super::kit;
use crate::failure::{Failure, exit};
use crate::user_cache::user_cache;

/// Where the tools that this program installs are kept, for all projects of a user.
pub(crate) const FOLDER_VARIABLE: &str = "SMARTCMS_TOOLS";

/// A command in a folder. What the caller's own cargo said is not for the tools.
pub(super) fn command(program: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    for name in ["CARGO", "CARGO_MANIFEST_DIR", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(name);
    }
    command
}

/// Runs a tool to its end; what it says goes to standard error, so that our own output stays readable by programs.
pub(super) fn run(command: &mut Command, install: &str) -> anyhow::Result<()> {
    command.stdout(io::stderr());
    let status = command.status().map_err(|error| not_started(command, &error, install))?;
    if status.success() { Ok(()) } else { Err(failed(command)) }
}

/// Runs a tool and gives what it printed.
pub(super) fn output(command: &mut Command, install: &str) -> anyhow::Result<String> {
    command.stderr(Stdio::inherit());
    let output = command.output().map_err(|error| not_started(command, &error, install))?;
    if !output.status.success() {
        return Err(failed(command));
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` printed what is no text", shown(command)))
}

/// Where this program keeps tools that it installs: `SMARTCMS_TOOLS`, or a folder of the user's cache.
fn folder(name: &str) -> PathBuf {
    let chosen = std::env::var_os(FOLDER_VARIABLE).filter(|it| !it.is_empty());
    let tools = chosen.map_or_else(|| user_cache().join("tools"), PathBuf::from);
    tools.join(name)
}

/// That tools were installed, for whoever has to say so.
pub(super) struct Installed;

/// The folder of tools that are installed once for all projects, made by `install` where they are not there yet.
///
/// The folder's name holds a hash of the `files` (of this executable) that say what is installed: another version has
/// another folder, and what failed half way is not taken for done. Of two builds at once one installs, and the other waits.
pub(super) fn installed(
    name: &str,
    files: &[&str],
    install: impl FnOnce(&Path) -> anyhow::Result<Installed>,
) -> anyhow::Result<PathBuf> {
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(kit::file(file)?);
    }
    let hash: String = hasher.finalize().iter().take(6).map(|it| format!("{it:02x}")).collect();
    let folder = folder(&format!("{name}-{hash}"));
    let done = folder.join("installed");
    if done.is_file() {
        return Ok(folder);
    }
    let _lock = locked(&folder)?;
    if done.is_file() {
        return Ok(folder);
    }
    for file in files {
        let name = file.rsplit('/').next().unwrap_or(file);
        write_if_changed(&folder.join(name), kit::file(file)?)?;
    }
    let Installed = install(&folder)?;
    write_if_changed(&done, "")?;
    Ok(folder)
}

/// Keeps others from the folder until it is dropped, also by the end of this process.
fn locked(folder: &Path) -> anyhow::Result<File> {
    let path = folder.with_extension("lock");
    let lock = || {
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        let file = File::create(&path)?;
        file.lock()?;
        Ok::<_, io::Error>(file)
    };
    lock().with_context(|| format!("could not lock {}", path.display()))
}

/// Says what is being done, for the person who waits.
#[expect(clippy::print_stderr, reason = "this is where the command line speaks")]
pub(super) fn note(text: impl std::fmt::Display) {
    eprintln!("{text}");
}

fn failed(command: &Command) -> anyhow::Error {
    let hint = "what it said stands above";
    Failure::hinted(format!("`{}` failed", shown(command)), hint, exit::FAILED)
}

fn not_started(command: &Command, error: &io::Error, install: &str) -> anyhow::Error {
    let program = command.get_program().to_string_lossy();
    Failure::hinted(format!("could not run `{program}`: {error}"), install, exit::NOT_FOUND)
}

/// The command as a person would type it, its longest arguments cut.
fn shown(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}
