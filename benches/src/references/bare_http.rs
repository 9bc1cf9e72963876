//! A hyper server that answers everything with one answer.
//!
//! It listens as `smartcms serve` does: the same runtime, the same options of the connection, the same headers and body.
//! What it lacks is everything between a request and its answer.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{DATE, HeaderMap, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use crate::wire::Answer;

/// As the server has it.
const HEADER_TIME_MAX: Duration = Duration::from_secs(10);
/// As the server has it.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// What is answered.
#[derive(Clone)]
struct Canned {
    headers: HeaderMap,
    body: Bytes,
}

/// Keeps an answer for [`serve`].
pub fn keep(answer: &Answer, file: &Path) -> anyhow::Result<()> {
    let bytes = [answer.head.as_bytes(), b"\r\n\r\n", &answer.body].concat();
    std::fs::write(file, bytes).with_context(|| format!("could not write {}", file.display()))
}

/// Answers with what is kept in a file until the process is ended.
pub fn serve(file: &Path) -> anyhow::Result<()> {
    let canned = read(file).with_context(|| format!("could not read {}", file.display()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(accept(canned))
}

async fn accept(canned: Canned) -> anyhow::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    announce(&format!("listening on http://{}", listener.local_addr()?));
    loop {
        let (stream, _) = listener.accept().await?;
        spawn(stream, canned.clone());
    }
}

fn spawn(stream: TcpStream, canned: Canned) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |_: Request<Incoming>| {
        let mut response = Response::new(Full::new(canned.body.clone()));
        response.headers_mut().clone_from(&canned.headers);
        async move { Ok::<_, Infallible>(response) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(stream), service);
    tokio::spawn(connection);
}

fn read(file: &Path) -> anyhow::Result<Canned> {
    let bytes = std::fs::read(file)?;
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n").context("it has no head")?;
    let head = std::str::from_utf8(bytes.get(..end).unwrap_or_default())?;
    let mut headers = HeaderMap::new();
    for (name, value) in head.lines().skip(1).filter_map(|line| line.split_once(':')) {
        headers.append(HeaderName::try_from(name.trim())?, HeaderValue::try_from(value.trim())?);
    }
    // The server adds its own.
    headers.remove(DATE);
    let body = Bytes::copy_from_slice(bytes.get(end + 4..).unwrap_or_default());
    Ok(Canned { headers, body })
}

#[expect(clippy::print_stdout, reason = "whoever started this process reads the address here")]
fn announce(line: &str) {
    println!("{line}");
}
