//! As much of HTTP/1.1 as a load needs: one request at a time on a kept connection.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A kept connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer as it came.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The head, from the status line to before the empty line.
    pub head: String,
    /// The body, without its framing.
    pub body: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("could not connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads its whole answer.
    pub async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.write_all(request).await?;
        let head_len = self.fill_until(0, b"\r\n\r\n").await?;
        let text = self.buffer.get(..head_len).unwrap_or_default();
        let head = std::str::from_utf8(text).context("the head is not text")?.to_owned();
        let status = head.get(9..12).and_then(|it| it.parse().ok()).context("no status")?;
        let start = head_len + 4;
        let (body, end) = match header(&head, "content-length") {
            Some(length) => self.sized(start, length.parse()?).await?,
            None if header(&head, "transfer-encoding").is_some() => self.chunked(start).await?,
            None => (Vec::new(), start),
        };
        self.buffer.drain(..end);
        Ok(Answer { status, head, body })
    }

    async fn sized(&mut self, start: usize, length: usize) -> anyhow::Result<(Vec<u8>, usize)> {
        let end = start + length;
        while self.buffer.len() < end {
            self.read_more().await?;
        }
        Ok((self.buffer.get(start..end).unwrap_or_default().to_vec(), end))
    }

    async fn chunked(&mut self, start: usize) -> anyhow::Result<(Vec<u8>, usize)> {
        let (mut body, mut at) = (Vec::new(), start);
        loop {
            let line_end = self.fill_until(at, b"\r\n").await?;
            let line = std::str::from_utf8(self.buffer.get(at..line_end).unwrap_or_default())?;
            let length = usize::from_str_radix(line.trim(), 16).context("no length of a chunk")?;
            let (chunk, end) = self.sized(line_end + 2, length + 2).await?;
            if length == 0 {
                return Ok((body, end));
            }
            body.extend(chunk.get(..length).unwrap_or_default());
            at = end;
        }
    }

    /// Reads until `pattern` comes at or after `from`; where it begins.
    async fn fill_until(&mut self, from: usize, pattern: &[u8]) -> anyhow::Result<usize> {
        loop {
            let new = self.buffer.get(from..).unwrap_or_default();
            if let Some(at) = new.windows(pattern.len()).position(|it| it == pattern) {
                return Ok(from + at);
            }
            self.read_more().await?;
        }
    }

    async fn read_more(&mut self) -> anyhow::Result<()> {
        if self.buffer.len() > ANSWER_BYTES_MAX {
            bail!("the answer is longer than {ANSWER_BYTES_MAX} bytes");
        }
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the connection ended before the answer did");
        }
        Ok(())
    }
}

impl Answer {
    /// A header of the answer.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    /// The answer itself, when it is a success.
    pub fn success(self) -> anyhow::Result<Self> {
        if self.status / 100 != 2 {
            bail!("answered {}: {}", self.status, String::from_utf8_lossy(&self.body));
        }
        Ok(self)
    }
}

/// One request on a connection of its own.
pub async fn fetch(address: SocketAddr, path: &str, headers: &str) -> anyhow::Result<Answer> {
    let request = get(address, path, headers);
    Connection::open(address).await?.exchange(&request).await
}

/// The bytes of a `GET`; `headers` are whole lines.
#[must_use]
pub fn get(address: SocketAddr, path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n{headers}\r\n").into_bytes()
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    lines.find(|(it, _)| it.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
