//! Mail over HTTP: a request for each message, in the form of Resend's interface, which a function of one's own takes as
//! easily.
//!
//! The key is sent and never shown, and neither is whom a message is for: not in logs, and not in the answers of a service
//! that repeats them.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use serde_json::json;
use smartcms_app::ports::{Mail, MailError, Mailer, Outbound, OutboundError, OutboundRequest};

use super::answer::{ANSWER_BYTES_MAX, Verdict, judge, shown};
use super::sender::Sender;

/// How long one request may take.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(15);
/// By which a service knows a message again that it has already.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A service that sends mail.
#[derive(Clone)]
pub struct HttpMailSettings {
    /// Where messages are posted.
    pub address: String,
    /// What says who asks.
    pub key: Option<String>,
    /// Who the messages are from.
    pub sender: Sender,
}

/// Mail cannot be sent over HTTP as it is set.
#[derive(Debug, thiserror::Error)]
pub enum HttpMailSetupError {
    /// The address of the service is none.
    #[error(
        "`{0}` is not an address that mail can be posted to; `mail.http_address` looks like https://mail.example.com/emails"
    )]
    Address(String),
    /// The address of the sender is none.
    #[error("`{0}` cannot be the sender of mail; `mail.from` looks like cms@example.com")]
    From(String),
    /// The key is no text of a header.
    #[error("`mail.http_key` has characters that cannot be sent")]
    Key,
}

/// Posts each message to a service.
pub struct HttpMail {
    outbound: Arc<dyn Outbound>,
    settings: HttpMailSettings,
    authorization: Option<HeaderValue>,
}

#[derive(Debug, thiserror::Error)]
#[error("{address} answers {status}{}{said}", if said.is_empty() { "" } else { ": " })]
struct Answered {
    address: String,
    status: u16,
    said: String,
}

impl HttpMail {
    /// Checks the settings. Nothing is asked yet.
    pub fn new(
        settings: HttpMailSettings,
        outbound: Arc<dyn Outbound>,
    ) -> Result<Self, HttpMailSetupError> {
        if settings.address.parse::<Uri>().ok().as_ref().and_then(Uri::host).is_none() {
            return Err(HttpMailSetupError::Address(settings.address));
        }
        if !settings.sender.is_plausible() {
            return Err(HttpMailSetupError::From(settings.sender.address));
        }
        let authorization = settings.key.as_deref().map(bearer).transpose()?;
        Ok(Self { outbound, settings, authorization })
    }

    fn request(&self, mail: &Mail) -> Result<OutboundRequest, MailError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let id = HeaderValue::from_str(&mail.id.to_string());
        headers.insert(IDEMPOTENCY_KEY, id.map_err(|it| MailError::Refused(Box::new(it)))?);
        if let Some(authorization) = &self.authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        Ok(OutboundRequest {
            method: Method::POST,
            url: self.settings.address.clone(),
            headers,
            body: body(&self.settings.sender, mail),
            time_max: REQUEST_TIME_MAX,
            // No more than the beginning is read, whatever comes.
            bytes_max: u64::MAX,
            // Neither the key nor the message is for wherever a service sends us on to.
            redirects_max: 0,
        })
    }
}

#[async_trait]
impl Mailer for HttpMail {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let request = self.request(&mail)?;
        let response = self.outbound.send(request).await.map_err(unsent)?;
        let status = response.status;
        let verdict = judge(status);
        if verdict == Verdict::Taken {
            return Ok(());
        }
        let answer = response.beginning(ANSWER_BYTES_MAX).await;
        let key = self.settings.key.as_deref().unwrap_or_default();
        let said = shown(&answer, &[key, mail.to.as_str()]);
        let answered = Answered { address: self.settings.address.clone(), status, said };
        Err(match verdict {
            Verdict::Again => MailError::NotNow(Box::new(answered)),
            Verdict::Taken | Verdict::Refused => MailError::Refused(Box::new(answered)),
        })
    }

    fn reaches_people(&self) -> bool {
        true
    }
}

fn bearer(key: &str) -> Result<HeaderValue, HttpMailSetupError> {
    let value = HeaderValue::from_str(&format!("Bearer {key}"));
    let mut value = value.map_err(|_| HttpMailSetupError::Key)?;
    value.set_sensitive(true);
    Ok(value)
}

fn body(sender: &Sender, mail: &Mail) -> Bytes {
    let message = json!({
        "from": sender.mailbox(),
        "to": [mail.to.as_str()],
        "subject": mail.subject,
        "text": mail.text,
    });
    message.to_string().into()
}

/// A request that came to nothing: what stands in the settings is the same the next time.
fn unsent(error: OutboundError) -> MailError {
    match error {
        OutboundError::BadUrl { .. } | OutboundError::Refused { .. } => {
            MailError::Refused(Box::new(error))
        }
        _ => MailError::NotNow(Box::new(error)),
    }
}
