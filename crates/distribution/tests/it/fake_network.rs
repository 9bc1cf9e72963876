//! A network of hosts that answer as they were told, and keep what they were sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http_body_util::{BodyExt, Full};
use smartcms_app::ports::{Outbound, OutboundError, OutboundRequest, OutboundResponse};
use smartcms_distribution::{
    CredentialError, CredentialSource, Credentials, Reference, RegistryClient, RegistryClientParts,
    RegistryLimits,
};

/// One way out of the client: to the registry itself, or to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Home,
    Away,
}

/// What was sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) way: Way,
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: String,
}

/// An answer.
#[derive(Clone, Default)]
pub(crate) struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

#[derive(Default)]
pub(crate) struct FakeNetwork {
    /// By address, without the query.
    answers: Mutex<BTreeMap<String, Vec<Answer>>>,
    sent: Mutex<Vec<Sent>>,
}

struct Port(Arc<FakeNetwork>, Way);

/// Whoever asks for `registry.example.com` gets these.
pub(crate) struct Known(pub(crate) Credentials);

impl Answer {
    pub(crate) fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, headers: HeaderMap::new(), body: body.into() }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        let name = HeaderName::from_static(name);
        self.headers.append(name, HeaderValue::from_str(value).unwrap());
        self
    }
}

impl FakeNetwork {
    /// What an address answers, one after the other; the last one stays.
    pub(crate) fn tell(&self, url: &str, answers: Vec<Answer>) {
        self.answers.lock().unwrap().insert(url.to_owned(), answers);
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    /// A client of `reference` with these credentials.
    pub(crate) fn client(
        self: &Arc<Self>,
        reference: &Reference,
        credentials: Credentials,
        token_hosts: &[&str],
    ) -> RegistryClient {
        let port = |way| Arc::new(Port(Arc::clone(self), way));
        RegistryClient::new(
            reference,
            RegistryClientParts {
                home: port(Way::Home),
                away: port(Way::Away),
                credentials: Arc::new(Known(credentials)),
                token_hosts: token_hosts.iter().map(|it| (*it).to_owned()).collect(),
                is_plain: false,
                limits: RegistryLimits::default(),
            },
        )
    }
}

#[async_trait]
impl CredentialSource for Known {
    async fn find(&self, registry: &str) -> Result<Option<Credentials>, CredentialError> {
        Ok((registry == "registry.example.com").then(|| self.0.clone()))
    }
}

#[async_trait]
impl Outbound for Port {
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        assert_eq!(request.redirects_max, 0, "the client decides on redirects");
        let header = request.headers.get("authorization");
        self.0.sent.lock().unwrap().push(Sent {
            way: self.1,
            method: request.method.to_string(),
            url: request.url.clone(),
            authorization: header.map(|it| it.to_str().unwrap().to_owned()),
            body: String::from_utf8_lossy(&request.body).into_owned(),
        });
        let place = request.url.split('?').next().unwrap();
        let mut answers = self.0.answers.lock().unwrap();
        let answer = match answers.get_mut(place) {
            Some(answers) if answers.len() > 1 => answers.remove(0),
            Some(answers) => answers[0].clone(),
            None => Answer::new(404, ""),
        };
        let body = Full::new(answer.body).map_err(|never| match never {});
        Ok(OutboundResponse {
            status: answer.status,
            headers: answer.headers,
            url: request.url,
            body: body.boxed_unsync(),
        })
    }
}
