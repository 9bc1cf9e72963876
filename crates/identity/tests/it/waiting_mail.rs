//! Messages that wait until somebody sends them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use smartcms_app::ports::{Mail, MailError, Mailer};
use smartcms_identity::WaitingMail;

use crate::mail::mail;

/// How a try ends that does not succeed.
type Failure = fn(Box<dyn std::error::Error + Send + Sync>) -> MailError;

/// A way that fails as a list says, and then succeeds.
#[derive(Default)]
struct Way {
    failures: Mutex<VecDeque<Failure>>,
    tried: Mutex<Vec<String>>,
}

#[async_trait]
impl Mailer for Way {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        self.tried.lock().unwrap().push(mail.subject);
        let failure = self.failures.lock().unwrap().pop_front();
        failure.map_or(Ok(()), |failure| Err(failure("closed".into())))
    }

    fn reaches_people(&self) -> bool {
        true
    }
}

fn waiting(failures: &[Failure]) -> (WaitingMail, Arc<Way>) {
    let way = Arc::new(Way::default());
    way.failures.lock().unwrap().extend(failures);
    (WaitingMail::new(Arc::clone(&way) as _), way)
}

impl Way {
    fn tries(&self) -> usize {
        self.tried.lock().unwrap().len()
    }
}

#[tokio::test]
async fn a_message_is_sent_when_it_is_said_and_once() {
    let (waiting, way) = waiting(&[]);
    assert!(waiting.reaches_people() && !waiting.has_any());
    waiting.send(mail("one")).await.unwrap();
    assert!(waiting.has_any());
    assert_eq!(way.tries(), 0, "nothing is sent yet");
    waiting.send_due(1_000).await;
    waiting.send_due(2_000).await;
    assert_eq!(way.tries(), 1);
    assert!(!waiting.has_any());
}

#[tokio::test]
async fn what_cannot_be_sent_is_tried_again_with_growing_pauses_and_then_given_up() {
    let (waiting, way) = waiting(&[MailError::NotNow as Failure; 9]);
    waiting.send(mail("one")).await.unwrap();
    let mut now = 1_000;
    waiting.send_due(now).await;
    for (tries, pause) in [2, 20, 120, 600].into_iter().enumerate() {
        assert_eq!(way.tries(), tries + 1);
        waiting.send_due(now + pause - 1).await;
        assert_eq!(way.tries(), tries + 1, "{pause} seconds have not passed");
        now += pause;
        waiting.send_due(now).await;
    }
    assert_eq!(way.tries(), 5);
    assert!(!waiting.has_any(), "it is given up");
}

#[tokio::test]
async fn what_is_refused_is_given_up_at_once_and_what_comes_after_it_is_sent() {
    let (waiting, way) = waiting(&[MailError::Refused]);
    for subject in ["one", "two"] {
        waiting.send(mail(subject)).await.unwrap();
    }
    waiting.send_due(1_000).await;
    assert_eq!(*way.tried.lock().unwrap(), ["one", "two"]);
    assert!(!waiting.has_any());
}

#[tokio::test]
async fn a_request_sends_some_and_the_next_one_more() {
    let (waiting, way) = waiting(&[]);
    for _ in 0..10 {
        waiting.send(mail("one of many")).await.unwrap();
    }
    waiting.send_due(1_000).await;
    assert_eq!(way.tries(), 8);
    waiting.send_due(1_000).await;
    assert_eq!(way.tries(), 10);
}

#[tokio::test]
async fn more_than_can_wait_is_refused() {
    let (waiting, _) = waiting(&[]);
    for _ in 0..1_000 {
        waiting.send(mail("flood")).await.unwrap();
    }
    assert!(matches!(waiting.send(mail("flood")).await, Err(MailError::NotNow(_))));
}
