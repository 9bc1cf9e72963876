//! A password lets its owner in, and answers tell nobody who has an account.

use smartcms_app::Fault;
use smartcms_app::OpContext;
use smartcms_app::people::{Client, PeopleError, SignIn, disable_user, sign_in};
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::people::SecretText;

use super::support::{OWNER, PASSWORD, add, client, opens, signed_in, try_in, with_owner};
use crate::support::check_code;

#[tokio::test]
async fn each_sign_in_begins_a_session_of_its_own() {
    let (app, first) = with_owner().await;
    let second = signed_in(&app, " ADA@Example.com ").await;
    assert_ne!(first.secret.reveal(), second.secret.reveal());
    assert!(opens(&app, &first.secret).await.is_some());
    let session = opens(&app, &second.secret).await.unwrap();
    assert_eq!(session.actor(), Actor::User { id: first.user.id, role: Role::OWNER });
}

#[tokio::test]
async fn nobody_hears_or_feels_whether_somebody_has_an_account() {
    let (app, _) = with_owner().await;
    let gone = add(&app, "gone@example.com", Role::AUTHOR).await;
    let ctx = OpContext::new(&app, &Actor::Operator);
    disable_user(&ctx, gone).await.unwrap();
    let mut answers = Vec::new();
    for (email, password) in [
        (OWNER, "wrong password"),
        ("nobody@example.com", PASSWORD),
        ("gone@example.com", PASSWORD),
        ("no address at all", PASSWORD),
        (OWNER, &"long".repeat(10_000)),
    ] {
        let before = app.hasher.done();
        let error = try_in(&app, email, password).await.unwrap_err();
        answers.push((error.code().to_owned(), error.to_string(), app.hasher.done() - before));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "the same words after the same work: {answers:?}");
    assert_eq!((answers[0].0.as_str(), answers[0].2), ("people.refused", 1));
}

#[tokio::test]
async fn an_account_is_not_guessed_at_for_long_whether_it_is_there_or_not() {
    let (app, _) = with_owner().await;
    for email in [OWNER, "nobody@example.com"] {
        for _ in 0..10 {
            check_code(try_in(&app, email, "a guess").await, "people.refused");
        }
        let work = app.hasher.done();
        let refused = try_in(&app, email, PASSWORD).await.unwrap_err();
        assert!(matches!(refused, PeopleError::TooOften { wait_seconds: 30 }), "{refused:?}");
        assert_eq!(app.hasher.done(), work, "nothing is hashed for it");
    }
    app.clock.advance(30_000);
    try_in(&app, OWNER, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn one_address_does_not_try_many_accounts() {
    let (app, _) = with_owner().await;
    let attempt = async |number: u32, from: Client| {
        let email = format!("somebody{number}@example.com");
        sign_in(&app, SignIn { email, password: SecretText::new("a guess"), client: from }).await
    };
    for number in 0..30 {
        check_code(attempt(number, client("2001:db8::1")).await, "people.refused");
    }
    // The same network of version 6 is the same client.
    check_code(attempt(30, client("2001:db8::ffff")).await, "people.too-often");
    check_code(attempt(31, client("192.0.2.1")).await, "people.refused");
}

#[tokio::test]
async fn a_password_under_an_old_hash_gets_a_new_one() {
    use smartcms_app::ports::{UserChange, UserStore as _};
    let (app, owner) = with_owner().await;
    let old = UserChange::Password(format!("old:salt:{PASSWORD}"));
    app.store.change_user(owner.user.id, old).await.unwrap();
    let kept = signed_in(&app, OWNER).await;
    let known = app.store.credentials(owner.user.id).await.unwrap().unwrap();
    assert!(known.password_hash.unwrap().starts_with("new:"));
    assert!(opens(&app, &kept.secret).await.is_some(), "nobody is signed out by it");
}
