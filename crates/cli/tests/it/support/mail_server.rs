//! A real mail server in a process of its own.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A server that does not listen, and a mail that does not come, hang.
const HANG_GUARD: Duration = Duration::from_secs(60);

/// Debian's aiosmtpd on a free port, which keeps what it is sent.
pub(crate) struct MailServer {
    child: Child,
    pub(crate) address: SocketAddr,
    folder: TempDir,
}

impl MailServer {
    #[track_caller]
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = Command::new("/usr/bin/python3")
            .args(["-m", "aiosmtpd", "-n", "-l", &address.to_string()])
            .args(["-c", "aiosmtpd.handlers.Mailbox"])
            .arg(folder.path().join("mail"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("these tests need `python3-aiosmtpd`, which .ci/run installs");
        let server = Self { child, address, folder };
        let deadline = Instant::now() + HANG_GUARD;
        while TcpStream::connect(address).is_err() {
            assert!(
                Instant::now() < deadline,
                "python3-aiosmtpd does not listen; .ci/run installs it"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// What tells a site to send its mail here.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let port = self.address.port().to_string();
        [
            ("SMARTCMS_MAIL_TRANSPORT", "smtp"),
            ("SMARTCMS_MAIL_SMTP_HOST", "127.0.0.1"),
            ("SMARTCMS_MAIL_SMTP_PORT", &port),
            ("SMARTCMS_MAIL_SMTP_TLS", "none"),
            ("SMARTCMS_MAIL_FROM", "cms@example.com"),
        ]
        .map(|(key, text)| (key.to_owned(), text.to_owned()))
        .to_vec()
    }

    /// The next mail that has come and was not read, with its line breaks.
    #[track_caller]
    pub(crate) fn next_mail(&self) -> String {
        let new = self.folder.path().join("mail/new");
        let deadline = Instant::now() + HANG_GUARD;
        loop {
            let found = fs::read_dir(&new).ok().and_then(|mut it| it.next());
            if let Some(Ok(file)) = found {
                return read(file.path());
            }
            assert!(Instant::now() < deadline, "no mail has come");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(path: PathBuf) -> String {
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_file(path).unwrap();
    // Long lines are broken with a mark, as quoted-printable has it.
    text.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=")
}
