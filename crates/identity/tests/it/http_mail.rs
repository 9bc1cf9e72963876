//! Mail over HTTP, posted to a service that is only pretended.

use std::collections::VecDeque;
use std::error::Error;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use http::{HeaderMap, Method};
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};
use smartcms_app::ports::{
    Mail, MailError, Mailer, Outbound, OutboundError, OutboundRequest, OutboundResponse,
};
use smartcms_domain::people::EmailAddress;
use smartcms_identity::{HttpMail, HttpMailSettings, Sender};
use uuid::Uuid;

const ADDRESS: &str = "https://mail.example.com/emails";
const KEY: &str = "sesame-open";

/// A service that answers from a list, and 200 when it is empty.
#[derive(Default)]
struct Service {
    answers: Mutex<VecDeque<Result<(u16, String), OutboundError>>>,
    got: Mutex<Vec<OutboundRequest>>,
}

#[async_trait]
impl Outbound for Service {
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        let url = request.url.clone();
        self.got.lock().unwrap().push(request);
        let answer = self.answers.lock().unwrap().pop_front();
        let (status, text) = answer.unwrap_or(Ok((200, String::new())))?;
        let body = Full::from(text).map_err(|never| match never {}).boxed_unsync();
        Ok(OutboundResponse { status, headers: HeaderMap::new(), url, body })
    }
}

fn settings(key: Option<&str>) -> HttpMailSettings {
    let sender = Sender::of_site("cms@example.com", "", "A \"site\"");
    HttpMailSettings { address: ADDRESS.to_owned(), key: key.map(str::to_owned), sender }
}

fn mailer(key: Option<&str>) -> (HttpMail, Arc<Service>) {
    let service = Arc::new(Service::default());
    let mailer = HttpMail::new(settings(key), Arc::clone(&service) as _).unwrap();
    (mailer, service)
}

fn mail(id: u128) -> Mail {
    Mail {
        id: Uuid::from_u128(id),
        to: EmailAddress::parse("ada@example.com").unwrap(),
        subject: "Grüße".to_owned(),
        text: "Hello Ada,\n\"here\" it is.\n".to_owned(),
    }
}

/// Why a message was not sent by a service that answers like this.
async fn unsent(answer: Result<(u16, &str), OutboundError>) -> MailError {
    let (mailer, service) = mailer(Some(KEY));
    let answer = answer.map(|(status, text)| (status, text.to_owned()));
    service.answers.lock().unwrap().push_back(answer);
    mailer.send(mail(1)).await.unwrap_err()
}

/// What a log would have of an error.
fn logged(error: &MailError) -> String {
    format!("{error}: {}", error.source().unwrap())
}

#[tokio::test]
async fn a_message_is_one_request_with_the_key() {
    let (mailer, service) = mailer(Some(KEY));
    assert!(mailer.reaches_people());
    mailer.send(mail(1)).await.unwrap();
    let got = service.got.lock().unwrap();
    let [request] = got.as_slice() else { panic!("{got:?}") };
    assert_eq!((&request.method, request.url.as_str()), (&Method::POST, ADDRESS));
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(request.headers["authorization"], format!("Bearer {KEY}"));
    assert_eq!(request.redirects_max, 0);
    assert!(!format!("{request:?}").contains(KEY));
    assert_eq!(
        serde_json::from_slice::<Value>(&request.body).unwrap(),
        json!({
            "from": "\"A \\\"site\\\"\" <cms@example.com>",
            "to": ["ada@example.com"],
            "subject": "Grüße",
            "text": "Hello Ada,\n\"here\" it is.\n",
        })
    );
}

#[tokio::test]
async fn without_a_key_nothing_says_who_asks() {
    let (mailer, service) = mailer(None);
    mailer.send(mail(1)).await.unwrap();
    assert!(!service.got.lock().unwrap()[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn what_is_sent_again_has_the_same_idempotency_key() {
    let (mailer, service) = mailer(None);
    for id in [1, 1, 2] {
        mailer.send(mail(id)).await.unwrap();
    }
    let got = service.got.lock().unwrap();
    let keys: Vec<_> = got.iter().map(|it| it.headers["idempotency-key"].clone()).collect();
    assert_eq!(keys[0], keys[1]);
    assert_ne!(keys[0], keys[2]);
}

#[tokio::test]
async fn what_may_change_is_for_later_and_what_is_refused_is_not() {
    let host = || "mail.example.com:443".to_owned();
    let (reason, rule) = ("closed".to_owned(), "a loopback address".to_owned());
    let away = OutboundError::Connect { host: host(), reason };
    let private = OutboundError::Refused { host: host(), address: "::1".to_owned(), rule };
    for later in [Ok((429, "")), Ok((503, "not now")), Err(away)] {
        let error = unsent(later).await;
        assert!(matches!(error, MailError::NotNow(_)), "{error:?}");
    }
    for refused in [Ok((302, "")), Ok((401, "")), Ok((422, "")), Err(private)] {
        let error = unsent(refused).await;
        assert!(matches!(error, MailError::Refused(_)), "{error:?}");
    }
}

#[tokio::test]
async fn a_refusal_says_what_the_service_says_and_neither_the_key_nor_for_whom() {
    let repeats = format!("{{\"message\": \"{KEY} may not write to ada@example.com\"}}");
    let error = unsent(Ok((422, &repeats))).await;
    let expected = format!("a message was refused: {ADDRESS} answers 422: … may not write to …");
    assert_eq!(logged(&error), expected);
    let error = unsent(Ok((503, ""))).await;
    let expected = format!("could not take over a message: {ADDRESS} answers 503");
    assert_eq!(logged(&error), expected);
}

#[test]
fn settings_that_cannot_work_are_told_at_once_and_the_key_is_not() {
    let told = |change: fn(&mut HttpMailSettings)| {
        let mut settings = settings(Some(KEY));
        change(&mut settings);
        HttpMail::new(settings, Arc::new(Service::default())).err().unwrap().to_string()
    };
    assert!(told(|it| it.address = "https://".to_owned()).contains("mail.http_address"));
    assert!(told(|it| it.sender.address = "nobody".to_owned()).contains("`nobody`"));
    let key = told(|it| it.key = Some(format!("{KEY}\n")));
    assert!(key.contains("mail.http_key") && !key.contains(KEY), "{key}");
}
