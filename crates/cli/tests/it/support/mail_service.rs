//! A service that takes mail over HTTP, on this machine.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

/// A mail that does not come hangs.
const HANG_GUARD: Duration = Duration::from_secs(60);

/// What the site proves with that it is the site.
pub(crate) const KEY: &str = "key-of-the-site";

/// A service that answers from a list, and 200 when it is empty. It ends with the test's process.
pub(crate) struct MailService {
    address: SocketAddr,
    answers: Arc<Mutex<VecDeque<(u16, String)>>>,
    posted: Receiver<Posted>,
}

/// A mail as it was posted.
pub(crate) struct Posted {
    headers: Vec<(String, String)>,
    pub(crate) message: Value,
}

impl MailService {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let answers = Arc::new(Mutex::new(VecDeque::new()));
        let (sender, posted) = channel();
        let shared = Arc::clone(&answers);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // A test that is over listens no more.
                let _ = sender.send(answer(&stream, &shared));
            }
        });
        Self { address, answers, posted }
    }

    /// What the next mail is answered with that no other answer waits for.
    pub(crate) fn will_answer(&self, status: u16, text: &str) {
        self.answers.lock().unwrap().push_back((status, text.to_owned()));
    }

    /// What tells a site to post its mail here.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let url = format!("http://{}/emails", self.address);
        [
            ("SMARTCMS_MAIL_TRANSPORT", "http"),
            ("SMARTCMS_MAIL_HTTP_ADDRESS", &url),
            ("SMARTCMS_MAIL_HTTP_KEY", KEY),
            ("SMARTCMS_MAIL_FROM", "cms@example.com"),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .to_vec()
    }

    /// The same, and that the site may reach it though it is on this machine.
    pub(crate) fn allowed(&self) -> Vec<(String, String)> {
        let exception = ("SMARTCMS_OUTBOUND_ALLOW".to_owned(), self.address.to_string());
        self.variables().into_iter().chain([exception]).collect()
    }

    /// The next mail that is posted, or was.
    #[track_caller]
    pub(crate) fn next(&self) -> Posted {
        self.posted.recv_timeout(HANG_GUARD).expect("no mail was posted")
    }

    /// Whether nothing was posted that was not looked at.
    pub(crate) fn has_nothing(&self) -> bool {
        self.posted.try_recv().is_err()
    }
}

impl Posted {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(it, _)| it == name);
        found.map_or("", |(_, text)| text.as_str())
    }

    /// For whom it is.
    pub(crate) fn to(&self) -> &str {
        self.message["to"][0].as_str().unwrap()
    }
}

fn answer(stream: &TcpStream, answers: &Mutex<VecDeque<(u16, String)>>) -> Posted {
    let (headers, body) = read_request(stream);
    let (status, text) = answers.lock().unwrap().pop_front().unwrap_or((200, "{}".to_owned()));
    let len = text.len();
    let answer =
        format!("HTTP/1.1 {status} \r\nconnection: close\r\ncontent-length: {len}\r\n\r\n{text}");
    let mut stream = stream;
    stream.write_all(answer.as_bytes()).unwrap();
    Posted { headers, message: serde_json::from_slice(&body).unwrap() }
}

/// The headers of a request, in small letters, and its body.
pub(crate) fn read_request(stream: &TcpStream) -> (Vec<(String, String)>, Vec<u8>) {
    let mut reader = BufReader::new(stream);
    let (mut headers, mut line) = (Vec::new(), String::new());
    while reader.read_line(&mut line).is_ok_and(|it| it > 2) {
        if let Some((name, value)) = line.split_once(": ") {
            headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
        line.clear();
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, it)| it.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    (headers, body)
}
