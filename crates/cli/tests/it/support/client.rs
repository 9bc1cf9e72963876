//! A small HTTP/1.1 client on one kept connection. It tells a body that was cut from one that is whole, which is
//! what these tests are about.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// A test that waits longer than this hangs.
const HANG_GUARD: Duration = Duration::from_secs(100);

/// A connection to a server.
pub(crate) struct Client {
    address: SocketAddr,
    token: Option<String>,
    stream: Option<BufReader<TcpStream>>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the connection ended before the body did.
    pub(crate) cut: bool,
}

/// A request, before it is sent.
pub(crate) struct Request<'a> {
    method: &'a str,
    path: &'a str,
    headers: Vec<(&'a str, String)>,
    body: Vec<u8>,
}

impl<'a> Request<'a> {
    pub(crate) fn new(method: &'a str, path: &'a str) -> Self {
        Self { method, path, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn header(mut self, name: &'a str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn bytes(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self
    }

    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.body = body.to_string().into_bytes();
        self.header("content-type", "application/json")
    }
}

impl Client {
    /// A reader without credentials.
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, token: None, stream: None }
    }

    /// Sends a token with every request.
    pub(crate) fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    #[track_caller]
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.expect(Request::new("GET", path))
    }

    #[track_caller]
    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.expect(Request::new("POST", path).json(body))
    }

    /// Sends a request that must be answered, however.
    #[track_caller]
    pub(crate) fn expect(&mut self, request: Request<'_>) -> Answer {
        let what = format!("{} {}", request.method, request.path);
        self.send(request).unwrap_or_else(|error| panic!("{what} was not answered: {error}"))
    }

    /// Sends a request; an error is a connection that gave no whole head of an answer.
    pub(crate) fn send(&mut self, request: Request<'_>) -> io::Result<Answer> {
        let outcome = self.exchange(request);
        match &outcome {
            Ok(answer) if !answer.cut && answer.header("connection") != Some("close") => {}
            _ => self.stream = None,
        }
        outcome
    }

    fn exchange(&mut self, request: Request<'_>) -> io::Result<Answer> {
        let head = self.head(&request);
        let stream = match &mut self.stream {
            Some(stream) => stream,
            None => self.stream.insert(connect(self.address)?),
        };
        stream.get_mut().write_all(&[head.into_bytes(), request.body].concat())?;
        read_answer(stream, request.method == "HEAD")
    }

    fn head(&self, request: &Request<'_>) -> String {
        let mut head =
            format!("{} {} HTTP/1.1\r\nhost: {}\r\n", request.method, request.path, self.address);
        if let Some(token) = &self.token {
            head.push_str(&format!("authorization: Bearer {token}\r\n"));
        }
        for (name, value) in &request.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if request.method != "GET" {
            head.push_str(&format!("content-length: {}\r\n", request.body.len()));
        }
        head + "\r\n"
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Names and values of the cookies that are set, as a browser sends them back.
    pub(crate) fn cookies(&self) -> Vec<&str> {
        let set = self.headers.iter().filter(|(name, _)| name == "set-cookie");
        set.filter_map(|(_, value)| value.split(';').next()).collect()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {self}"))
    }

    /// The code of a problem document; empty in any other answer.
    pub(crate) fn code(&self) -> String {
        if self.header("content-type").is_none_or(|it| !it.starts_with("application/problem+json"))
        {
            return String::new();
        }
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub(crate) fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text: String = self.text().chars().take(600).collect();
        let cut = if self.cut { " (cut)" } else { "" };
        write!(f, "{}{cut}, {} bytes: {text}", self.status, self.body.len())
    }
}

/// A connection that gives up rather than hang.
pub(crate) fn connect(address: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(HANG_GUARD))?;
    stream.set_write_timeout(Some(HANG_GUARD))?;
    Ok(BufReader::new(stream))
}

/// Reads one answer; `bodyless` for one to a request that wants no body.
pub(crate) fn read_answer(stream: &mut BufReader<TcpStream>, bodyless: bool) -> io::Result<Answer> {
    let status_line = read_line(stream)?;
    let status = status_line.split(' ').nth(1).and_then(|it| it.parse().ok());
    let status =
        status.ok_or_else(|| io::Error::other(format!("no status line: {status_line:?}")))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(stream)?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut answer = Answer { status, headers, body: Vec::new(), cut: false };
    if !bodyless && !matches!(status, 100..200 | 204 | 304) {
        answer.cut = read_body(stream, &mut answer).is_err();
    }
    Ok(answer)
}

fn read_body(stream: &mut BufReader<TcpStream>, answer: &mut Answer) -> io::Result<()> {
    if answer.header("transfer-encoding") == Some("chunked") {
        return read_chunks(stream, &mut answer.body);
    }
    match answer.header("content-length").and_then(|it| it.parse::<u64>().ok()) {
        Some(length) => read_exactly(stream, length, &mut answer.body),
        None => stream.read_to_end(&mut answer.body).map(drop),
    }
}

fn read_chunks(stream: &mut BufReader<TcpStream>, body: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let line = read_line(stream)?;
        let size = u64::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16);
        let size = size.map_err(|_| io::Error::other(format!("no size of a chunk: {line:?}")))?;
        read_exactly(stream, size, body)?;
        read_line(stream)?;
        if size == 0 {
            return Ok(());
        }
    }
}

/// Keeps what came even when not all of it does.
fn read_exactly(
    stream: &mut BufReader<TcpStream>,
    length: u64,
    body: &mut Vec<u8>,
) -> io::Result<()> {
    let read = stream.take(length).read_to_end(body)?;
    if read as u64 == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn read_line(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
