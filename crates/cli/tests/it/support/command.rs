//! Running the executable to its end.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The executable under test, with an environment of its own.
pub(crate) fn executable() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smartcms"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SMARTCMS_")) {
        command.env_remove(name);
    }
    // What `smartcms run` compiles is kept for other tests, and out of the user's own cache.
    command.env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"));
    command
}

/// Runs the executable in a folder.
#[track_caller]
pub(crate) fn smartcms(folder: &Path, arguments: &[&str]) -> Outcome {
    smartcms_with(folder, arguments, "", &[])
}

/// Runs the executable in a folder, with something on its standard input and variables in its environment.
#[track_caller]
pub(crate) fn smartcms_with(
    folder: &Path,
    arguments: &[&str],
    input: &str,
    variables: &[(&str, &str)],
) -> Outcome {
    let mut child = executable()
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may have closed it already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Outcome {
    /// Asserts success, and gives what was printed.
    #[track_caller]
    pub(crate) fn expect_success(&self) -> &str {
        assert_eq!(self.code, 0, "{self:?}");
        &self.stdout
    }

    /// Asserts success, and reads what was printed.
    #[track_caller]
    pub(crate) fn expect_json(&self) -> Value {
        let text = self.expect_success();
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
    }

    /// Asserts how it failed: with this exit code, an error with all of `words`, and a hint with `hint`.
    #[track_caller]
    pub(crate) fn expect_failure(&self, code: i32, words: &[&str], hint: &str) {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.stderr.lines().any(|it| it.starts_with("error: ")), "{self:?}");
        for word in words {
            assert!(self.stderr.contains(word), "no {word:?} in {}", self.stderr);
        }
        let hinted = self.stderr.lines().find(|it| it.starts_with("hint: ")).unwrap_or_default();
        assert!(hinted.contains(hint), "no {hint:?} in the hint: {}", self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
    }
}
