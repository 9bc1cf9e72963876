//! `wasi:http` for guests: outgoing requests to granted hosts, and nothing else; and the requests of the host itself.
//!
//! The host looks the name up itself, refuses addresses that are not public unless the grant names that very
//! address, and connects to the address it checked. Time, size and number of requests are limited.

mod address;
mod body;
mod guarded;
mod resolve;
mod road;
mod rule;
mod send;
mod tls;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use rustls::pki_types::CertificateDer;
use smartcms_app::ports::LogLevel;
use smartcms_domain::plugins::Grant;
use tokio::time::Instant;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

pub(crate) use body::{BodyFault, BoundedBody};
pub use guarded::GuardedOutbound;
pub use resolve::{Resolver, SystemResolver};

use self::resolve::{Unreachable, addresses};
use self::road::Road;
use self::rule::{Permit, Target, permit};
use self::send::{Exchange, Sent};
use self::tls::Tls;
use super::output::CallLog;
use crate::state::GuestProfile;

/// The limits on a plugin's outgoing requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutboundLimits {
    /// How many a call may send.
    pub requests_max: u32,
    /// How long connecting may take, encryption included.
    pub connect_timeout: Duration,
    /// How long a request may take, to the end of its response's body.
    pub request_timeout: Duration,
    /// The body of a request.
    pub request_body_bytes_max: u64,
    /// The body of a response.
    pub response_body_bytes_max: u64,
}

/// What outgoing requests share, those of plugins and those of the host.
#[derive(Clone)]
pub struct Network {
    resolver: Arc<dyn Resolver>,
    tls: Tls,
}

/// The roots of trust could not be read.
#[derive(Debug, thiserror::Error)]
#[error("could not prepare TLS for outgoing requests")]
pub struct NetworkError(#[source] rustls::Error);

/// The outgoing requests of one call.
pub(crate) struct Outbound {
    profile: Arc<GuestProfile>,
    log: Arc<CallLog>,
    deadline: std::time::Instant,
    sent: u32,
}

impl Default for OutboundLimits {
    fn default() -> Self {
        Self {
            requests_max: 10,
            connect_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(10),
            request_body_bytes_max: 4 * 1024 * 1024,
            response_body_bytes_max: 4 * 1024 * 1024,
        }
    }
}

impl Network {
    /// Looks names up with `resolver`, and trusts the public roots and `roots`.
    pub fn new(
        resolver: Arc<dyn Resolver>,
        roots: &[CertificateDer<'static>],
    ) -> Result<Self, NetworkError> {
        Ok(Self { resolver, tls: Tls::new(roots).map_err(NetworkError)? })
    }

    /// The resolver of the operating system and the public roots.
    pub fn system() -> Result<Self, NetworkError> {
        Self::new(Arc::new(SystemResolver), &[])
    }
}

impl Outbound {
    /// The requests of a call that ends at `deadline`.
    pub(crate) fn new(
        profile: Arc<GuestProfile>,
        log: Arc<CallLog>,
        deadline: std::time::Instant,
    ) -> Self {
        Self { profile, log, deadline, sent: 0 }
    }

    /// Decides on a request before anything is sent, and says in the log why it is refused.
    fn admit(&mut self, request: &Request<WasiBody>) -> Result<(Target, Permit), Error> {
        let limit = self.profile.limits.outbound.requests_max;
        if self.sent >= limit {
            self.refused(&format!(
                "refused a request: the limit is {limit} outgoing requests a call"
            ));
            return Err(Error::ConnectionLimitReached);
        }
        self.sent += 1;
        let target = Target::of(request.uri()).ok_or(Error::HttpRequestUriInvalid)?;
        let hosts = self.profile.grant_list().iter().filter_map(|it| match it {
            Grant::Http(host) => Some(host),
            _ => None,
        });
        if let Some(permit) = permit(hosts, &target) {
            return Ok((target, permit));
        }
        self.profile.meter.denied();
        let (host, plugin) = (target.authority(), &self.profile.id);
        self.refused(&format!(
            "refused a request to {host}, which is not granted: `smartcms plugin grant {plugin} http={host}` allows it"
        ));
        Err(Error::HttpRequestDenied)
    }

    fn refused(&self, text: &str) {
        tracing::warn!(plugin.id = %self.profile.id, "{text}");
        self.log.host(LogLevel::Warn, text);
    }
}

impl WasiHttpHooks for Outbound {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        // Nobody here waits for the outcome of the guest's reading of the response.
        _read: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Sent, Error>> + Send> {
        let admitted = self.admit(&request);
        let (limits, network, log) = (
            self.profile.limits.outbound,
            self.profile.services.network.clone(),
            Arc::clone(&self.log),
        );
        let deadline =
            Instant::from_std(self.deadline).min(Instant::now() + limits.request_timeout);
        Box::new(async move {
            let (target, permit) = admitted?;
            let lookup = addresses(&*network.resolver, &target, permit);
            let found =
                tokio::time::timeout_at(deadline, lookup).await.map_err(|_| Error::DnsTimeout)?;
            let addresses = found.map_err(|error| {
                log.host(
                    LogLevel::Warn,
                    &format!("refused a request to {}: {error}", target.authority()),
                );
                fault(&error)
            })?;
            let options = options.unwrap_or_default();
            let tls = network.tls.clone();
            let road = Road { target, addresses, tls };
            let exchange = Exchange { road, limits, options, deadline };
            tokio::time::timeout_at(deadline, exchange.run(request))
                .await
                .map_err(|_| Error::HttpResponseTimeout)?
        })
    }
}

/// What the guest learns; where a name leads is not among it.
fn fault(error: &Unreachable) -> Error {
    match error {
        Unreachable::Prohibited { .. } => Error::DestinationIpProhibited,
        Unreachable::Lookup { .. } | Unreachable::Unknown(_) => {
            Error::DnsError { rcode: Some("name not found".to_owned()), info_code: None }
        }
    }
}

#[cfg(test)]
mod tests;
