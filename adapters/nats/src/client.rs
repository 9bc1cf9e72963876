//! As much of NATS as a request and its answer need: <https://docs.nats.io/reference/reference-protocols/nats-protocol>.

use crate::address::Address;
use crate::socket::Socket;

/// The largest message that is taken: a value, or a list of keys.
const MESSAGE_LEN_MAX: usize = 32 * 1024 * 1024;

/// A connection to a server, on which one request is under way at a time.
pub(crate) struct Client {
    socket: Socket,
    /// What answers are sent to, with the number of the request behind it.
    inbox: String,
    requests: u64,
}

/// An answer.
pub(crate) struct Message {
    /// What the server says instead of an answer: 404 where nothing is stored, 503 where nobody answers.
    pub(crate) status: Option<u16>,
    pub(crate) payload: Vec<u8>,
}

/// What the server sends by itself, or in between.
enum Sent {
    Message { subject: String, message: Message },
    Ping,
    Pong,
    Refused(String),
    Other,
}

impl Client {
    pub(crate) fn connect(address: &Address, name: u64) -> Result<Self, String> {
        let mut socket = Socket::connect(&address.host, address.port)?;
        let greeting = socket.line()?;
        if !greeting.starts_with("INFO ") {
            return Err(format!("it is no server of NATS: it says {greeting:?}"));
        }
        let inbox = format!("_INBOX.{name:016x}.");
        let token = address.token.as_ref().map(|it| format!(",\"auth_token\":{}", quoted(it)));
        let connect = format!(
            "CONNECT {{\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true,\
             \"lang\":\"rust\",\"version\":\"0\",\"name\":\"smartcms\"{}}}\r\nSUB {inbox}* 1\r\nPING\r\n",
            token.unwrap_or_default()
        );
        socket.write(connect.as_bytes())?;
        let mut client = Self { socket, inbox, requests: 0 };
        loop {
            // The answer to the PING: what came before it was taken.
            match client.next()? {
                Sent::Ping => client.socket.write(b"PONG\r\n")?,
                Sent::Refused(reason) => {
                    return Err(format!("it refused the connection: {reason}"));
                }
                Sent::Pong => return Ok(client),
                Sent::Message { .. } | Sent::Other => {}
            }
        }
    }

    /// Sends a message, and waits for what answers it.
    pub(crate) fn request(
        &mut self,
        subject: &str,
        headers: &[(&str, String)],
        payload: &[u8],
    ) -> Result<Message, String> {
        self.socket.begin();
        self.requests += 1;
        let reply = format!("{}{}", self.inbox, self.requests);
        let mut bytes = if headers.is_empty() {
            format!("PUB {subject} {reply} {}\r\n", payload.len())
        } else {
            let lines: String =
                headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            let head = format!("NATS/1.0\r\n{lines}\r\n");
            let (len, all) = (head.len(), head.len() + payload.len());
            format!("HPUB {subject} {reply} {len} {all}\r\n{head}")
        }
        .into_bytes();
        bytes.extend_from_slice(payload);
        bytes.extend_from_slice(b"\r\n");
        self.socket.write(&bytes)?;
        loop {
            match self.next()? {
                Sent::Message { subject, message } if subject == reply => return Ok(message),
                Sent::Ping => self.socket.write(b"PONG\r\n")?,
                Sent::Refused(reason) => return Err(format!("it refused {subject}: {reason}")),
                // An answer that came too late for its request.
                Sent::Message { .. } | Sent::Pong | Sent::Other => {}
            }
        }
    }

    fn next(&mut self) -> Result<Sent, String> {
        let line = self.socket.line()?;
        let mut words = line.split_ascii_whitespace();
        let verb = words.next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "PING" => Ok(Sent::Ping),
            "PONG" => Ok(Sent::Pong),
            "-ERR" => Ok(Sent::Refused(line)),
            "MSG" | "HMSG" => {
                let words: Vec<&str> = words.collect();
                let len = |it: Option<&&str>| it.and_then(|it| it.parse::<usize>().ok());
                let (Some(subject), Some(all)) = (words.first(), len(words.last())) else {
                    return Err(format!("it sent {line:?}"));
                };
                let before = words.len().checked_sub(2).and_then(|it| words.get(it));
                let head = if verb == "HMSG" { len(before).unwrap_or_default() } else { 0 };
                if all > MESSAGE_LEN_MAX || head > all {
                    return Err(format!("it sent {line:?}, which is longer than any answer"));
                }
                let mut payload = self.socket.bytes(all)?;
                self.socket.bytes(2)?;
                let head: Vec<u8> = payload.drain(..head).collect();
                let message = Message { status: status(&head), payload };
                Ok(Sent::Message { subject: (*subject).to_owned(), message })
            }
            _ => Ok(Sent::Other),
        }
    }
}

/// The status in the first line of headers: `NATS/1.0 404 Message Not Found`.
fn status(head: &[u8]) -> Option<u16> {
    let line = head.split(|it| *it == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?;
    line.strip_prefix("NATS/1.0 ")?.split(' ').next()?.parse().ok()
}

/// A text in JSON. Control characters have no place in a token.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
