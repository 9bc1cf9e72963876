//! An ordinary load beside what a test does: a few readers on kept connections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::client::{Client, Request};

/// Readers at the same time.
const READERS: usize = 3;
/// The pause between two requests of a reader: the load is ordinary, not a flood.
const PAUSE: Duration = Duration::from_millis(4);
/// So many requests tell something: a load goes on until it has them.
const REQUESTS_MIN: usize = 500;
/// A reader stops after this many requests, whatever the test does.
const REQUESTS_MAX: usize = 50_000;

/// Readers at work.
pub(crate) struct Load {
    readers: Vec<JoinHandle<Vec<Read>>>,
    stop: Vec<Sender<()>>,
    count: Arc<AtomicUsize>,
}

/// One request of a reader: how long it took, or what was wrong.
type Read = Result<Duration, String>;

/// What became of the requests.
pub(crate) struct LoadReport {
    pub(crate) requests: usize,
    pub(crate) failures: Vec<String>,
    pub(crate) median: Duration,
    pub(crate) p99: Duration,
    pub(crate) slowest: Duration,
}

impl Load {
    /// Begins to read these paths, in turns.
    pub(crate) fn begin(address: SocketAddr, paths: &[&str]) -> Self {
        let paths: Arc<[String]> = paths.iter().map(|&it| it.to_owned()).collect();
        let mut load = Self { readers: Vec::new(), stop: Vec::new(), count: Arc::default() };
        for first in 0..READERS {
            let (stop, stopped) = mpsc::channel();
            let paths = Arc::clone(&paths);
            let count = Arc::clone(&load.count);
            load.stop.push(stop);
            load.readers.push(thread::spawn(move || {
                let mut client = Client::new(address);
                let mut reads = Vec::new();
                for turn in first..first + REQUESTS_MAX {
                    reads.push(read(&mut client, &paths[turn % paths.len()]));
                    count.fetch_add(1, Ordering::Relaxed);
                    if stopped.recv_timeout(PAUSE) != Err(RecvTimeoutError::Timeout) {
                        break;
                    }
                }
                reads
            }));
        }
        load
    }

    /// Ends the load and counts.
    pub(crate) fn end(self) -> LoadReport {
        while self.count.load(Ordering::Relaxed) < REQUESTS_MIN {
            thread::park_timeout(PAUSE);
        }
        drop(self.stop);
        let reads: Vec<Read> = self.readers.into_iter().flat_map(|it| it.join().unwrap()).collect();
        let requests = reads.len();
        let (times, failures): (Vec<Read>, Vec<Read>) = reads.into_iter().partition(Result::is_ok);
        let mut times: Vec<Duration> = times.into_iter().filter_map(Result::ok).collect();
        times.sort_unstable();
        let at = |percent: usize| {
            times.get(times.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default()
        };
        LoadReport {
            requests,
            failures: failures.into_iter().filter_map(Result::err).collect(),
            median: at(50),
            p99: at(99),
            slowest: at(100),
        }
    }
}

fn read(client: &mut Client, path: &str) -> Read {
    let begun = Instant::now();
    match client.send(Request::new("GET", path)) {
        Ok(answer) if answer.status == 200 && !answer.cut => Ok(begun.elapsed()),
        Ok(answer) => Err(format!("GET {path} answered {answer}")),
        Err(error) => Err(format!("GET {path} was not answered: {error}")),
    }
}
