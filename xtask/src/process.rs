//! Running other programs.

use std::{
    ffi::OsStr,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

const WAIT_STEP: Duration = Duration::from_millis(100);

/// A command in `folder`.
pub(crate) fn command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    command
}

/// What cargo told this program about itself. Build scripts that watch these would run again, and all that stands on them.
const OF_THIS_PROGRAM: [&str; 6] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_PKG_NAME",
    "CARGO_PKG_VERSION_MAJOR",
    "CARGO_PKG_VERSION_MINOR",
    "CARGO_PKG_VERSION_PATCH",
    "CARGO_PKG_VERSION_PRE",
];

/// `cargo` with `arguments` in `folder`.
pub(crate) fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = command("cargo", folder);
    command.args(arguments);
    for name in OF_THIS_PROGRAM {
        command.env_remove(name);
    }
    command
}

/// Runs to the end; an exit status other than zero is an error that shows the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status =
        command.status().with_context(|| format!("could not start `{}`", shown(command)))?;
    require_success(command, status)
}

/// Like [`run`], but stops the program after `limit`.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    let mut child =
        command.spawn().with_context(|| format!("could not start `{}`", shown(command)))?;
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return require_success(command, status);
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            bail!("`{}` did not end within {} s", shown(command), limit.as_secs());
        }
        sleep(WAIT_STEP);
    }
}

/// The standard output of a program that must succeed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not start `{}`", shown(command)))?;
    require_success(command, output.status)?;
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` printed bytes that are not UTF-8", shown(command)))
}

/// The trimmed standard output, or `None` when the program is missing or fails.
pub(crate) fn probe(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// The command as a person would type it.
fn shown(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

fn require_success(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_command_is_shown_with_its_status() {
        let error = run(command("sh", Path::new(".")).args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(error.to_string(), "`sh -c exit 3` failed (exit status: 3)");
    }

    #[test]
    fn a_command_that_hangs_is_stopped_at_its_limit() {
        let mut hang = command("sleep", Path::new("."));
        let error = run_within(hang.arg("600"), Duration::from_millis(1)).unwrap_err();
        assert!(error.to_string().contains("did not end"));
    }

    #[test]
    fn a_missing_program_probes_as_absent() {
        assert_eq!(probe(&mut command("no-such-program-here", Path::new("."))), None);
    }
}
