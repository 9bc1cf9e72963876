//! Passwords are chosen by links that lead to this site, once and for a time.

use smartcms_app::OpContext;
use smartcms_app::people::{
    ChangePassword, Client, CreateUser, SignInOutcome, UsePasswordLink, ask_password_reset,
    change_password, create_user, find_password_link, start_password_reset, use_password_link,
};
use smartcms_domain::actors::{Actor, Rank, Role};
use smartcms_domain::people::SecretText;
use smartcms_testkit::TestApp;

use super::support::{
    HOUR_MS, OWNER, PASSWORD, acting, add, opens, secret_in, signed_in, try_in, with_owner,
};
use crate::support::check_code;

const NEW: &str = "another quartz lamp";

fn using(link: &str) -> UsePasswordLink {
    let (link, password) = (link.to_owned(), SecretText::new(NEW));
    UsePasswordLink { link, password, client: Client::default() }
}

async fn ask(app: &TestApp, email: &str) {
    ask_password_reset(app, email, &Client::default()).await.unwrap();
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_link_from_a_mail() {
    let (app, begun) = with_owner().await;
    ask(&app, OWNER).await;
    let mails = app.mailbox.mails();
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, OWNER));
    assert!(mails[0].text.contains("https://site.example/admin/password?link="));
    let secret = secret_in(&mails[0].text);
    let link = find_password_link(&app, secret).await.unwrap().unwrap();
    assert_eq!((link.user.email.as_str(), link.is_invitation), (OWNER, false));
    let outcome = use_password_link(&app, using(secret)).await.unwrap();
    let SignInOutcome::SignedIn(renewed) = outcome else { panic!("a code is asked for") };
    assert!(opens(&app, &renewed.secret).await.is_some());
    assert!(opens(&app, &begun.secret).await.is_none(), "every session of before has ended");
    check_code(try_in(&app, OWNER, PASSWORD).await, "people.refused");
    try_in(&app, OWNER, NEW).await.unwrap();
    check_code(use_password_link(&app, using(secret)).await, "people.link-not-good");
    assert_eq!(app.mailbox.mails().len(), 2, "its owner hears of it");
}

#[tokio::test]
async fn a_link_ends_with_its_time_and_with_another_change() {
    let (app, begun) = with_owner().await;
    ask(&app, OWNER).await;
    let first = app.mailbox.mails()[0].text.clone();
    app.clock.advance(HOUR_MS);
    assert_eq!(find_password_link(&app, secret_in(&first)).await.unwrap(), None);
    ask(&app, OWNER).await;
    let second = app.mailbox.mails()[1].text.clone();
    let opened = opens(&app, &begun.secret).await.unwrap();
    let change = ChangePassword {
        current: SecretText::new(PASSWORD),
        new: SecretText::new(NEW),
        client: Client::default(),
    };
    change_password(&app, &opened, change).await.unwrap();
    let late = use_password_link(&app, using(secret_in(&second))).await;
    check_code(late, "people.link-not-good");
}

#[tokio::test]
async fn nobody_learns_from_a_forgotten_password_who_has_an_account() {
    let (app, _) = with_owner().await;
    let gone = add(&app, "gone@example.com", Role::AUTHOR).await;
    let ctx = OpContext::new(&app, &Actor::Operator);
    smartcms_app::people::disable_user(&ctx, gone).await.unwrap();
    for email in ["nobody@example.com", "gone@example.com", "no address"] {
        ask(&app, email).await;
    }
    assert!(app.mailbox.mails().is_empty());
    for email in [OWNER, "nobody@example.com"] {
        let asked = async || ask_password_reset(&app, email, &Client::default()).await;
        let mut codes = Vec::new();
        for _ in 0..4 {
            codes.push(asked().await.err().map(|it| smartcms_app::Fault::code(&it).to_owned()));
        }
        // One was asked for above already, where the address is nobody's.
        assert!(codes[0].is_none());
        assert_eq!(codes[3].as_deref(), Some("people.too-often"), "{email}: no flood of mail");
    }
    try_in(&app, OWNER, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn who_is_invited_chooses_a_password_and_is_in() {
    let (app, begun) = with_owner().await;
    let owner = acting(begun.user.id, Role::OWNER);
    let command = CreateUser {
        email: "Grace@example.com".to_owned(),
        name: "Grace".to_owned(),
        role: Rank::Editor.into(),
    };
    let ctx = OpContext::new(&app, &owner);
    let invited = create_user(&ctx, command.clone()).await.unwrap();
    check_code(create_user(&ctx, command).await, "people.email-taken");
    check_code(try_in(&app, "grace@example.com", "").await, "people.refused");
    let secret = secret_in(invited.link.reveal());
    assert!(app.mailbox.mails()[0].text.contains(invited.link.reveal()));
    assert!(find_password_link(&app, secret).await.unwrap().unwrap().is_invitation);
    let mut weak = using(secret);
    weak.password = SecretText::new("grace");
    check_code(use_password_link(&app, weak).await, "people.invalid");
    use_password_link(&app, using(secret)).await.unwrap();
    try_in(&app, "grace@example.com", NEW).await.unwrap();
}

#[tokio::test]
async fn a_link_asked_for_by_a_manager_is_not_for_those_above_them() {
    let (app, begun) = with_owner().await;
    let id = add(&app, "admin@example.com", Role::ADMINISTRATOR).await;
    let administrator = acting(id, Role::ADMINISTRATOR);
    let ctx = OpContext::new(&app, &administrator);
    check_code(start_password_reset(&ctx, begun.user.id).await, "role.beyond");
    let link = start_password_reset(&ctx, id).await.unwrap();
    use_password_link(&app, using(secret_in(link.reveal()))).await.unwrap();
}

#[tokio::test]
async fn the_old_password_is_needed_for_a_new_one() {
    let (app, _) = with_owner().await;
    let opened = opens(&app, &signed_in(&app, OWNER).await.secret).await.unwrap();
    let change = |current: &str, new: &str| ChangePassword {
        current: SecretText::new(current),
        new: SecretText::new(new),
        client: Client::default(),
    };
    check_code(change_password(&app, &opened, change("a guess", NEW)).await, "people.refused");
    check_code(change_password(&app, &opened, change(PASSWORD, "short")).await, "people.invalid");
    change_password(&app, &opened, change(PASSWORD, NEW)).await.unwrap();
}
