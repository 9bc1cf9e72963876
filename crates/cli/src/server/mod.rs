//! The listener: connections, their limits, and an end that cuts no request.
//!
//! On a signal to stop, connections that wait in the kernel's queue are still taken, answers say
//! `connection: close` for [`FAREWELL`], and only then are idle connections closed: a client that just wrote its next
//! request on a kept connection gets its answer.

mod client_address;
mod signal;

use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use client_address::client_address;
pub(crate) use signal::stop_signal;
use smartcms_config::ServerSettings;
use smartcms_http::ClientAddress;

/// How long clients hear of the end before idle connections are closed.
const FAREWELL: Duration = Duration::from_millis(300);
/// The pause after the machine refused a connection: it has no file handles left, say.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// The largest head of a request, in bytes.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// What answers requests.
pub(crate) trait Answer: Clone + Send + Sync + 'static {
    /// Answers one request.
    fn answer(&self, request: Request<Incoming>) -> impl Future<Output = Response<Body>> + Send;
}

/// Serves until `stop` is ready, then lets what is in flight finish.
pub(crate) async fn serve<A: Answer>(
    listener: TcpListener,
    answer: A,
    settings: &ServerSettings,
    stop: impl Future<Output = ()>,
) {
    let server = Server {
        answer,
        ending: Arc::new(AtomicBool::new(false)),
        places: Arc::new(Semaphore::new(settings.connections_max)),
        graceful: GracefulShutdown::new(),
        header_timeout: settings.header_timeout,
        trusted_proxies: settings.trusted_proxies.clone().into(),
    };
    tokio::select! {
        () = server.accept_forever(&listener) => {}
        () = stop => {}
    }
    server.ending.store(true, Ordering::Relaxed);
    tracing::info!("stopping: requests in flight are answered first");
    // What the kernel has accepted in our name is answered too.
    let _ = tokio::time::timeout(FAREWELL, server.accept_forever(&listener)).await;
    drop(listener);
    let drained = tokio::time::timeout(settings.drain_timeout, server.graceful.shutdown()).await;
    if drained.is_err() {
        tracing::warn!("some requests did not finish in time and were cut");
    }
}

struct Server<A> {
    answer: A,
    ending: Arc<AtomicBool>,
    places: Arc<Semaphore>,
    graceful: GracefulShutdown,
    header_timeout: Duration,
    trusted_proxies: Arc<[IpAddr]>,
}

impl<A: Answer> Server<A> {
    async fn accept_forever(&self, listener: &TcpListener) {
        loop {
            // The place is taken first: connections over the limit wait in the kernel's queue.
            let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, peer)) => self.spawn(stream, peer, place),
                Err(error) => {
                    tracing::warn!(%error, "could not accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    fn spawn(&self, stream: TcpStream, peer: SocketAddr, place: tokio::sync::OwnedSemaphorePermit) {
        // Answers are written whole: waiting to join small packets only delays them.
        let _ = stream.set_nodelay(true);
        let answer = self.answer.clone();
        let ending = Arc::clone(&self.ending);
        let trusted_proxies = Arc::clone(&self.trusted_proxies);
        let service = service_fn(move |mut request: Request<Incoming>| {
            let answer = answer.clone();
            let ending = Arc::clone(&ending);
            let address = client_address(peer.ip(), request.headers(), &trusted_proxies);
            if let Some(address) = address {
                request.extensions_mut().insert(ClientAddress(address));
            }
            async move {
                let mut response = answer.answer(request).await;
                if ending.load(Ordering::Relaxed) {
                    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(response)
            }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.header_timeout)
            .max_buf_size(HEAD_BYTES_MAX)
            .pipeline_flush(true)
            .serve_connection(TokioIo::new(stream), service);
        let watched = self.graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
}
