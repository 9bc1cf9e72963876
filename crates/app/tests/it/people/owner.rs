//! The first owner comes by the link of this start, once.

use smartcms_app::people::{
    OWNER_PATH, accept_configured_secret, create_owner, owner_link_is_good, start_owner_link,
};
use smartcms_domain::actors::Rank;
use smartcms_domain::people::SecretText;
use smartcms_testkit::TestApp;

use super::support::{HOUR_MS, OWNER, opens, owner, secret_in};
use crate::support::check_code;

#[tokio::test]
async fn the_link_makes_an_owner_who_is_signed_in() {
    let app = TestApp::new();
    let link = start_owner_link(&app).await.unwrap().unwrap();
    assert!(link.reveal().starts_with(&format!("https://site.example{OWNER_PATH}?link=")));
    let secret = secret_in(link.reveal());
    assert!(owner_link_is_good(&app, secret).await.unwrap());
    let signed_in = create_owner(&app, owner(secret)).await.unwrap();
    let session = opens(&app, &signed_in.secret).await.unwrap();
    assert_eq!((session.user.role, session.user.email.as_str()), (Rank::Owner.into(), OWNER));
}

#[tokio::test]
async fn the_link_is_good_once() {
    let app = TestApp::new();
    let link = start_owner_link(&app).await.unwrap().unwrap();
    let secret = secret_in(link.reveal());
    create_owner(&app, owner(secret)).await.unwrap();
    assert!(!owner_link_is_good(&app, secret).await.unwrap());
    check_code(create_owner(&app, owner(secret)).await, "people.link-not-good");
    assert_eq!(start_owner_link(&app).await.unwrap(), None, "there is somebody");
}

#[tokio::test]
async fn the_secret_of_the_configuration_makes_the_first_owner_and_no_other() {
    let app = TestApp::new();
    let secret = format!("smc_{}", "a".repeat(40));
    assert!(!owner_link_is_good(&app, &secret).await.unwrap());
    accept_configured_secret(&app, &SecretText::new(&secret));
    assert!(owner_link_is_good(&app, &secret).await.unwrap());
    assert!(!owner_link_is_good(&app, &secret.replace("aa", "ab")).await.unwrap());
    create_owner(&app, owner(&secret)).await.unwrap();
    assert!(!owner_link_is_good(&app, &secret).await.unwrap());
    let mut second = owner(&secret);
    second.email = "eve@example.com".to_owned();
    check_code(create_owner(&app, second).await, "people.owner-exists");
}

#[tokio::test]
async fn the_link_of_an_earlier_start_is_good_for_nothing() {
    let app = TestApp::new();
    let first = start_owner_link(&app).await.unwrap().unwrap();
    let second = start_owner_link(&app).await.unwrap().unwrap();
    assert!(!owner_link_is_good(&app, secret_in(first.reveal())).await.unwrap());
    assert!(owner_link_is_good(&app, secret_in(second.reveal())).await.unwrap());
    for nonsense in ["", "x", &"x".repeat(5_000)] {
        assert!(!owner_link_is_good(&app, nonsense).await.unwrap());
    }
}

#[tokio::test]
async fn the_link_ends_with_its_hour() {
    let app = TestApp::new();
    let link = start_owner_link(&app).await.unwrap().unwrap();
    app.clock.advance(HOUR_MS - 1);
    assert!(owner_link_is_good(&app, secret_in(link.reveal())).await.unwrap());
    app.clock.advance(1);
    check_code(create_owner(&app, owner(secret_in(link.reveal()))).await, "people.link-not-good");
}

#[tokio::test]
async fn of_two_who_come_at_once_one_is_the_owner() {
    let app = TestApp::new();
    let link = start_owner_link(&app).await.unwrap().unwrap();
    let secret = secret_in(link.reveal());
    let mut second = owner(secret);
    second.email = "eve@example.com".to_owned();
    let (one, two) = tokio::join!(create_owner(&app, owner(secret)), create_owner(&app, second));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
}

#[tokio::test]
async fn a_mistake_leaves_the_link_good() {
    let app = TestApp::new();
    let link = start_owner_link(&app).await.unwrap().unwrap();
    let mut weak = owner(secret_in(link.reveal()));
    weak.password = SecretText::new("password1234");
    check_code(create_owner(&app, weak).await, "people.invalid");
    let mut odd = owner(secret_in(link.reveal()));
    odd.email = "nowhere".to_owned();
    check_code(create_owner(&app, odd).await, "people.invalid");
    create_owner(&app, owner(secret_in(link.reveal()))).await.unwrap();
}
