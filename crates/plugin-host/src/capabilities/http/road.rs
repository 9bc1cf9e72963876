//! The one road out: from checked addresses to a connection that speaks HTTP/1.1. Guests and the host itself take it.

use std::io;
use std::net::SocketAddr;

use bytes::Bytes;
use http_body::Body;
use hyper::client::conn::http1::{self, SendRequest};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use wasmtime_wasi_http::io::TokioIo;

use super::rule::Target;
use super::tls::Tls;

/// The most header lines of a response.
const RESPONSE_HEADERS_MAX: usize = 100;

/// What is read ahead of a response.
const READ_BUFFER_BYTES_MAX: usize = 64 * 1024;

/// Where a connection goes.
pub(crate) struct Road {
    pub(crate) target: Target,
    /// Checked, and tried in this order.
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) tls: Tls,
}

/// Why there is no connection.
#[derive(Debug)]
pub(crate) enum RoadFault {
    /// There was no address to try.
    NoAddress,
    /// No address answered.
    Connect(io::Error),
    /// The connection could not be encrypted.
    Tls(io::Error),
}

/// Drives a connection; dropping it closes the connection.
pub(crate) struct Connection(JoinHandle<Result<(), hyper::Error>>);

pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

impl Road {
    /// Tries the addresses one after the other.
    pub(crate) async fn connect(&self) -> Result<Box<dyn Duplex>, RoadFault> {
        let mut failure = RoadFault::NoAddress;
        for address in &self.addresses {
            match TcpStream::connect(address).await {
                Ok(stream) => return self.secure(stream).await,
                Err(error) => failure = RoadFault::Connect(error),
            }
        }
        Err(failure)
    }

    async fn secure(&self, stream: TcpStream) -> Result<Box<dyn Duplex>, RoadFault> {
        // Small requests should not wait for company; a failure costs time, nothing else.
        let _ = stream.set_nodelay(true);
        if !self.target.secure {
            return Ok(Box::new(stream));
        }
        let stream = self.tls.connect(&self.target.host, stream).await.map_err(RoadFault::Tls)?;
        Ok(Box::new(stream))
    }
}

impl Connection {
    /// Begins to speak HTTP/1.1.
    pub(crate) async fn open<B>(
        stream: Box<dyn Duplex>,
    ) -> Result<(SendRequest<B>, Self), hyper::Error>
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (sender, connection) = http1::Builder::new()
            .max_headers(RESPONSE_HEADERS_MAX)
            .max_buf_size(READ_BUFFER_BYTES_MAX)
            .handshake(TokioIo::new(stream))
            .await?;
        Ok((sender, Self(tokio::spawn(connection))))
    }

    /// Waits for the end of the connection.
    pub(crate) async fn finish(mut self) -> Result<(), hyper::Error> {
        match (&mut self.0).await {
            Ok(Ok(())) | Err(_) => Ok(()),
            Ok(Err(error)) => Err(error),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}
