//! Requests to a plugin's routes: `wasi:http` 0.2 and 0.3, streamed both ways, in a fresh instance each.
//!
//! One task drives the guest from the request to the end of the response's body, within one limit of time.

use std::future::{pending, poll_fn};
use std::sync::Arc;
use std::time::Duration;

use futures::channel::oneshot;
use http::uri::{Authority, PathAndQuery, Scheme, Uri};
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body::Body as _;
use http_body_util::{BodyExt, Full};
use smartcms_app::CallChain;
use smartcms_app::ports::{BodyError, PluginFailure, PluginRequest, PluginResponse, plugin_body};
use smartcms_domain::actors::Actor;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use wasmtime::AsContextMut;
use wasmtime_wasi_http::handler::{Prepared, ProxyPre};
use wasmtime_wasi_http::p2::bindings::ProxyPre as SecondPre;
use wasmtime_wasi_http::p3::bindings::ServicePre as ThirdPre;
use wasmtime_wasi_http::{Error, WasiBody, WasiHttpView};

use super::headers::{ACTOR, strip_request, strip_response};
use super::plugin::{Begun, Plugin};
use super::whole_body::{Broken, BrokenBody, Unfinished, WholeBody};
use crate::capabilities::http::{BodyFault, BoundedBody};
use crate::error::{CallError, LimitReached, PluginFault};
use crate::state::GuestState;

/// Lets a plugin answer.
pub(super) async fn answer(
    plugin: &Arc<Plugin>,
    actor: &Actor,
    request: PluginRequest,
) -> Result<PluginResponse, PluginFailure> {
    let limits = plugin.profile.limits;
    let limit_bytes = limits.routes.request_body_bytes_max;
    if request.body().size_hint().lower() > limit_bytes {
        return Ok(too_large(limit_bytes));
    }
    let Some(pre) = plugin.ready()?.routes.as_ref().map(share) else {
        return Err(plugin.unavailable("has no routes".to_owned()));
    };
    let deadline = Instant::now() + limits.times.request;
    let request = inward(plugin, actor, request, deadline);
    let begun = plugin.begin(limits.times.request, &CallChain::acting_for(actor.clone())).await?;
    let (sender, receiver) = oneshot::channel();
    let broken = Broken::default();
    let task = drive(Arc::clone(plugin), pre, begun, request, sender, broken.clone());
    let task = tokio::spawn(task);
    let task = EndOnDrop(Some(task));
    match receiver.await {
        Ok(Ok(response)) => {
            // From here on the body's reader decides how long the guest goes on, within its time.
            task.release();
            outward(plugin, response, deadline, broken)
        }
        // How the guest itself ended says more than the answer it owes, and is told once.
        Ok(Err(error)) => Err(task.failure(plugin, PluginFault::from(error)).await),
        Err(oneshot::Canceled) => {
            let message = "it gave no response".to_owned();
            Err(task.failure(plugin, PluginFault::Trap { message }).await)
        }
    }
}

/// Runs the guest until its response's body has been written.
async fn drive(
    plugin: Arc<Plugin>,
    pre: ProxyPre<GuestState>,
    begun: Begun,
    request: Request<WasiBody>,
    sender: oneshot::Sender<wasmtime::Result<Response<WasiBody>>>,
    broken: Broken,
) -> Result<(), PluginFailure> {
    let Begun { call, mut store } = begun;
    let work = async move {
        // Dropped before the store, so that the body's reader sees it when the body ends with the store.
        let unfinished = Unfinished::new(broken);
        let proxy = pre.instantiate_async(&mut store).await?;
        let run = store.run_concurrent(async |accessor| {
            let prepared = accessor.with(|mut access| {
                let view = <GuestState as WasiHttpView>::http;
                Prepared::new(access.as_context_mut(), &proxy, request, view, sender)
            })?;
            prepared.run(accessor, pending()).await?;
            poll_fn(|task| accessor.poll_no_interesting_tasks(task)).await;
            Ok::<(), wasmtime::Error>(())
        });
        let ended: wasmtime::Result<()> = run.await?;
        ended?;
        unfinished.finished();
        Ok(())
    };
    let outcome: Result<(), CallError> = call.guarded(work).await;
    plugin.settle(outcome)
}

/// A request as a guest sees it: without what is not for plugins, and with bounds on its body.
fn inward(
    plugin: &Plugin,
    actor: &Actor,
    request: PluginRequest,
    deadline: Instant,
) -> Request<WasiBody> {
    let (mut head, body) = request.into_parts();
    head.uri = absolute(&head.uri, head.headers.get(header::HOST));
    strip_request(&mut head.headers);
    if plugin.profile.has("actor:read")
        && let Ok(actor) = HeaderValue::try_from(actor.to_string())
    {
        head.headers.insert(ACTOR, actor);
    }
    let limit = plugin.profile.limits.routes.request_body_bytes_max;
    let body = body.map_err(|error| GuestFault(Error::InternalError(Some(error.to_string()))));
    let body = BoundedBody::new(body, limit, Some(deadline)).map_err(|it| it.0);
    Request::from_parts(head, body.boxed_unsync())
}

/// The interface wants a host, which an HTTP/1 request carries in a header.
fn absolute(uri: &Uri, host: Option<&HeaderValue>) -> Uri {
    let named = host.and_then(|it| Authority::try_from(it.as_bytes()).ok());
    let authority = uri.authority().cloned().or(named);
    let path = uri.path_and_query().filter(|it| it.as_str().starts_with('/')).cloned();
    let mut parts = http::uri::Parts::default();
    parts.scheme = Some(uri.scheme().cloned().unwrap_or(Scheme::HTTP));
    parts.authority = Some(authority.unwrap_or_else(|| Authority::from_static("localhost")));
    parts.path_and_query = Some(path.unwrap_or_else(|| PathAndQuery::from_static("/")));
    Uri::from_parts(parts).unwrap_or_else(|_| Uri::from_static("http://localhost/"))
}

/// A response as the world sees it.
fn outward(
    plugin: &Plugin,
    response: Response<WasiBody>,
    deadline: Instant,
    broken: Broken,
) -> Result<PluginResponse, PluginFailure> {
    let (mut head, body) = response.into_parts();
    if head.status.is_informational() {
        let message =
            format!("answered a request with the status {}, which ends none", head.status.as_u16());
        return Err(plugin.failed(&PluginFault::Trap { message }));
    }
    strip_response(&mut head.headers);
    let limit = plugin.profile.limits.routes.response_body_bytes_max;
    if body.size_hint().lower() > limit {
        return Err(plugin.failed(&LimitReached::Output { limit_bytes: limit }.into()));
    }
    let body = body.map_err(|error| OutwardFault(Box::new(error)));
    let body = WholeBody::new(body, broken);
    let body = BoundedBody::new(body, limit, Some(deadline)).map_err(|it| it.0);
    Ok(Response::from_parts(head, plugin_body(body)))
}

fn too_large(limit_bytes: u64) -> PluginResponse {
    let text =
        format!("the body is larger than {limit_bytes} bytes, the limit for requests to plugins\n");
    let mut response = Response::new(plugin_body(Full::from(text)));
    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// The library's type cannot be cloned, its parts can.
fn share(pre: &ProxyPre<GuestState>) -> ProxyPre<GuestState> {
    match pre {
        ProxyPre::P2(pre) => ProxyPre::P2(SecondPre::clone(pre)),
        ProxyPre::P3(pre) => ProxyPre::P3(ThirdPre::clone(pre)),
    }
}

/// Ends the guest when nobody waits for its response any more.
struct EndOnDrop(Option<JoinHandle<Result<(), PluginFailure>>>);

impl EndOnDrop {
    fn release(mut self) {
        self.0 = None;
    }

    /// Why the guest ended without a response; `otherwise` for one that ended well.
    async fn failure(mut self, plugin: &Plugin, otherwise: PluginFault) -> PluginFailure {
        let ended = match self.0.take() {
            Some(task) => task.await,
            None => Ok(Ok(())),
        };
        match ended {
            Ok(Err(failure)) => failure,
            Ok(Ok(())) | Err(_) => plugin.failed(&otherwise),
        }
    }
}

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

/// A fault of a request's body, for the guest.
struct GuestFault(Error);

/// A fault of a response's body, for the reader.
struct OutwardFault(BodyError);

impl BodyFault for GuestFault {
    fn too_large(limit_bytes: u64) -> Self {
        Self(Error::HttpRequestBodySize(Some(limit_bytes)))
    }
    fn too_slow() -> Self {
        Self(Error::ConnectionReadTimeout)
    }
}

impl BodyFault for OutwardFault {
    fn too_large(limit_bytes: u64) -> Self {
        Self(Box::new(LimitReached::Output { limit_bytes }))
    }
    fn too_slow() -> Self {
        Self(Box::new(LimitReached::Time { limit: Duration::ZERO }))
    }
}

impl BrokenBody for OutwardFault {
    fn broken() -> Self {
        Self("the plugin failed in the middle of its body".into())
    }
}
