//! A server beside the site, for plugins that send requests: `/` says hello, `/redirect?URL` leads elsewhere.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A server that counts what reaches it. It ends with the test's process.
pub(crate) struct Origin {
    pub(crate) address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl Origin {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let counted = Arc::clone(&counted);
                // A client that goes away early is no failure of the test.
                thread::spawn(move || drop(answer(&stream, &counted)));
            }
        });
        Self { address, requests }
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn answer(stream: &TcpStream, requests: &AtomicUsize) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(()) };
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    requests.fetch_add(1, Ordering::SeqCst);
    let target = first.split(' ').nth(1).unwrap_or_default();
    let head = match target.strip_prefix("/redirect?") {
        Some(url) => format!("302 Found\r\nlocation: {url}"),
        None => "200 OK".to_owned(),
    };
    let mut stream = stream;
    write!(stream, "HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: 6\r\n\r\nhello\n")
}
