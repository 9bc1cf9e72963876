//! A server of the site for a check, and where it can listen.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::{process, report, workshop::Workshop};

/// How long a server may take to begin, and a request to be answered.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How long a server may take to end.
const GRACE: Duration = Duration::from_secs(10);

/// Builds the server to `target/debug`, with the features that the workspace's tests have: what they built is used.
pub(crate) fn build(workshop: &Workshop) -> Result<()> {
    report::slow_step("building the server", 5);
    let build = ["build", "--quiet", "--workspace", "--bin", "smartcms"];
    process::run(&mut process::cargo(workshop.root(), &build))
}

/// A server that is stopped with this value.
pub(crate) struct Server(Child);

impl Server {
    /// Starts a command that serves.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        Ok(Self(command.spawn().context("could not start the server")?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Asked to end first: what it started itself ends with it then. One that has ended cannot be asked.
        let _ = Command::new("kill").arg("-TERM").arg(self.0.id().to_string()).status();
        let begun = Instant::now();
        while matches!(self.0.try_wait(), Ok(None)) && begun.elapsed() < GRACE {
            sleep(LOOK_EVERY);
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An address that nobody listens at. Another program could take it before the server does; then the server says so.
pub(crate) fn free_address() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").context("could not find a free port")?;
    Ok(listener.local_addr()?.to_string())
}

/// Waits until somebody listens.
pub(crate) fn wait_for(address: &str) -> Result<()> {
    let begun = Instant::now();
    while TcpStream::connect(address).is_err() {
        if begun.elapsed() > PATIENCE {
            bail!("nobody listens at {address} after {} s", PATIENCE.as_secs());
        }
        sleep(LOOK_EVERY);
    }
    Ok(())
}

/// The whole answer to a request for a page.
pub(crate) fn get(address: &str, path: &str) -> Result<String> {
    let mut stream =
        TcpStream::connect(address).with_context(|| format!("could not connect to {address}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).context("could not read the answer")?;
    Ok(answer)
}

/// The body of the answer to a request for JSON by somebody with a token; any status but 2xx is an error.
pub(crate) fn get_with(address: &str, path: &str, token: &str) -> Result<String> {
    send(address, &format!("GET {path}"), &format!("Authorization: Bearer {token}\r\n"), "")
}

/// The body of the answer to a request with a JSON body; any status but 2xx is an error.
pub(crate) fn post(address: &str, path: &str, token: &str, body: &str) -> Result<String> {
    let head = format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n");
    send(address, &format!("POST {path}"), &head, body)
}

/// The body of the answer to a form, as browsers send one; any status but 2xx is an error.
pub(crate) fn form(address: &str, path: &str, body: &str) -> Result<String> {
    let head = "Content-Type: application/x-www-form-urlencoded\r\n";
    send(address, &format!("POST {path}"), head, body)
}

fn send(address: &str, what: &str, head: &str, body: &str) -> Result<String> {
    let mut stream =
        TcpStream::connect(address).with_context(|| format!("could not connect to {address}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    write!(
        stream,
        "{what} HTTP/1.1\r\nHost: {address}\r\n{head}Content-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).context("could not read the answer")?;
    let (head, body) = answer.split_once("\r\n\r\n").context("the answer has no body")?;
    if !head.starts_with("HTTP/1.1 2") {
        bail!("{what} was answered with {answer}");
    }
    Ok(body.to_owned())
}
