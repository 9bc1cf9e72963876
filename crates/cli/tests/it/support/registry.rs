//! Registries for tests: a real one in a process of its own, and one that lies.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// `ada` with the password `a secret`, as htpasswd writes it.
const HTPASSWD: &str = "ada:$2b$04$n05OaaC0b8QcSD7jI1qGVeEALYWIMLXlZ5oTGGPQ75WfatLHE9iOu\n";
/// A registry that does not say where it listens hangs.
const HANG_GUARD: Duration = Duration::from_secs(60);

/// Debian's docker-registry on a free port.
pub(crate) struct Registry {
    child: Child,
    pub(crate) address: SocketAddr,
    _folder: TempDir,
}

impl Registry {
    /// One that everybody may write to.
    #[track_caller]
    pub(crate) fn start() -> Self {
        Self::with_settings("")
    }

    /// One that knows `ada` alone.
    #[track_caller]
    pub(crate) fn with_password() -> Self {
        Self::with_settings("auth: {htpasswd: {realm: tests, path: HTPASSWD}}\n")
    }

    #[track_caller]
    fn with_settings(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        fs::write(path("htpasswd"), HTPASSWD).unwrap();
        let more = more.replace("HTPASSWD", &path("htpasswd"));
        let data = path("data");
        let settings = format!(
            "version: 0.1\nstorage: {{filesystem: {{rootdirectory: {data}}}, delete: {{enabled: true}}}}\n\
             http: {{addr: 127.0.0.1:0, secret: tests}}\n{more}"
        );
        fs::write(path("config.yml"), settings).unwrap();
        let mut child = Command::new("docker-registry")
            .args(["serve", &path("config.yml")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("these tests need `docker-registry`, which .ci/run installs");
        let (sender, receiver) = mpsc::channel();
        let log = BufReader::new(child.stderr.take().unwrap());
        thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                let words = line.split("listening on ").nth(1);
                let address = words.and_then(|it| it.split(['"', ' ']).next()?.parse().ok());
                if let Some(address) = address {
                    let _ = sender.send(address);
                }
            }
        });
        let address: Option<SocketAddr> = receiver.recv_timeout(HANG_GUARD).ok();
        let Some(address) = address else {
            let _ = child.kill();
            panic!("the registry did not say where it listens");
        };
        Self { child, address, _folder: folder }
    }

    /// A name in this registry.
    pub(crate) fn name(&self, rest: &str) -> String {
        format!("{}/{rest}", self.address)
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer of a registry that lies.
#[derive(Clone)]
pub(crate) struct Lie {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    /// Whether the body goes on without end.
    endless: bool,
}

impl Lie {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), endless: false }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn endless(mut self) -> Self {
        self.endless = true;
        self
    }
}

/// A registry that answers as it was told to, and remembers what it was asked.
pub(crate) struct Liar {
    pub(crate) address: SocketAddr,
    lies: Arc<Mutex<BTreeMap<String, Lie>>>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Liar {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (lies, heard) = (Arc::default(), Arc::default());
        let liar = Self { address, lies: Arc::clone(&lies), heard: Arc::clone(&heard) };
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (lies, heard) = (Arc::clone(&lies), Arc::clone(&heard));
                // A client that goes away early is no failure of the test.
                thread::spawn(move || drop(answer(&stream, &lies, &heard)));
            }
        });
        liar
    }

    pub(crate) fn name(&self, rest: &str) -> String {
        format!("{}/{rest}", self.address)
    }

    /// What it answers at a path.
    pub(crate) fn tell(&self, path: impl Into<String>, lie: Lie) {
        self.lies.lock().unwrap().insert(path.into(), lie);
    }

    /// Every head of a request so far.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// Tells of an artefact `x:1` with this component, as an honest registry does.
    pub(crate) fn tell_artefact(&self, component: &[u8]) {
        self.tell("/v2/x/manifests/1", Lie::new(200, manifest(component, component.len())));
        let path = format!("/v2/x/blobs/{}", sha256(component));
        self.tell(path, Lie::new(200, component));
    }
}

/// A manifest with one layer of this content, and this size.
pub(crate) fn manifest(component: &[u8], size: usize) -> Vec<u8> {
    let descriptor = |kind: &str, bytes: &[u8], size: usize| serde_json::json!({ "mediaType": kind, "digest": sha256(bytes), "size": size });
    let manifest = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": descriptor("application/vnd.oci.empty.v1+json", b"{}", 2),
        "layers": [descriptor("application/wasm", component, size)],
    });
    manifest.to_string().into_bytes()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    let digits: String = Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect();
    format!("sha256:{digits}")
}

fn answer(
    stream: &TcpStream,
    lies: &Mutex<BTreeMap<String, Lie>>,
    heard: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    let length = head.lines().find_map(|it| it.strip_prefix("content-length: "));
    let length = length.and_then(|it| it.parse().ok()).unwrap_or(0);
    reader.by_ref().take(length).read_to_end(&mut Vec::new())?;
    let target = head.split(' ').nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default().to_owned();
    heard.lock().unwrap().push(head);
    let missing = || Lie::new(404, r#"{"errors":[{"code":"UNKNOWN","message":"not here"}]}"#);
    let lie = lies.lock().unwrap().get(&path).cloned().unwrap_or_else(missing);
    let mut stream = stream;
    write!(stream, "HTTP/1.1 {} Something\r\nconnection: close\r\n", lie.status)?;
    for (name, value) in &lie.headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    if !lie.endless {
        write!(stream, "content-length: {}\r\n", lie.body.len())?;
    }
    stream.write_all(b"\r\n")?;
    stream.write_all(&lie.body)?;
    if !lie.endless {
        return Ok(());
    }
    loop {
        stream.write_all(&[b'x'; 64 * 1024])?;
    }
}
