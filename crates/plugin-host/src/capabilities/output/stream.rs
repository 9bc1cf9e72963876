//! The standard streams of a guest, line by line into its log.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::LogLevel;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

use super::log::{CallLog, LINE_MAX_BYTES};

/// One stream of one call; clones share the line that is being written.
#[derive(Clone)]
pub(crate) struct LogStream(Arc<Mutex<PartialLine>>);

struct PartialLine {
    log: Arc<CallLog>,
    source: &'static str,
    bytes: Vec<u8>,
}

/// What one write may carry.
const WRITE_MAX_BYTES: usize = 64 * 1024;

impl LogStream {
    pub(crate) fn new(log: Arc<CallLog>, source: &'static str) -> Self {
        Self(Arc::new(Mutex::new(PartialLine { log, source, bytes: Vec::new() })))
    }

    fn push(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(bytes);
    }
}

impl PartialLine {
    fn push(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|it| *it == b'\n') {
            match piece.strip_suffix(b"\n") {
                Some(end) => {
                    self.bytes.extend_from_slice(end);
                    self.finish();
                }
                None => self.bytes.extend_from_slice(piece),
            }
            if self.bytes.len() >= LINE_MAX_BYTES {
                self.finish();
            }
        }
    }

    fn finish(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        self.log.line(
            LogLevel::Info,
            self.source,
            String::from_utf8_lossy(&bytes).trim_end_matches('\r'),
        );
    }
}

impl Drop for PartialLine {
    fn drop(&mut self) {
        if !self.bytes.is_empty() {
            self.finish();
        }
    }
}

impl IsTerminal for LogStream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for LogStream {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl Pollable for LogStream {
    async fn ready(&mut self) {}
}

impl OutputStream for LogStream {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(WRITE_MAX_BYTES)
    }
}

impl AsyncWrite for LogStream {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.push(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::budget::LogLimits;
    use super::super::log::{GuestLog, LINE_MAX_BYTES};
    use super::LogStream;
    use async_trait::async_trait;
    use smartcms_app::ports::{Clock, LogLine, PluginLog, StoreError};
    use smartcms_domain::Timestamp;
    use smartcms_domain::plugins::PluginId;
    use std::sync::{Arc, Mutex};

    #[derive(Default)]
    struct Lines(Mutex<Vec<LogLine>>);

    #[async_trait]
    impl PluginLog for Lines {
        fn append(&self, lines: Vec<LogLine>) {
            self.0.lock().unwrap().extend(lines);
        }

        async fn newest(&self, _: &PluginId, _: u32) -> Result<Vec<LogLine>, StoreError> {
            Ok(self.0.lock().unwrap().clone())
        }
    }

    struct Stopped;

    impl Clock for Stopped {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(1_790_000_000_000).unwrap()
        }
    }

    fn written(writes: &[&[u8]]) -> Vec<LogLine> {
        let lines = Arc::new(Lines::default());
        let plugin = PluginId::parse("demo").unwrap();
        let log = GuestLog::new(plugin, LogLimits::default(), lines.clone(), Arc::new(Stopped));
        let stream = LogStream::new(log.call(), "stdout");
        for bytes in writes {
            stream.push(bytes);
        }
        drop(stream);
        std::mem::take(&mut *lines.0.lock().unwrap())
    }

    #[test]
    fn output_becomes_lines_whatever_the_writes() {
        let lines = written(&[b"he", b"llo\nwor", b"ld\r\n", b"\n", b"rest"]);
        let texts: Vec<&str> = lines.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts, ["hello", "world", "", "rest"]);
    }

    #[test]
    fn control_characters_do_not_reach_the_log() {
        let lines = written(&[b"\x1b[2Jred\n"]);
        assert_eq!(lines[0].text, "\u{fffd}[2Jred");
    }

    #[test]
    fn a_flood_ends_with_one_line_that_says_so() {
        let flood = vec![b'x'; 1024 * 1024];
        let lines = written(&[&flood]);
        let kept: usize =
            lines.iter().filter(|it| it.source == "stdout").map(|it| it.text.len()).sum();
        assert!(kept <= 64 * 1024 && kept > 56 * 1024, "{kept} bytes kept");
        let told: Vec<_> = lines.iter().filter(|it| it.source == "host").collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].text.contains("65536 bytes a call"), "{}", told[0].text);
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let lines = written(&[&vec![b'x'; LINE_MAX_BYTES * 2 + 1]]);
        assert!(lines.iter().all(|it| it.text.len() <= LINE_MAX_BYTES), "{lines:?}");
    }
}
