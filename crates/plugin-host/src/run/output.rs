//! The standard streams of this process for a guest, its output counted.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use async_trait::async_trait;
use bytes::Bytes;
use smartcms_app::ports::{LogLine, PluginLog, StoreError};
use smartcms_domain::plugins::PluginId;
use tokio::io::AsyncWrite;
use wasmtime_wasi::WasiCtxBuilder;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream, stderr, stdout};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

use crate::error::LimitReached;

/// A log that ends on the standard error of this process.
pub(super) struct StderrLog;

/// What one guest may still write, on both streams together.
#[derive(Debug)]
struct Budget {
    left: AtomicU64,
    limit_bytes: u64,
}

/// One stream of this process, counted.
#[derive(Clone)]
struct Counted<S> {
    stream: S,
    budget: Arc<Budget>,
}

/// A counted stream that is open for a guest of WASI 0.2.
struct CountedOutput {
    stream: Box<dyn OutputStream>,
    budget: Arc<Budget>,
}

/// A counted stream that is open for a guest of WASI 0.3.
struct CountedWriter {
    stream: Pin<Box<dyn AsyncWrite + Send + Sync>>,
    budget: Arc<Budget>,
}

/// Gives a guest its arguments and the standard streams of this process; it may write `output_bytes_max`.
pub(super) fn inherit(
    arguments: Vec<String>,
    output_bytes_max: u64,
) -> Arc<dyn Fn(&mut WasiCtxBuilder) + Send + Sync> {
    let budget =
        Arc::new(Budget { left: AtomicU64::new(output_bytes_max), limit_bytes: output_bytes_max });
    Arc::new(move |builder| {
        builder
            .args(&arguments)
            .inherit_stdin()
            .stdout(Counted { stream: stdout(), budget: Arc::clone(&budget) })
            .stderr(Counted { stream: stderr(), budget: Arc::clone(&budget) });
    })
}

#[async_trait]
impl PluginLog for StderrLog {
    fn append(&self, lines: Vec<LogLine>) {
        let mut errors = io::stderr().lock();
        for LogLine { level, source, text, .. } in lines {
            // Where nobody listens any more, the guest goes on all the same.
            let _ = writeln!(errors, "{}: {source}: {text}", level.name());
        }
    }

    async fn newest(&self, _: &PluginId, _: u32) -> Result<Vec<LogLine>, StoreError> {
        Ok(Vec::new())
    }
}

impl Budget {
    fn spend(&self, bytes: usize) -> Result<(), LimitReached> {
        let taken = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            left.checked_sub(bytes as u64)
        });
        taken.map(|_| ()).map_err(|_| LimitReached::Output { limit_bytes: self.limit_bytes })
    }
}

impl<S: StdoutStream> IsTerminal for Counted<S> {
    fn is_terminal(&self) -> bool {
        self.stream.is_terminal()
    }
}

impl<S: StdoutStream> StdoutStream for Counted<S> {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        let stream = Pin::from(self.stream.async_stream());
        Box::new(CountedWriter { stream, budget: Arc::clone(&self.budget) })
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(CountedOutput {
            stream: self.stream.p2_stream(),
            budget: Arc::clone(&self.budget),
        })
    }
}

#[async_trait]
impl Pollable for CountedOutput {
    async fn ready(&mut self) {
        self.stream.ready().await;
    }
}

impl OutputStream for CountedOutput {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.budget.spend(bytes.len()).map_err(|limit| StreamError::Trap(limit.into()))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> StreamResult<()> {
        self.stream.flush()
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        self.stream.check_write()
    }
}

impl AsyncWrite for CountedWriter {
    fn poll_write(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = self.stream.as_mut().poll_write(task, bytes);
        if let Poll::Ready(Ok(count)) = &written {
            self.budget.spend(*count).map_err(io::Error::other)?;
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_shutdown(task)
    }
}
