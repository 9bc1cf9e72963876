//! With a TOTP the password alone lets nobody in, and each code lets in once.

use smartcms_app::people::{
    Client, FinishSignIn, SignInOutcome, begin_totp, confirm_totp, finish_sign_in, remove_totp,
    renew_recovery_codes,
};
use smartcms_domain::people::SecretText;
use smartcms_testkit::TestApp;
use totp_rs::{Builder, Secret};

use super::support::{OWNER, PASSWORD, opens, try_in, with_owner};
use crate::support::check_code;

/// What an app on a phone shows now.
fn shown(app: &TestApp, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).with_account_name("ada").build().unwrap();
    let seconds = u64::try_from(app.app.clock.now().as_millis()).unwrap() / 1_000;
    totp.generate(seconds).to_string()
}

async fn ticket(app: &TestApp) -> SecretText {
    match try_in(app, OWNER, PASSWORD).await.unwrap() {
        SignInOutcome::SecondFactor { ticket } => ticket,
        SignInOutcome::SignedIn(_) => panic!("no code was asked for"),
    }
}

fn with(ticket: &SecretText, code: &str) -> FinishSignIn {
    let (ticket, code) = (ticket.reveal().to_owned(), code.to_owned());
    FinishSignIn { ticket, code, client: Client::default() }
}

/// A site whose owner has a TOTP; its secret, the recovery codes, and what opens the session.
async fn with_totp() -> (TestApp, String, Vec<SecretText>, SecretText) {
    let (app, begun) = with_owner().await;
    let opened = opens(&app, &begun.secret).await.unwrap();
    let offer = begin_totp(&app, &opened).await.unwrap();
    let secret = offer.secret.reveal().to_owned();
    assert!(offer.address.reveal().starts_with("otpauth://totp/"));
    assert!(offer.address.reveal().contains(&secret));
    let ticket = offer.ticket.reveal();
    let wrong = confirm_totp(&app, &opened, ticket, "000000", &Client::default()).await;
    check_code(wrong, "people.refused");
    let code = shown(&app, &secret);
    let done = confirm_totp(&app, &opened, ticket, &code, &Client::default()).await.unwrap();
    assert!(opens(&app, &begun.secret).await.is_none(), "other sessions have ended");
    (app, secret, done.recovery_codes, done.signed_in.secret)
}

#[tokio::test]
async fn the_password_alone_is_not_enough_and_a_code_is_used_once() {
    let (app, secret, _, _) = with_totp().await;
    let first = ticket(&app).await;
    let used = finish_sign_in(&app, with(&first, &shown(&app, &secret))).await;
    check_code(used, "people.refused");
    app.clock.advance(30_000);
    let code = shown(&app, &secret);
    let signed_in = finish_sign_in(&app, with(&first, &code)).await.unwrap();
    assert!(opens(&app, &signed_in.secret).await.is_some());
    let second = ticket(&app).await;
    check_code(finish_sign_in(&app, with(&second, &code)).await, "people.refused");
    app.clock.advance(30_000);
    let spaced = shown(&app, &secret).chars().map(|it| format!("{it} ")).collect::<String>();
    check_code(finish_sign_in(&app, with(&first, &spaced)).await, "people.link-not-good");
    finish_sign_in(&app, with(&second, &spaced)).await.unwrap();
}

#[tokio::test]
async fn a_recovery_code_lets_in_once() {
    let (app, _, codes, _) = with_totp().await;
    assert_eq!(codes.len(), 10);
    let code = codes[3].reveal();
    finish_sign_in(&app, with(&ticket(&app).await, &code.to_uppercase())).await.unwrap();
    let again = finish_sign_in(&app, with(&ticket(&app).await, code)).await;
    check_code(again, "people.refused");
    let signed_in = finish_sign_in(&app, with(&ticket(&app).await, codes[4].reveal())).await;
    let opened = opens(&app, &signed_in.unwrap().secret).await.unwrap();
    assert_eq!(opened.user.recovery_codes, 8);
    renew_recovery_codes(&app, &opened, &Client::default()).await.unwrap();
    let old = finish_sign_in(&app, with(&ticket(&app).await, codes[5].reveal())).await;
    check_code(old, "people.refused");
}

#[tokio::test]
async fn codes_are_not_guessed_for_long() {
    let (app, secret, _, _) = with_totp().await;
    app.clock.advance(30_000);
    let ticket = ticket(&app).await;
    for _ in 0..5 {
        check_code(finish_sign_in(&app, with(&ticket, "000000")).await, "people.refused");
    }
    let late = finish_sign_in(&app, with(&ticket, &shown(&app, &secret))).await;
    check_code(late, "people.link-not-good");
}

#[tokio::test]
async fn what_decides_who_comes_in_needs_a_fresh_session() {
    let (app, _, _, secret) = with_totp().await;
    app.clock.advance(15 * 60 * 1_000);
    let opened = opens(&app, &secret).await.unwrap();
    check_code(begin_totp(&app, &opened).await, "people.prove-again");
    check_code(remove_totp(&app, &opened, &Client::default()).await, "people.prove-again");
    check_code(renew_recovery_codes(&app, &opened, &Client::default()).await, "people.prove-again");
}

#[tokio::test]
async fn without_the_totp_the_password_is_enough_again() {
    let (app, _, codes, secret) = with_totp().await;
    let pending = ticket(&app).await;
    let opened = opens(&app, &secret).await.unwrap();
    remove_totp(&app, &opened, &Client::default()).await.unwrap();
    let late = finish_sign_in(&app, with(&pending, codes[0].reveal())).await;
    check_code(late, "people.link-not-good");
    let outcome = try_in(&app, OWNER, PASSWORD).await.unwrap();
    assert!(matches!(outcome, SignInOutcome::SignedIn(_)));
}
