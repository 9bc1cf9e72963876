//! Servers under load, each a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, anyhow};

/// How long a server may take until it says where it listens: the first start compiles plugins.
const START_TIME_MAX: Duration = Duration::from_secs(300);

/// A running server; it ends when this is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts a command that says `http://ADDRESS` on either of its outputs.
    pub fn start(command: &mut Command) -> anyhow::Result<Self> {
        let shown = format!("{command:?}");
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start {shown}"))?;
        let (sender, lines) = mpsc::channel();
        if let Some(pipe) = child.stdout.take() {
            forward(pipe, sender.clone());
        }
        if let Some(pipe) = child.stderr.take() {
            forward(pipe, sender);
        }
        let mut said = Vec::new();
        while let Ok(line) = lines.recv_timeout(START_TIME_MAX) {
            if let Some(address) = address_in(&line) {
                return Ok(Self { child, address });
            }
            said.push(line);
        }
        let _ = child.kill();
        let _ = child.wait();
        Err(anyhow!("{shown} did not say where it listens, but: {}", said.join("\n")))
    }

    /// The bare hyper server, which answers everything with the answer in a file.
    pub fn bare(answer: &Path) -> anyhow::Result<Self> {
        let this = std::env::current_exe().context("could not find this program's own file")?;
        Self::start(Command::new(this).arg("bare").arg(answer))
    }

    /// `wasmtime serve`, with its defaults but for `arguments`.
    pub fn wasmtime(program: &Path, arguments: &[&str], file: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(program);
        command.args(["serve", "--addr", "127.0.0.1:0"]).args(arguments).arg(file);
        Self::start(&mut command)
    }

    /// The process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended cannot be killed, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Empties a pipe to its end, so that its writer never waits.
fn forward(pipe: impl Read + Send + 'static, sender: mpsc::Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            // Once the address is known nobody listens any more.
            let _ = sender.send(line);
        }
    });
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line
        .split_once("listening on http://")
        .or_else(|| line.strip_prefix("Serving HTTP on http://").map(|rest| ("", rest)))?;
    rest.split(['/', ' ', '"']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::address_in;

    #[test]
    fn servers_say_where_they_listen_in_their_own_words() {
        for line in ["listening on http://127.0.0.1:80", "Serving HTTP on http://127.0.0.1:80/"] {
            assert_eq!(address_in(line).unwrap().port(), 80, "{line}");
        }
        assert_eq!(address_in("the plugins were loaded"), None);
    }
}
