//! Short ways to sign in.

use std::time::Duration;

use smartcms_app::people::{
    Client, CreateOwner, PeopleError, Session, SignIn, SignInOutcome, SignedIn, create_owner,
    session, sign_in, start_owner_link,
};
use smartcms_app::ports::{NewUser, UserStore as _};
use smartcms_domain::actors::{Actor, Role, UserId};
use smartcms_domain::people::{EmailAddress, PersonName, SecretText};
use smartcms_testkit::TestApp;
use uuid::Uuid;

pub(crate) const OWNER: &str = "ada@example.com";
pub(crate) const PASSWORD: &str = "brown quartz lamp";
pub(crate) const HOUR_MS: i64 = 60 * 60 * 1_000;

/// A site with an owner, who is signed in.
pub(crate) async fn with_owner() -> (TestApp, SignedIn) {
    let app = TestApp::new();
    let link = start_owner_link(&app).await.unwrap().unwrap();
    let signed_in = create_owner(&app, owner(secret_in(link.reveal()))).await.unwrap();
    (app, signed_in)
}

pub(crate) fn owner(link: &str) -> CreateOwner {
    CreateOwner {
        link: link.to_owned(),
        email: OWNER.to_owned(),
        name: "Ada".to_owned(),
        password: SecretText::new(PASSWORD),
        client: Client::default(),
    }
}

/// What stands behind `link=` in a text.
pub(crate) fn secret_in(text: &str) -> &str {
    let (_, rest) = text.split_once("?link=").expect("there is a link");
    rest.split_whitespace().next().unwrap()
}

pub(crate) async fn try_in(
    app: &TestApp,
    email: &str,
    password: &str,
) -> Result<SignInOutcome, PeopleError> {
    let (email, password) = (email.to_owned(), SecretText::new(password));
    sign_in(app, SignIn { email, password, client: Client::default() }).await
}

pub(crate) async fn signed_in(app: &TestApp, email: &str) -> SignedIn {
    match try_in(app, email, PASSWORD).await.unwrap() {
        SignInOutcome::SignedIn(signed_in) => *signed_in,
        SignInOutcome::SecondFactor { .. } => panic!("a code is asked for"),
    }
}

pub(crate) async fn opens(app: &TestApp, secret: &SecretText) -> Option<Session> {
    session(app, secret.reveal()).await.unwrap()
}

/// Adds a person with the usual password.
pub(crate) async fn add(app: &TestApp, email: &str, role: Role) -> UserId {
    let id = UserId::new(Uuid::from_u128(u128::from(number_of(email))));
    let new = NewUser {
        id,
        email: EmailAddress::parse(email).unwrap(),
        name: PersonName::parse("Somebody").unwrap(),
        role,
        created_at: app.app.clock.now(),
        password_hash: Some(format!("new:salt:{PASSWORD}")),
    };
    app.store.add_user(new, false).await.unwrap();
    id
}

pub(crate) fn acting(id: UserId, role: Role) -> Actor {
    Actor::User { id, role }
}

pub(crate) fn client(address: &str) -> Client {
    Client { address: Some(address.parse().unwrap()), user_agent: "a browser".to_owned() }
}

pub(crate) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap()
}

fn number_of(text: &str) -> u64 {
    text.bytes().fold(7, |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)))
}
