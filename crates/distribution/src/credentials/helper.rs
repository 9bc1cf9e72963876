//! Helpers of Docker's: programs that keep credentials, asked by name over standard input and output.

use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use super::CredentialError;

/// How long a helper may take: it may have to ask a person.
pub(super) const HELPER_TIME_MAX: Duration = Duration::from_secs(60);
/// The most that a helper may say, in bytes.
const OUTPUT_BYTES_MAX: u64 = 64 * 1024;
/// What the protocol says when there is nothing.
const NOT_FOUND: &str = "credentials not found";

/// What a helper answers.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Found {
    pub(super) username: String,
    pub(super) secret: String,
}

/// Asks `docker-credential-NAME` for a registry; `None` when it has nothing.
pub(super) async fn ask(
    name: &str,
    registry: &str,
    time_max: Duration,
) -> Result<Option<Found>, CredentialError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || !name.chars().all(plain) {
        return Err(CredentialError::HelperName(name.chars().take(100).collect()));
    }
    let program = format!("docker-credential-{name}");
    let failed = |reason: String| CredentialError::Helper {
        program: program.clone(),
        registry: registry.to_owned(),
        reason,
    };
    let mut child = Command::new(&program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let exchange = tokio::time::timeout(time_max, exchange(&mut child, registry)).await;
    let timed_out = |_| CredentialError::HelperTimedOut { program: program.clone(), time_max };
    let (succeeded, output) =
        exchange.map_err(timed_out)?.map_err(|error| failed(error.to_string()))?;
    if output.len() as u64 > OUTPUT_BYTES_MAX {
        return Err(failed(format!("it said more than {OUTPUT_BYTES_MAX} bytes")));
    }
    if !succeeded {
        let said = String::from_utf8_lossy(&output);
        return match said.contains(NOT_FOUND) {
            true => Ok(None),
            // What it said is not passed on: nobody knows that it holds no secret.
            false => Err(failed("it ended with a failure".to_owned())),
        };
    }
    let found = serde_json::from_slice(&output);
    found.map(Some).map_err(|_| failed("it did not answer with credentials".to_owned()))
}

/// Tells the registry, reads the answer to its end or its limit, and waits.
async fn exchange(child: &mut Child, registry: &str) -> std::io::Result<(bool, Vec<u8>)> {
    if let Some(mut input) = child.stdin.take() {
        // A helper that needs no question may have closed its input.
        let _ = input.write_all(registry.as_bytes()).await;
    }
    let mut output = Vec::new();
    if let Some(pipe) = child.stdout.take() {
        pipe.take(OUTPUT_BYTES_MAX + 1).read_to_end(&mut output).await?;
    }
    if output.len() as u64 > OUTPUT_BYTES_MAX {
        child.kill().await?;
        return Ok((false, output));
    }
    Ok((child.wait().await?.success(), output))
}
