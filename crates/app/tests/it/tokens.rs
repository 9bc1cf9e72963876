//! Tokens let in whom they name, and nobody else.

use smartcms_app::OpContext;
use smartcms_app::tokens::{
    CreateToken, authenticate, create_token, is_strong, keep_configured_token, list_tokens,
    revoke_token,
};
use smartcms_domain::actors::{Actor, Rank, Role};
use smartcms_domain::people::SecretText;
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
async fn the_token_of_the_configuration_is_what_it_says_now() {
    let app = TestApp::new();
    let [old, new] = ["a", "b"].map(|it| SecretText::new(format!("smc_{}", it.repeat(32))));
    for secret in [&old, &old, &new] {
        keep_configured_token(&app, Some(secret)).await.unwrap();
        let actor = authenticate(&app, secret.reveal()).await.unwrap();
        assert!(actor.may_manage_site());
    }
    assert!(authenticate(&app, old.reveal()).await.is_err(), "another has its place");
    assert_eq!(list_tokens(&operator(&app)).await.unwrap().len(), 1);
    keep_configured_token(&app, None).await.unwrap();
    assert!(authenticate(&app, new.reveal()).await.is_err());
}

#[test]
fn a_token_that_somebody_made_up_is_long() {
    assert!(is_strong(&format!("smc_{}", "aZ09-_".repeat(6))));
    for weak in ["", "smc_", "smc_secret", &"x".repeat(60), &format!("smc_{}", " ".repeat(40))] {
        assert!(!is_strong(weak), "{weak}");
    }
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
