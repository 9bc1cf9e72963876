//! A server process of the executable.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::client::Client;
use super::command::executable;
use super::site::Site;

/// A test that waits longer than this hangs.
const HANG_GUARD: Duration = Duration::from_secs(100);
/// The address line on standard output.
const ANNOUNCEMENT: &str = "listening on http://";

/// A running server; it is killed when the test lets go of it.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    words: Mutex<Receiver<String>>,
    // Behind a lock only so that threads of a test can share the server.
    log: Mutex<Receiver<String>>,
    seen: Vec<String>,
}

impl Server {
    /// Serves a site at a free port.
    #[track_caller]
    pub(crate) fn start(site: &Site) -> Self {
        Self::start_in(site.path(), &[])
    }

    /// Serves the site in a folder at a free port, with variables in the environment.
    #[track_caller]
    pub(crate) fn start_in(folder: &Path, variables: &[(&str, &str)]) -> Self {
        let mut child = executable()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .envs(variables.iter().copied())
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let words = lines(child.stdout.take().unwrap());
        let log = lines(child.stderr.take().unwrap());
        let announced = words.recv_timeout(HANG_GUARD).ok();
        let address =
            announced.as_deref().and_then(|it| it.strip_prefix(ANNOUNCEMENT)?.trim().parse().ok());
        let Some(address) = address else {
            let _ = child.kill();
            let said: Vec<String> = log.iter().collect();
            panic!("the server announced {announced:?} and said {said:#?}");
        };
        let words = Mutex::new(words);
        Self { child, address, words, log: Mutex::new(log), seen: Vec::new() }
    }

    /// The next line on standard output, after the one with the address; `None` when there is none for a while.
    pub(crate) fn next_words(&self, patience: Duration) -> Option<String> {
        self.words.lock().unwrap().recv_timeout(patience).ok()
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.address)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until a line of the server's log has all of `words`. Lines before it count too.
    #[track_caller]
    pub(crate) fn wait_for_log(&mut self, words: &[&str]) {
        let fits = |line: &String| words.iter().all(|it| line.contains(it));
        if self.seen.iter().any(fits) {
            return;
        }
        let deadline = Instant::now() + HANG_GUARD;
        let log = self.log.get_mut().unwrap();
        while let Ok(line) = log.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            let found = fits(&line);
            self.seen.push(line);
            if found {
                return;
            }
        }
        panic!("no line with {words:?} in the log: {:#?}", self.seen);
    }

    /// Forgets the lines so far, so that only later ones count.
    pub(crate) fn forget_log(&mut self) {
        self.seen.clear();
        while self.log.get_mut().unwrap().try_recv().is_ok() {}
    }

    /// Every line so far.
    pub(crate) fn log(&mut self) -> &[String] {
        self.seen.extend(self.log.get_mut().unwrap().try_iter());
        &self.seen
    }

    /// Asserts that the process goes on.
    #[track_caller]
    pub(crate) fn expect_alive(&mut self) {
        let ended = self.child.try_wait().unwrap();
        assert!(ended.is_none(), "the server ended with {ended:?}: {:#?}", self.log());
        let panicked: Vec<&String> =
            self.log().iter().filter(|it| it.contains("panicked")).collect();
        assert!(panicked.is_empty(), "the server panicked: {panicked:?}");
    }

    /// The most memory that was resident so far, in bytes.
    pub(crate) fn resident_peak_bytes(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find(|it| it.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
    }

    /// The processes that the server started and that are still there.
    pub(crate) fn children(&self) -> Vec<String> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.pid())).unwrap();
        let children =
            tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("children")).ok());
        children
            .flat_map(|it| it.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    /// Asks the server to stop.
    pub(crate) fn terminate(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
    }

    /// Waits for the end of the process.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// Ends the process in the middle of whatever it does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended cannot be killed, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            // A test that is over reads no more; the pipe is emptied all the same.
            let _ = sender.send(line);
        }
    });
    receiver
}
