//! Outgoing requests against a server on this machine.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Empty, Full};
use smartcms_app::ports::{NoNeuralModels, PluginLog as _};
use smartcms_testkit::builders::{grants, plugin};
use smartcms_testkit::{FixedClock, MemoryStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wasmtime_wasi_http::{Error, WasiBody, WasiHttpHooks};

use super::send::Sent;
use super::{Network, Outbound, OutboundLimits, Resolver};
use crate::capabilities::output::{GuestLog, LogLimits};
use crate::limits::PluginLimits;
use crate::state::{GuestProfile, Services};

/// A server that counts its connections.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

/// Says that every name is this machine, and counts how often it is asked.
#[derive(Default)]
struct ThisMachine(AtomicUsize);

struct Guest {
    outbound: Outbound,
    store: Arc<MemoryStore>,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(answer(stream));
            }
        });
        Self { address, connections }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn answer(mut stream: TcpStream) {
    let mut head = vec![0; 4096];
    let read = stream.read(&mut head).await.unwrap_or(0);
    let head = String::from_utf8_lossy(&head[..read]).into_owned();
    let answer: &[u8] = match head.split(' ').nth(1) {
        Some("/hello") => b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        Some("/moved") => {
            b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n"
        }
        Some("/large") => b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n",
        Some("/endless") => b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        _ => b"",
    };
    let _ = stream.write_all(answer).await;
    // Held open: what ends an exchange that hangs must be the limit.
    let _ = stream.read(&mut [0; 1]).await;
    std::future::pending::<()>().await;
}

#[async_trait]
impl Resolver for ThisMachine {
    async fn resolve(&self, _: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(vec![SocketAddr::new([127, 0, 0, 1].into(), port)])
    }
}

impl Guest {
    fn new(granted: &[&str], limits: OutboundLimits) -> Self {
        Self::with(granted, limits, Arc::new(ThisMachine::default()))
    }

    fn with(granted: &[&str], limits: OutboundLimits, resolver: Arc<dyn Resolver>) -> Self {
        let store = Arc::new(MemoryStore::default());
        let log = GuestLog::new(
            plugin("demo"),
            LogLimits::default(),
            store.clone(),
            Arc::new(FixedClock::default()),
        );
        let services = Services {
            keys: None,
            app: Arc::default(),
            network: Network::new(resolver, &[]).unwrap(),
            models: Arc::new(NoNeuralModels),
            folder_root: "/nowhere".into(),
            protected_folders: Vec::new(),
        };
        let limits = PluginLimits { outbound: limits, ..PluginLimits::default() };
        let call = log.call();
        let profile =
            Arc::new(GuestProfile::new(plugin("demo"), grants(granted), limits, log, services));
        let outbound = Outbound::new(profile, call, Instant::now() + Duration::from_secs(10));
        Self { outbound, store }
    }

    async fn get(&mut self, uri: &str) -> Result<Sent, Error> {
        let body = Empty::<Bytes>::new().map_err(|never| match never {}).boxed_unsync();
        self.send(uri, body).await
    }

    async fn send(&mut self, uri: &str, body: WasiBody) -> Result<Sent, Error> {
        let request = Request::builder().uri(uri).body(body).unwrap();
        Box::into_pin(self.outbound.send_request(request, None, Box::new(async { Ok(()) }))).await
    }

    async fn log(&self) -> String {
        let lines = self.store.newest(&plugin("demo"), 100).await.unwrap();
        lines.into_iter().map(|it| it.text).collect::<Vec<_>>().join("\n")
    }
}

fn limits() -> OutboundLimits {
    OutboundLimits {
        requests_max: 2,
        connect_timeout: Duration::from_millis(200),
        request_timeout: Duration::from_millis(300),
        request_body_bytes_max: 10,
        response_body_bytes_max: 10,
    }
}

#[tokio::test]
async fn a_granted_address_is_reached() {
    let server = Server::start().await;
    let mut guest = Guest::new(&[&format!("http={}", server.address)], limits());
    let (response, _io) = guest.get(&format!("http://{}/hello", server.address)).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "hello");
}

#[tokio::test]
async fn what_is_not_granted_is_never_connected_to_and_the_log_says_what_would_allow_it() {
    let server = Server::start().await;
    let mut guest = Guest::new(&["http=other.test:80"], limits());
    let uri = format!("http://{}/hello", server.address);
    assert!(matches!(guest.get(&uri).await.err(), Some(Error::HttpRequestDenied)));
    assert_eq!(server.connections(), 0);
    let advice = format!("`smartcms plugin grant demo http={}`", server.address);
    assert!(guest.log().await.contains(&advice), "{}", guest.log().await);
}

#[tokio::test]
async fn a_granted_name_that_leads_to_this_machine_is_refused_after_one_look() {
    let server = Server::start().await;
    let port = server.address.port();
    let resolver = Arc::new(ThisMachine::default());
    let mut guest = Guest::with(&[&format!("http=name.test:{port}")], limits(), resolver.clone());
    let refused = guest.get(&format!("http://name.test:{port}/hello")).await.err();
    assert!(matches!(refused, Some(Error::DestinationIpProhibited)), "{refused:?}");
    assert_eq!((server.connections(), resolver.0.load(Ordering::SeqCst)), (0, 1));
    assert!(
        guest.log().await.contains("leads to 127.0.0.1, a loopback address"),
        "{}",
        guest.log().await
    );
}

#[tokio::test]
async fn a_redirect_is_the_guests_to_follow() {
    let server = Server::start().await;
    let mut guest = Guest::new(&[&format!("http={}", server.address)], limits());
    let (response, _io) = guest.get(&format!("http://{}/moved", server.address)).await.unwrap();
    assert_eq!(response.status(), StatusCode::FOUND);
    let followed = guest.get(response.headers()["location"].to_str().unwrap()).await.err();
    assert!(matches!(followed, Some(Error::HttpRequestDenied)), "{followed:?}");
}

#[tokio::test]
async fn requests_of_a_call_are_counted_also_those_that_are_refused() {
    let mut guest = Guest::new(&[], limits());
    for _ in 0..2 {
        assert!(matches!(guest.get("http://a.test/").await.err(), Some(Error::HttpRequestDenied)));
    }
    assert!(matches!(guest.get("http://a.test/").await.err(), Some(Error::ConnectionLimitReached)));
}

#[tokio::test]
async fn bodies_end_at_their_limits() {
    let server = Server::start().await;
    let granted = format!("http={}", server.address);
    let uri = |path: &str| format!("http://{}/{path}", server.address);
    let mut guest = Guest::new(&[&granted], limits());
    let large = guest.get(&uri("large")).await.err();
    assert!(matches!(large, Some(Error::HttpResponseBodySize(Some(10)))), "{large:?}");
    let body = Full::from("eleven byte").map_err(|never| match never {}).boxed_unsync();
    let large = guest.send(&uri("hello"), body).await.err();
    assert!(matches!(large, Some(Error::HttpRequestBodySize(Some(10)))), "{large:?}");
}

#[tokio::test]
async fn servers_that_keep_a_guest_waiting_are_left_at_the_limit() {
    let server = Server::start().await;
    let granted = format!("http={}", server.address);
    let mut guest = Guest::new(&[&granted], limits());
    let silent = guest.get(&format!("http://{}/silent", server.address)).await.err();
    assert!(
        matches!(silent, Some(Error::HttpResponseTimeout | Error::ConnectionReadTimeout)),
        "{silent:?}"
    );
    let (response, _io) = guest.get(&format!("http://{}/endless", server.address)).await.unwrap();
    let endless = response.into_body().collect().await.err();
    assert!(matches!(endless, Some(Error::HttpResponseTimeout)), "{endless:?}");
}
