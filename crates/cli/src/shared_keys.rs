//! Keys for sites that run elsewhere: a listener of their own, beside that of the site.

use std::net::SocketAddr;

use axum::body::Body;
use hyper::body::Incoming;
use hyper::{Request, Response};
use smartcms_config::{ServerSettings, SharedKeysSettings};
use smartcms_http::SharedKeysService;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::failure::{Failure, exit};
use crate::server::{self, Answer};

/// Answers the requests of sites elsewhere.
#[derive(Clone)]
pub(crate) struct KeysAnswer(pub(crate) SharedKeysService);

impl Answer for KeysAnswer {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        self.0.handle(request.map(Body::new)).await
    }
}

/// Takes the port, where the settings name one.
pub(crate) async fn listen(
    settings: Option<&SharedKeysSettings>,
) -> anyhow::Result<Option<TcpListener>> {
    let Some(settings) = settings else { return Ok(None) };
    let listener = TcpListener::bind(settings.listen).await;
    Ok(Some(listener.map_err(|error| taken(settings.listen, &error))?))
}

fn taken(listen: SocketAddr, error: &std::io::Error) -> anyhow::Error {
    Failure::hinted(
        format!("could not offer keys at {listen}: {error}"),
        "choose another address by the setting `keys.listen`, or stop what listens there",
        exit::CONFLICT,
    )
}

/// Answers until it is told that the server ends.
pub(crate) async fn serve(
    listener: TcpListener,
    answer: KeysAnswer,
    settings: ServerSettings,
    mut ending: watch::Receiver<bool>,
) {
    let stop = async move {
        // Whoever would tell is gone: that is an end, too.
        let _ = ending.wait_for(|it| *it).await;
    };
    server::serve(listener, answer, &settings, stop).await;
}
