//! Webhooks from a real server process to a real receiver on this machine.

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver as Channel, channel};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::mail_service::read_request;
use crate::support::server::Server;
use crate::support::site::Site;

/// A test that waits longer than this hangs.
const HANG_GUARD: Duration = Duration::from_secs(100);

/// What a receiver got.
struct Message {
    headers: Vec<(String, String)>,
    body: String,
}

/// A receiver that answers 200 to everything. It ends with the test's process.
struct Receiver {
    address: SocketAddr,
    messages: Channel<Message>,
}

impl Receiver {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (headers, body) = read_request(&stream);
                let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok";
                (&stream).write_all(answer).unwrap();
                // A test that is over listens no more.
                let _ = sender.send(Message { headers, body: String::from_utf8(body).unwrap() });
            }
        });
        Self { address, messages }
    }

    #[track_caller]
    fn next(&self) -> Message {
        self.messages.recv_timeout(HANG_GUARD).unwrap()
    }

    fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// The exception that lets a server reach it.
    fn variables(&self) -> [(&'static str, String); 1] {
        [("SMARTCMS_OUTBOUND_ALLOW", self.address.to_string())]
    }
}

impl Message {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, it)| it.as_str()).unwrap()
    }

    /// The body, if the signature is of this secret.
    #[track_caller]
    fn verified(&self, secret: &str) -> Value {
        let key = STANDARD.decode(secret.trim().strip_prefix("whsec_").unwrap()).unwrap();
        let (id, at) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{id}.{at}.{}", self.body).as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        assert_eq!(self.header("webhook-signature"), expected);
        serde_json::from_str(&self.body).unwrap()
    }
}

fn serve(site: &Site, receiver: &Receiver) -> Server {
    let variables = receiver.variables();
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Server::start_in(site.path(), &variables)
}

fn publish(server: &Server, site: &Site, title: &str) -> String {
    let mut author = server.client().with_token(&site.token);
    let entry = json!({ "fields": { "title": title } });
    let made = author.post("/api/v1/content/posts", &entry).expect_status(201).json();
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/content/posts/{id}/publish");
    author.post(&path, &json!({})).expect_status(200);
    id
}

/// The log, once its newest delivery is in a state.
#[track_caller]
fn log(site: &Site, state: &str) -> Value {
    let deadline = std::time::Instant::now() + HANG_GUARD;
    loop {
        let listed = site.run(&["webhook", "deliveries", "search", "--json"]).expect_json();
        if listed[0]["state"] == state && (state != "waiting" || listed[0]["tries"] != 0) {
            return listed;
        }
        assert!(std::time::Instant::now() < deadline, "{listed:#}");
    }
}

#[test]
fn a_published_entry_reaches_a_receiver_signed_and_can_be_sent_again() {
    let (site, receiver) = (Site::new(), Receiver::start());
    let add = ["webhook", "add", "search", &receiver.url(), "--event", "entry.published"];
    let secret = site.run(&add).expect_success().to_owned();
    let server = serve(&site, &receiver);
    let entry = publish(&server, &site, "Hello");
    let first = receiver.next();
    let message = first.verified(&secret);
    assert_eq!(
        (&message["type"], &message["data"]["id"]),
        (&json!("entry.published"), &json!(entry))
    );
    let delivered = log(&site, "delivered");
    assert_eq!((delivered.as_array().unwrap().len(), &delivered[0]["status"]), (1, &json!(200)));
    let id = delivered[0]["id"].as_str().unwrap();
    site.run(&["webhook", "resend", "search", id]).expect_success();
    let again = receiver.next();
    assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
    assert_eq!(again.verified(&secret), message);
    let webhooks =
        server.client().with_token(&site.token).get("/api/v1/webhooks").expect_status(200);
    assert!(!webhooks.text().contains("whsec_"), "{}", webhooks.text());
    assert!(site.run(&["webhook", "list"]).expect_success().contains("search"));
    site.run(&["webhook", "remove", "search"]).expect_success();
    assert_eq!(site.run(&["webhook", "deliveries", "search"]).code, 4);
}

#[test]
fn a_receiver_on_this_machine_is_refused_until_the_operator_names_it_and_nothing_is_lost() {
    let (site, receiver) = (Site::new(), Receiver::start());
    let secret =
        site.run(&["webhook", "add", "search", &receiver.url()]).expect_success().to_owned();
    let server = Server::start(&site);
    let mut author = server.client().with_token(&site.token);
    author.post("/api/v1/content/posts", &json!({ "fields": { "title": "A" } })).expect_status(201);
    let refused = log(&site, "waiting");
    let error = refused[0]["error"].as_str().unwrap();
    assert!(error.contains("a loopback address") && error.contains("outbound.allow"), "{error}");
    server.kill();
    let server = serve(&site, &receiver);
    let message = receiver.next().verified(&secret);
    assert_eq!(message["type"], "entry.created");
    drop(server);
}

#[test]
fn a_webhook_that_cannot_be_is_an_error_and_nothing_is_stored() {
    let site = Site::new();
    site.run(&["webhook", "add", "x", "file:///etc/passwd"]).expect_failure(6, &["https://"], "");
    let add = |event| site.run(&["webhook", "add", "x", "https://a.test/", "--event", event]);
    assert_eq!(add("entry.eaten").code, 6);
    assert_eq!(site.run(&["webhook", "remove", "x"]).code, 4);
    assert_eq!(site.run(&["webhook", "list", "--json"]).expect_json(), json!([]));
}
