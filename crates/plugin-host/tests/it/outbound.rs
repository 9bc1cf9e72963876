//! Requests of the host itself, against servers on this machine.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::BodyExt as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use smartcms_app::ports::{Outbound, OutboundError, OutboundRequest, OutboundResponse};
use smartcms_domain::plugins::{Grant, HostGrant};
use smartcms_plugin_host::{GuardedOutbound, Network, Resolver};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// The authority and the certificate of `name.test`, good until 2126; their key protects nothing but tests.
const AUTHORITY: &[u8] = include_bytes!("../tls/authority.der");
const CERTIFICATE: &[u8] = include_bytes!("../tls/server.der");
const KEY: &[u8] = include_bytes!("../tls/server.key.der");

/// Says that every name is this machine, but `elsewhere.test`, which is a machine of a private network.
struct ThisMachine;

#[async_trait]
impl Resolver for ThisMachine {
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        match host {
            "unknown.test" => return Err(io::Error::other("no such name")),
            "nowhere.test" => return Ok(Vec::new()),
            _ => {}
        }
        let inside = if host == "elsewhere.test" { [10, 0, 0, 1] } else { [127, 0, 0, 1] };
        Ok(vec![SocketAddr::new(inside.into(), port)])
    }
}

/// A server that counts its connections.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Server {
    async fn start() -> Self {
        Self::over(None).await
    }

    async fn encrypted() -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(CERTIFICATE)],
                PrivateKeyDer::try_from(KEY).unwrap(),
            )
            .unwrap();
        Self::over(Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn over(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let tls = tls.clone();
                tokio::spawn(async move {
                    match tls {
                        None => answer(stream).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                answer(stream).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, connections }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// `/echo` tells what came; `/to?URL` leads elsewhere; `/large`, `/endless` and `/silent` are what they say.
async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let text = String::from_utf8_lossy(&head).to_lowercase();
    let length =
        text.split("content-length: ").nth(1).and_then(|it| it.lines().next()?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.unwrap();
    let target = text.split(' ').nth(1).unwrap_or_default();
    let answer = if let Some(url) = target.strip_prefix("/to?") {
        format!("HTTP/1.1 302 Found\r\nlocation: {url}\r\ncontent-length: 0\r\n\r\n")
    } else if let Some(url) = target.strip_prefix("/keep?") {
        format!("HTTP/1.1 307 Moved\r\nlocation: {url}\r\ncontent-length: 0\r\n\r\n")
    } else {
        match target {
            "/large" => "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".to_owned(),
            "/endless" => {
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n".to_owned()
            }
            "/silent" => String::new(),
            "/garbage" => "this is not HTTP\r\n\r\n".to_owned(),
            _ => {
                let told = format!("{text}{}", String::from_utf8_lossy(&body));
                format!(
                    "HTTP/1.1 200 OK\r\nx-there: yes\r\ncontent-length: {}\r\n\r\n{told}",
                    told.len()
                )
            }
        }
    };
    let _ = stream.write_all(answer.as_bytes()).await;
    // Held open: what ends an exchange that hangs must be the limit.
    let _ = stream.read(&mut [0; 1]).await;
}

fn host(text: &str) -> HostGrant {
    match format!("http={text}").parse().unwrap() {
        Grant::Http(host) => host,
        other => panic!("{other} is not a host"),
    }
}

fn outbound(exceptions: &[&str]) -> GuardedOutbound {
    let network = Network::new(Arc::new(ThisMachine), &[]).unwrap();
    GuardedOutbound::new(network, exceptions.iter().copied().map(host).collect())
}

fn to(server: &Server) -> GuardedOutbound {
    outbound(&[&server.address.to_string()])
}

fn request(url: &str) -> OutboundRequest {
    OutboundRequest {
        method: Method::GET,
        url: url.to_owned(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
        time_max: Duration::from_secs(60),
        bytes_max: 10_000,
        redirects_max: 3,
    }
}

async fn get(outbound: &GuardedOutbound, url: &str) -> Result<OutboundResponse, OutboundError> {
    outbound.send(request(url)).await
}

async fn text(response: OutboundResponse) -> String {
    String::from_utf8(response.into_bytes().await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn a_request_arrives_with_its_headers_and_body_and_the_response_comes_back() {
    let server = Server::start().await;
    let mut post = request(&server.url("/a?b=c#d"));
    post.method = Method::POST;
    post.body = "the body".into();
    post.headers.insert("x-mine", "yes".parse().unwrap());
    let response = to(&server).send(post).await.unwrap();
    assert_eq!((response.status, response.url.as_str()), (200, server.url("/a?b=c").as_str()));
    assert_eq!(response.headers["x-there"], "yes");
    let told = text(response).await;
    let host = format!("host: {}\r\n", server.address);
    for part in ["post /a?b=c http/1.1\r\n", "x-mine: yes\r\n", "the body", &host] {
        assert!(told.contains(part), "no {part:?} in {told}");
    }
}

#[tokio::test]
async fn an_address_that_is_not_public_is_refused_and_never_connected_to() {
    let server = Server::start().await;
    let port = server.address.port();
    for (url, rule) in [
        (server.url("/"), "a loopback address"),
        (format!("http://name.test:{port}/"), "a loopback address"),
        (format!("http://2130706433:{port}/"), "a loopback address"),
        (format!("http://[::ffff:127.0.0.1]:{port}/"), "a loopback address"),
        ("http://elsewhere.test/".to_owned(), "a private address"),
        ("http://192.168.0.1/".to_owned(), "a private address"),
        ("http://169.254.169.254/latest".to_owned(), "a cloud metadata address"),
        ("http://[fe80::1]/".to_owned(), "a link-local address"),
    ] {
        let error = get(&outbound(&["other.test:80"]), &url).await.unwrap_err();
        let OutboundError::Refused { rule: found, .. } = &error else { panic!("{url}: {error}") };
        assert_eq!(found, rule, "{url}");
        assert!(error.to_string().contains("outbound.allow"), "{error}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn an_exception_is_for_its_host_and_port_alone() {
    let (server, other) = (Server::start().await, Server::start().await);
    let named = format!("name.test:{}", server.address.port());
    let outbound = outbound(&[&named]);
    let answered = get(&outbound, &format!("http://{named}/")).await.unwrap();
    assert!(text(answered).await.contains(&format!("host: {named}")));
    for url in [server.url("/"), format!("http://name.test:{}/", other.address.port())] {
        let error = get(&outbound, &url).await.unwrap_err();
        assert_eq!(error.code(), "outbound.refused", "{url}: {error}");
    }
}

#[tokio::test]
async fn a_redirect_is_followed_and_checked_again() {
    let (server, hidden) = (Server::start().await, Server::start().await);
    let outbound = to(&server);
    let followed = get(&outbound, &server.url("/to?/there")).await.unwrap();
    assert_eq!(followed.url, server.url("/there"));
    let url = server.url(&format!("/to?{}", hidden.url("/")));
    let error = get(&outbound, &url).await.unwrap_err();
    assert_eq!(error.code(), "outbound.refused", "{error}");
    let error = get(&outbound, &server.url("/to?file:///etc/passwd")).await.unwrap_err();
    assert_eq!(error.code(), "outbound.bad-url", "{error}");
    assert_eq!(hidden.connections(), 0);
}

#[tokio::test]
async fn redirects_end_at_their_limit_and_with_none_the_redirect_is_the_response() {
    let server = Server::start().await;
    let circle = server.url("/to?/to?/to?/to?/end");
    assert_eq!(get(&to(&server), &circle).await.unwrap_err(), OutboundError::TooManyRedirects(3));
    assert_eq!(server.connections(), 4);
    assert_eq!(get(&to(&server), &server.url("/to?/to?/to?/end")).await.unwrap().status, 200);
    let none = OutboundRequest { redirects_max: 0, ..request(&circle) };
    assert_eq!(to(&server).send(none).await.unwrap().status, 302);
}

#[tokio::test]
async fn what_was_meant_for_one_origin_stays_there() {
    let (first, second) = (Server::start().await, Server::start().await);
    let outbound = outbound(&[&first.address.to_string(), &second.address.to_string()]);
    let secret = |url: String| {
        let mut it = request(&url);
        it.method = Method::POST;
        it.body = "the body".into();
        it.headers.insert("authorization", "Bearer secret".parse().unwrap());
        it.headers.insert("x-mine", "yes".parse().unwrap());
        it
    };
    let away = secret(first.url(&format!("/keep?{}", second.url("/"))));
    let told = text(outbound.send(away).await.unwrap()).await;
    assert!(told.starts_with("post /") && told.contains("the body"), "{told}");
    assert!(told.contains("x-mine: yes") && !told.contains("secret"), "{told}");
    let told = text(outbound.send(secret(first.url("/keep?/"))).await.unwrap()).await;
    assert!(told.contains("bearer secret"), "{told}");
    let told = text(outbound.send(secret(first.url("/to?/"))).await.unwrap()).await;
    assert!(told.starts_with("get /") && !told.contains("the body"), "{told}");
}

#[tokio::test]
async fn a_body_ends_with_an_error_past_its_bytes() {
    let server = Server::start().await;
    let error = get(&to(&server), &server.url("/large")).await.unwrap_err();
    assert_eq!(error, OutboundError::TooLarge(10_000));
    let small = |bytes_max| OutboundRequest { bytes_max, ..request(&server.url("/endless")) };
    let response = to(&server).send(small(4)).await.unwrap();
    assert_eq!(response.into_bytes().await.unwrap_err(), OutboundError::TooLarge(4));
    let mut exact = to(&server).send(small(5)).await.unwrap();
    let frame = exact.body.frame().await.unwrap().unwrap();
    assert_eq!(frame.into_data().unwrap(), "hello");
}

#[tokio::test]
async fn a_server_that_keeps_one_waiting_is_left_at_the_limit() {
    let server = Server::start().await;
    let time_max = Duration::from_millis(50);
    let short = |path| OutboundRequest { time_max, ..request(&server.url(path)) };
    let error = to(&server).send(short("/silent")).await.unwrap_err();
    assert_eq!(error, OutboundError::TimedOut(time_max));
    let response = to(&server).send(short("/endless")).await.unwrap();
    assert_eq!(response.into_bytes().await.unwrap_err(), OutboundError::TimedOut(time_max));
}

#[tokio::test]
async fn every_failure_has_its_kind() {
    let server = Server::start().await;
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let outbound = outbound(&[&free.to_string(), &server.address.to_string()]);
    for (url, code) in [
        (format!("http://{free}/"), "outbound.connect"),
        ("http://unknown.test/".to_owned(), "outbound.lookup"),
        ("http://nowhere.test/".to_owned(), "outbound.lookup"),
        (server.url("/garbage"), "outbound.broken"),
        ("ftp://a.test/".to_owned(), "outbound.bad-url"),
        ("/path".to_owned(), "outbound.bad-url"),
        ("http://user@a.test/".to_owned(), "outbound.bad-url"),
        ("http://a.test:0/".to_owned(), "outbound.bad-url"),
    ] {
        let error = get(&outbound, &url).await.unwrap_err();
        assert_eq!(error.code(), code, "{url}: {error}");
    }
}

#[tokio::test]
async fn an_encrypted_connection_needs_a_certificate_of_a_trusted_authority_for_that_name() {
    let server = Server::encrypted().await;
    let port = server.address.port();
    let exceptions =
        || ["name.test", "other.test"].map(|it| host(&format!("{it}:{port}"))).to_vec();
    let authority = [CertificateDer::from(AUTHORITY)];
    let network =
        |roots: &[CertificateDer<'static>]| Network::new(Arc::new(ThisMachine), roots).unwrap();
    let trusting = GuardedOutbound::new(network(&authority), exceptions());
    let response = get(&trusting, &format!("https://name.test:{port}/")).await.unwrap();
    assert!(text(response).await.contains(&format!("host: name.test:{port}")));
    let error = get(&trusting, &format!("https://other.test:{port}/")).await.unwrap_err();
    assert!(
        matches!(&error, OutboundError::Tls { reason, .. } if reason.contains("name.test")),
        "{error}"
    );
    let stranger = GuardedOutbound::new(network(&[]), exceptions());
    let error = get(&stranger, &format!("https://name.test:{port}/")).await.unwrap_err();
    assert!(
        matches!(&error, OutboundError::Tls { reason, .. } if reason.contains("UnknownIssuer")),
        "{error}"
    );
}
