//! The crate extism, which stands on another version of wasmtime: a program of its own (`benches/extism`) calls it and
//! says what a call took.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};

/// The program.
#[derive(Debug, Clone)]
pub struct Extism(pub PathBuf);

/// Whether each call has an instance of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instances {
    /// Each call has.
    Fresh,
    /// One serves all.
    Reused,
}

impl Extism {
    /// What a call takes that gives back as many bytes as it gets, in microseconds.
    pub fn echo(&self, instances: Instances, bytes: usize, calls: u32) -> anyhow::Result<f64> {
        let instances = match instances {
            Instances::Fresh => "fresh",
            Instances::Reused => "reused",
        };
        self.figure(&["echo", instances, &bytes.to_string(), &calls.to_string()])
    }

    /// How long after its deadline a guest is stopped that fills 64 MiB and never returns, in milliseconds.
    pub fn stopped_after(&self, limit: Duration) -> anyhow::Result<f64> {
        self.figure(&["stop", &limit.as_millis().to_string()])
    }

    fn figure(&self, arguments: &[&str]) -> anyhow::Result<f64> {
        let mut command = Command::new(&self.0);
        let said = command.args(arguments).stderr(Stdio::inherit()).output();
        let said = said.with_context(|| format!("could not start {}", self.0.display()))?;
        if !said.status.success() {
            bail!("{} {arguments:?} ended with {}", self.0.display(), said.status);
        }
        let text = String::from_utf8(said.stdout).context("extism's program said no text")?;
        text.trim().parse().with_context(|| format!("extism's program said {text:?}"))
    }
}
