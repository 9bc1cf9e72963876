//! `smartcms run --serve`: one component that exports `wasi:http`, alone behind a listener.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use axum::body::Body;
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::{Request, Response};
use smartcms_app::ports::{Clock, Digest, PluginRecord, Plugins, plugin_body};
use smartcms_config::{Settings, Sources};
use smartcms_domain::actors::Actor;
use smartcms_domain::plugins::{Grants, PluginId};
use smartcms_http::plugin_answer;
use smartcms_plugin_host::{ComponentLoader, PluginHost, to_component};
use tokio::net::TcpListener;

use super::super::say;
use super::limits::RunLimits;
use super::{Keys, plugin_id};
use crate::compose::one_plugin;
use crate::server::{self, Answer};
use crate::world::SystemClock;

pub(super) async fn serve(
    path: &Path,
    file: Vec<u8>,
    grants: Grants,
    limits: RunLimits,
    keys: Keys,
    loader: ComponentLoader,
    listen: SocketAddr,
) -> anyhow::Result<ExitCode> {
    let stop = server::stop_signal().await.context("could not listen for signals")?;
    let component = Bytes::from(to_component(&file)?.wasm.into_owned());
    let id = plugin_id(path)?;
    let record = PluginRecord {
        id: id.clone(),
        name: path.display().to_string(),
        version: "0.0.0".to_owned(),
        digest: Digest::of(&component),
        enabled: true,
        grants,
        settings: "{}".to_owned(),
        added_at: SystemClock.now(),
    };
    let store = Arc::clone(&keys.store);
    let host = one_plugin((record, component), loader, store.clone(), store, limits.plugin).await?;
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("could not listen on {listen}"))?;
    say(format_args!("listening on http://{}", listener.local_addr()?));
    // The listener's own limits are those of a site without a configuration.
    let defaults = Settings::from_sources(&Sources::default())?;
    let answer = Only { host: Arc::new(host), id };
    server::serve(listener, answer, &defaults.server, stop).await;
    Ok(ExitCode::SUCCESS)
}

#[derive(Clone)]
struct Only {
    host: Arc<PluginHost>,
    id: PluginId,
}

impl Answer for Only {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let request = request.map(plugin_body);
        plugin_answer(self.host.route(&self.id, &Actor::Anonymous, request).await)
    }
}
