//! A session ends when it should, and is what its secret opens.

use smartcms_app::OpContext;
use smartcms_app::audit::list_audit;
use smartcms_app::people::{
    ChangePassword, Client, FRESH_FOR, PeopleSettings, change_password, change_role, disable_user,
    forget_ended, list_sessions, prove_again, revoke_other_sessions, revoke_session,
    revoke_sessions, session, sign_out,
};
use smartcms_app::ports::AuditQuery;
use smartcms_domain::actors::{Actor, Rank, Role};
use smartcms_domain::people::SecretText;

use super::support::{HOUR_MS, OWNER, PASSWORD, acting, add, millis, opens, signed_in, with_owner};
use crate::support::check_code;

#[tokio::test]
async fn a_session_ends_at_once() {
    let (app, _) = with_owner().await;
    let id = add(&app, "editor@example.com", Role::EDITOR).await;
    let begin = async || {
        let begun = signed_in(&app, "editor@example.com").await;
        let opened = opens(&app, &begun.secret).await.unwrap();
        (begun.secret, opened)
    };
    let ctx = OpContext::new(&app, &Actor::Operator);

    let (secret, opened) = begin().await;
    sign_out(&app, &opened, &Client::default()).await.unwrap();
    assert!(opens(&app, &secret).await.is_none(), "signed out");

    let (secret, opened) = begin().await;
    let change = ChangePassword {
        current: SecretText::new(PASSWORD),
        new: SecretText::new("another quartz lamp"),
        client: Client::default(),
    };
    let renewed = change_password(&app, &opened, change).await.unwrap();
    assert!(opens(&app, &secret).await.is_none(), "the password was changed");
    assert!(opens(&app, &renewed.secret).await.is_some(), "its owner goes on");

    change_role(&ctx, id, Rank::Author.into()).await.unwrap();
    assert!(opens(&app, &renewed.secret).await.is_none(), "the role was changed");
}

#[tokio::test]
async fn who_is_disabled_is_out_and_stays_out_until_enabled() {
    let (app, _) = with_owner().await;
    let id = add(&app, "editor@example.com", Role::EDITOR).await;
    let begun = signed_in(&app, "editor@example.com").await;
    let ctx = OpContext::new(&app, &Actor::Operator);
    disable_user(&ctx, id).await.unwrap();
    assert!(opens(&app, &begun.secret).await.is_none());
    smartcms_app::people::enable_user(&ctx, id).await.unwrap();
    assert!(opens(&app, &begun.secret).await.is_none(), "an old session does not come back");
    signed_in(&app, "editor@example.com").await;
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_at_its_end() {
    let (app, begun) = with_owner().await;
    let settings = PeopleSettings::default();
    app.clock.advance(millis(settings.session_idle) - 1);
    assert!(opens(&app, &begun.secret).await.is_some());
    app.clock.advance(millis(settings.session_idle) - 1);
    assert!(opens(&app, &begun.secret).await.is_some(), "it was used in between");
    app.clock.advance(millis(settings.session_idle));
    assert!(opens(&app, &begun.secret).await.is_none(), "nobody used it");

    let begun = signed_in(&app, OWNER).await;
    for _ in 0..29 {
        app.clock.advance(24 * HOUR_MS);
        assert!(opens(&app, &begun.secret).await.is_some());
    }
    app.clock.advance(24 * HOUR_MS);
    assert!(opens(&app, &begun.secret).await.is_none(), "it is at its end");
    let left = signed_in(&app, OWNER).await;
    app.clock.advance(millis(settings.session_idle) + 1);
    assert!(forget_ended(&app, 100).await.unwrap() >= 1);
    assert!(opens(&app, &left.secret).await.is_none());
}

#[tokio::test]
async fn only_its_secret_opens_a_session() {
    let (app, begun) = with_owner().await;
    let opened = opens(&app, &begun.secret).await.unwrap();
    let stored = format!(
        "{:?}",
        list_sessions(&OpContext::new(&app, &opened.actor()), opened.user.id).await
    );
    assert!(!stored.contains(begun.secret.reveal()));
    for wrong in
        ["", "x", &opened.id.to_string(), &begun.secret.reveal().to_uppercase(), &"x".repeat(9_999)]
    {
        assert!(session(&app, wrong).await.unwrap().is_none(), "{wrong}");
    }
    assert!(opened.owns_form(opened.form_token.reveal()));
    assert!(!opened.owns_form("") && !opened.owns_form(begun.secret.reveal()));
    let other = opens(&app, &signed_in(&app, OWNER).await.secret).await.unwrap();
    assert!(!opened.owns_form(other.form_token.reveal()), "a token is of one session");
}

#[tokio::test]
async fn people_end_their_own_sessions_and_managers_those_of_others() {
    let (app, begun) = with_owner().await;
    let id = add(&app, "editor@example.com", Role::EDITOR).await;
    let editor = acting(id, Role::EDITOR);
    let (one, two) =
        (signed_in(&app, "editor@example.com").await, signed_in(&app, "editor@example.com").await);
    let own = OpContext::new(&app, &editor);
    let sessions = list_sessions(&own, id).await.unwrap();
    assert_eq!(sessions.len(), 2);
    let first = opens(&app, &one.secret).await.unwrap();
    revoke_session(&own, id, first.id).await.unwrap();
    assert!(opens(&app, &one.secret).await.is_none() && opens(&app, &two.secret).await.is_some());
    check_code(revoke_session(&own, id, first.id).await, "session.unknown");
    check_code(list_sessions(&own, begun.user.id).await, "people.denied");
    let kept = opens(&app, &begun.secret).await.unwrap();
    check_code(revoke_session(&own, begun.user.id, kept.id).await, "people.denied");
    let owner = acting(begun.user.id, Role::OWNER);
    let second = opens(&app, &two.secret).await.unwrap();
    revoke_session(&OpContext::new(&app, &owner), id, second.id).await.unwrap();
    assert!(opens(&app, &two.secret).await.is_none());
    let other = signed_in(&app, OWNER).await;
    assert_eq!(revoke_other_sessions(&app, &kept, &Client::default()).await.unwrap(), 1);
    assert!(
        opens(&app, &other.secret).await.is_none() && opens(&app, &begun.secret).await.is_some()
    );
}

#[tokio::test]
async fn the_end_of_sessions_is_recorded_with_who_ended_them() {
    let (app, begun) = with_owner().await;
    let id = add(&app, "editor@example.com", Role::EDITOR).await;
    let first = signed_in(&app, "editor@example.com").await;
    let opened = opens(&app, &first.secret).await.unwrap();
    sign_out(&app, &opened, &Client::default()).await.unwrap();
    signed_in(&app, "editor@example.com").await;
    let editor = acting(id, Role::EDITOR);
    let refused = revoke_sessions(&OpContext::new(&app, &editor), begun.user.id).await;
    check_code(refused, "people.denied");
    let owner = acting(begun.user.id, Role::OWNER);
    let ctx = OpContext::new(&app, &owner);
    assert_eq!(revoke_sessions(&ctx, id).await.unwrap(), 1);
    assert_eq!(list_sessions(&ctx, id).await.unwrap(), []);
    let query = AuditQuery { limit: 10, ..AuditQuery::default() };
    let said = list_audit(&ctx, query).await.unwrap().records;
    let who = |operation: &str| {
        let found = said.iter().find(|it| it.operation == operation);
        found.map(|it| it.actor.clone())
    };
    assert_eq!(who("session.ended"), Some(editor.to_string()));
    assert_eq!(who("session.revoked"), Some(owner.to_string()));
}

#[tokio::test]
async fn who_proves_again_goes_on_in_a_fresh_session() {
    let (app, begun) = with_owner().await;
    app.clock.advance(millis(FRESH_FOR));
    let opened = opens(&app, &begun.secret).await.unwrap();
    assert!(!opened.is_fresh(app.app.clock.now()));
    let wrong = SecretText::new("not my password");
    check_code(prove_again(&app, &opened, &wrong, &Client::default()).await, "people.refused");
    let right = SecretText::new(PASSWORD);
    let renewed = prove_again(&app, &opened, &right, &Client::default()).await.unwrap();
    assert!(opens(&app, &begun.secret).await.is_none());
    assert!(opens(&app, &renewed.secret).await.unwrap().is_fresh(app.app.clock.now()));
}
