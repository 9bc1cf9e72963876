//! Tokens let in whom they name, and nobody else.

use smartcms_app::OpContext;
use smartcms_app::tokens::{CreateToken, authenticate, create_token, list_tokens, revoke_token};
use smartcms_domain::actors::{Actor, Rank, Role};
use smartcms_testkit::TestApp;
use smartcms_testkit::builders::at;

use crate::support::check_code;

fn operator(app: &TestApp) -> OpContext<'_> {
    OpContext::new(app, &Actor::Operator)
}

fn named(name: &str) -> CreateToken {
    CreateToken::new(name, Rank::Author)
}

#[tokio::test]
async fn a_token_lets_its_bearer_in_until_it_is_revoked() {
    let app = TestApp::new();
    let secret = create_token(&operator(&app), named("ci")).await.unwrap();
    let expected = Actor::token("ci", Role::AUTHOR);
    assert_eq!(authenticate(&app, &secret).await.unwrap(), expected);
    revoke_token(&operator(&app), "ci").await.unwrap();
    assert!(authenticate(&app, &secret).await.is_err());
    check_code(revoke_token(&operator(&app), "ci").await, "token.unknown");
}

#[tokio::test]
async fn a_wrong_secret_is_refused() {
    let app = TestApp::new();
    let secret = create_token(&operator(&app), named("ci")).await.unwrap();
    for wrong in
        ["", "smc_", "Bearer", &secret.to_uppercase(), &format!("{secret}0"), &"smc_0".repeat(999)]
    {
        assert!(authenticate(&app, wrong).await.is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn a_token_ends_at_its_time() {
    let app = TestApp::new();
    let now = app.app.clock.now();
    let command = CreateToken { expires_at: Some(at(now.as_millis() + 1_000)), ..named("ci") };
    let secret = create_token(&operator(&app), command).await.unwrap();
    app.clock.advance(999);
    assert!(authenticate(&app, &secret).await.is_ok());
    app.clock.advance(1);
    assert!(authenticate(&app, &secret).await.is_err());
}

#[tokio::test]
async fn what_is_stored_does_not_tell_the_secret() {
    let app = TestApp::new();
    let secret = create_token(&operator(&app), named("ci")).await.unwrap();
    let stored = format!("{:?}", list_tokens(&operator(&app)).await.unwrap());
    assert!(!stored.contains(&secret));
}

#[tokio::test]
async fn a_name_is_used_once_and_can_be_read() {
    let app = TestApp::new();
    create_token(&operator(&app), named("ci")).await.unwrap();
    check_code(create_token(&operator(&app), named("ci")).await, "token.name-taken");
    check_code(create_token(&operator(&app), named("")).await, "token.bad-name");
    check_code(create_token(&operator(&app), named("a\u{1b}[2J")).await, "token.bad-name");
}
