//! `smartcms run --serve`: one component that exports `wasi:http`, alone behind a listener.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::{Request, Response};
use smartcms_app::ports::{Clock, Digest, PluginRecord, Plugins, plugin_body};
use smartcms_config::{Settings, Sources};
use smartcms_domain::actors::Actor;
use smartcms_domain::plugins::{Grants, PluginId};
use smartcms_http::plugin_answer;
use smartcms_plugin_host::{Condition, PluginHost};
use tokio::net::TcpListener;

use super::super::say;
use crate::compose::Alone;
use crate::failure::{Failure, exit};
use crate::server::{self, Answer};
use crate::world::SystemClock;

/// The file as the plugin that it is for as long as it is served. Its digest is that of its path: the component is
/// at hand, and nobody looks for it by what it holds.
pub(super) fn record(file: &Path, id: PluginId, grants: Grants) -> PluginRecord {
    PluginRecord {
        id,
        name: file.display().to_string(),
        version: "0.0.0".to_owned(),
        digest: Digest::of(file.as_os_str().as_encoded_bytes()),
        enabled: true,
        grants,
        settings: "{}".to_owned(),
        added_at: SystemClock.now(),
    }
}

pub(super) async fn serve(alone: Alone, listen: SocketAddr) -> anyhow::Result<ExitCode> {
    let stop = server::stop_signal().await.context("could not listen for signals")?;
    let id = alone.record.id.clone();
    let host = alone.host().await?;
    refuse_unusable(&host)?;
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("could not listen on {listen}"))?;
    say(format_args!("listening on http://{}", listener.local_addr()?));
    // The listener's own limits are those of a site without a configuration.
    let defaults = Settings::from_sources(&Sources::default())?;
    let answer = Only { host: Arc::new(host), id };
    server::serve(listener, answer, &defaults.server, stop).await;
    Ok(ExitCode::SUCCESS)
}

/// Says at once, and not with the first request, why a component cannot be served.
fn refuse_unusable(host: &PluginHost) -> anyhow::Result<()> {
    for health in host.health() {
        if let Condition::Unusable(reason) = health.condition {
            let hint = "`smartcms plugin inspect FILE` shows what it needs; --grant gives it";
            return Err(Failure::hinted(format!("{} {reason}", health.plugin), hint, exit::DENIED));
        }
    }
    Ok(())
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
