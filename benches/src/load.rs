//! The load: as many requests as a server answers, on kept connections.
//!
//! `wrk` where it is installed; else a loader of our own, which is slower and so flatters both sides alike.

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::wire::{Connection, get};

/// Connections at the same time.
pub const CONNECTIONS: usize = 32;

/// What sends requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// The program `wrk`.
    Wrk,
    /// A task per connection in this process.
    Own,
}

/// Where requests go.
#[derive(Debug, Clone)]
pub struct Target {
    /// The server.
    pub address: SocketAddr,
    /// The path.
    pub path: String,
    /// More headers of each request.
    pub headers: Vec<(&'static str, String)>,
}

impl Tool {
    /// `wrk` if there is one.
    #[must_use]
    pub fn find() -> Self {
        let mut ask = Command::new("wrk");
        ask.arg("-v").stdout(Stdio::null()).stderr(Stdio::null());
        if ask.status().is_ok() { Self::Wrk } else { Self::Own }
    }

    /// What the table calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wrk => "wrk",
            Self::Own => "its own loader",
        }
    }

    /// Requests per second over `time`; an answer other than a success is an error.
    pub fn requests_per_second(
        self,
        runtime: &Runtime,
        target: &Target,
        time: Duration,
    ) -> anyhow::Result<f64> {
        let rate = match self {
            Self::Wrk => wrk(target, time),
            Self::Own => runtime.block_on(own(target, time)),
        };
        rate.with_context(|| format!("the load on http://{}{}", target.address, target.path))
    }
}

fn wrk(target: &Target, time: Duration) -> anyhow::Result<f64> {
    let mut command = Command::new("wrk");
    command.args(["-t", "1", "-c", &CONNECTIONS.to_string()]);
    command.arg("-d").arg(format!("{}s", time.as_secs().max(1)));
    for (name, value) in &target.headers {
        command.arg("-H").arg(format!("{name}: {value}"));
    }
    let output = command.arg(format!("http://{}{}", target.address, target.path)).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    if text.contains("Non-2xx") || text.contains("Socket errors") {
        bail!("not every request was answered well: {text}");
    }
    let rate = text.lines().find_map(|line| line.strip_prefix("Requests/sec:"));
    Ok(rate.context("wrk told no rate")?.trim().parse()?)
}

async fn own(target: &Target, time: Duration) -> anyhow::Result<f64> {
    let headers: String =
        target.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let request = get(target.address, &target.path, &headers);
    let begun = Instant::now();
    let mut connections = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (request, address) = (request.clone(), target.address);
        connections.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut answers = 0u32;
            while begun.elapsed() < time {
                connection.exchange(&request).await?.success()?;
                answers += 1;
            }
            anyhow::Ok(answers)
        });
    }
    let mut answers = 0;
    while let Some(done) = connections.join_next().await {
        answers += done??;
    }
    Ok(f64::from(answers) / begun.elapsed().as_secs_f64())
}
