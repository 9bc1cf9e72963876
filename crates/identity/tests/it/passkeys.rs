//! A passkey lets its owner in, at this site, once for each challenge.

use std::sync::Arc;

use smartcms_app::Fault;
use smartcms_app::OpContext;
use smartcms_app::audit::list_audit;
use smartcms_app::people::{
    AddPasskey, Client, CreateOwner, PasskeySignIn, People, PeopleError, Session, SignedIn,
    add_passkey, begin_passkey, begin_passkey_sign_in, create_owner, disable_user, list_passkeys,
    list_sessions, remove_passkey, remove_passkeys_of, rename_passkey, session,
    sign_in_with_passkey, start_owner_link,
};
use smartcms_app::ports::{AuditQuery, Clock, PasskeyRecord};
use smartcms_domain::actors::{Actor, Role, UserId};
use smartcms_domain::people::SecretText;
use smartcms_identity::WebauthnPasskeys;
use smartcms_testkit::{CountingHasher, FixedClock, Mailbox, MemoryStore, TestApp, people_parts};

use crate::authenticator::Authenticator;

const HOST: &str = "site.example";

/// A site with passkeys, and its owner's session.
async fn site() -> (TestApp, Session) {
    let app = TestApp::with(|mut parts| {
        let store = Arc::new(MemoryStore::default());
        let people = people_parts(
            &store,
            &Arc::new(CountingHasher::default()),
            &Arc::new(Mailbox::default()),
        );
        let passkeys = WebauthnPasskeys::for_site(&parts.site.base_url, "Test site").unwrap();
        let people = smartcms_app::people::PeopleParts { passkeys: Arc::new(passkeys), ..people };
        let clock = Arc::new(FixedClock::default()) as Arc<dyn Clock>;
        parts.people = Arc::new(People::new(people, clock));
        parts
    });
    let link = start_owner_link(&app).await.unwrap().unwrap();
    let owner = CreateOwner {
        link: link.reveal().split_once("link=").unwrap().1.to_owned(),
        email: "ada@example.com".to_owned(),
        name: "Ada".to_owned(),
        password: SecretText::new("brown quartz lamp"),
        client: Client::default(),
    };
    let begun = create_owner(&app, owner).await.unwrap();
    let opened = session(&app, begun.secret.reveal()).await.unwrap().unwrap();
    (app, opened)
}

async fn add(
    app: &TestApp,
    session: &Session,
    key: &mut Authenticator,
) -> Result<PasskeyRecord, PeopleError> {
    let asked = begin_passkey(app, session).await.unwrap();
    let answer = key.create(&asked.question);
    let ticket = asked.ticket.reveal().to_owned();
    let (name, client) = ("My key".to_owned(), Client::default());
    add_passkey(app, session, AddPasskey { ticket, answer, name, client }).await
}

async fn enter(app: &TestApp, key: &mut Authenticator) -> Result<SignedIn, PeopleError> {
    let asked = begin_passkey_sign_in(app, &Client::default()).await.unwrap();
    let answer = key.get(&asked.question);
    answer_with(app, asked.ticket.reveal(), &answer).await
}

async fn answer_with(app: &TestApp, ticket: &str, answer: &str) -> Result<SignedIn, PeopleError> {
    let (ticket, answer) = (ticket.to_owned(), answer.to_owned());
    sign_in_with_passkey(app, PasskeySignIn { ticket, answer, client: Client::default() }).await
}

#[track_caller]
fn check<T: std::fmt::Debug>(outcome: Result<T, PeopleError>, code: &str) {
    assert_eq!(outcome.unwrap_err().code(), code);
}

#[tokio::test]
async fn a_passkey_lets_its_owner_in_without_a_name_or_a_password() {
    let (app, session) = site().await;
    let mut key = Authenticator::new(HOST, b"key one of ada");
    let added = add(&app, &session, &mut key).await.unwrap();
    assert_eq!((added.name.as_str(), added.used_at), ("My key", None));
    let signed_in = enter(&app, &mut key).await.unwrap();
    assert_eq!(signed_in.user.id, session.user.id);
    enter(&app, &mut key).await.unwrap();
    assert!(list_passkeys(&app, &session).await.unwrap().first().unwrap().used_at.is_some());
    let nobody = Client::default();
    rename_passkey(&app, &session, &added.id, "Key at the door", &nobody).await.unwrap();
    assert_eq!(list_passkeys(&app, &session).await.unwrap()[0].name, "Key at the door");
    remove_passkey(&app, &session, &added.id, &nobody).await.unwrap();
    check(enter(&app, &mut key).await, "people.refused");
    let said = recorded(&app).await;
    for operation in ["user.passkey_added", "user.passkey_renamed", "user.passkey_removed"] {
        assert!(said.iter().any(|it| it == operation), "{operation} in {said:?}");
    }
}

#[tokio::test]
async fn who_manages_people_takes_lost_passkeys_away() {
    let (app, session) = site().await;
    let mut key = Authenticator::new(HOST, b"key one of ada");
    add(&app, &session, &mut key).await.unwrap();
    let id = session.user.id;
    let editor = Actor::User {
        id: UserId::parse("01900000-0000-7000-8000-0000000000aa").unwrap(),
        role: Role::EDITOR,
    };
    let refused = remove_passkeys_of(&OpContext::new(&app, &editor), id).await;
    check(refused, "people.denied");
    let operator = OpContext::new(&app, &Actor::Operator);
    assert_eq!(remove_passkeys_of(&operator, id).await.unwrap(), 1);
    check(enter(&app, &mut key).await, "people.refused");
    assert_eq!(list_sessions(&operator, id).await.unwrap(), [], "and the sessions have ended");
    assert!(recorded(&app).await.iter().any(|it| it == "user.passkeys_removed"));
}

/// The operations of the audit log.
async fn recorded(app: &TestApp) -> Vec<String> {
    let query = AuditQuery { limit: 100, ..AuditQuery::default() };
    let page = list_audit(&OpContext::new(app, &Actor::Operator), query).await.unwrap();
    page.records.into_iter().map(|it| it.operation).collect()
}

#[tokio::test]
async fn an_answer_is_good_once_and_for_its_own_challenge() {
    let (app, session) = site().await;
    let mut key = Authenticator::new(HOST, b"key one of ada");
    add(&app, &session, &mut key).await.unwrap();
    let asked = begin_passkey_sign_in(&app, &Client::default()).await.unwrap();
    let answer = key.get(&asked.question);
    answer_with(&app, asked.ticket.reveal(), &answer).await.unwrap();
    check(answer_with(&app, asked.ticket.reveal(), &answer).await, "people.link-not-good");
    let other = begin_passkey_sign_in(&app, &Client::default()).await.unwrap();
    check(answer_with(&app, other.ticket.reveal(), &answer).await, "people.passkey");
}

#[tokio::test]
async fn what_another_site_was_answered_is_good_for_nothing_here() {
    let (app, session) = site().await;
    let mut key = Authenticator::new(HOST, b"key one of ada");
    add(&app, &session, &mut key).await.unwrap();
    key.origin = "https://site.example.evil.test".to_owned();
    check(enter(&app, &mut key).await, "people.passkey");
    key.origin = "https://site.example".to_owned();
    key.host = "evil.test".to_owned();
    check(enter(&app, &mut key).await, "people.passkey");
    key.host = HOST.to_owned();
    enter(&app, &mut key).await.unwrap();
}

#[tokio::test]
async fn a_key_that_does_not_look_at_its_owner_proves_nothing() {
    let (app, session) = site().await;
    let mut key = Authenticator::new(HOST, b"key one of ada");
    key.verifies = false;
    check(add(&app, &session, &mut key).await, "people.passkey");
    key.verifies = true;
    add(&app, &session, &mut key).await.unwrap();
    key.verifies = false;
    check(enter(&app, &mut key).await, "people.passkey");
}

#[tokio::test]
async fn a_copy_of_a_key_is_found_out_and_another_key_opens_nothing() {
    let (app, session) = site().await;
    let mut key = Authenticator::new(HOST, b"key one of ada");
    add(&app, &session, &mut key).await.unwrap();
    key.counter = 10;
    enter(&app, &mut key).await.unwrap();
    key.counter = 5;
    check(enter(&app, &mut key).await, "people.passkey");
    let mut stranger = Authenticator::new(HOST, b"key one of ada");
    stranger.counter = 100;
    check(enter(&app, &mut stranger).await, "people.passkey");
}

#[tokio::test]
async fn who_is_disabled_has_no_way_in() {
    let (app, session) = site().await;
    let mut key = Authenticator::new(HOST, b"key one of ada");
    add(&app, &session, &mut key).await.unwrap();
    let ctx = OpContext::new(&app, &Actor::Operator);
    let second = smartcms_app::people::CreateUser {
        email: "second@example.com".to_owned(),
        name: "Second".to_owned(),
        role: smartcms_domain::actors::Rank::Owner.into(),
    };
    smartcms_app::people::create_user(&ctx, second).await.unwrap();
    disable_user(&ctx, session.user.id).await.unwrap();
    check(enter(&app, &mut key).await, "people.refused");
}

#[test]
fn only_a_site_with_a_host_name_and_tls_has_passkeys() {
    let has = |url: &str| WebauthnPasskeys::for_site(url, "Site").is_some();
    assert!(has("https://site.example") && has("http://localhost:8080"));
    for without in ["http://127.0.0.1:8080", "https://[::1]", "http://site.example", "nonsense"] {
        assert!(!has(without), "{without}");
    }
}
