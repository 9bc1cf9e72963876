//! People, for those who manage them.

use smartcms_app::OpContext;
use smartcms_app::people::list_users;
use smartcms_app::ports::UserRecord;
use smartcms_domain::actors::{Actor, Role};

use super::people::Browser;
use super::{get, send};
use crate::client::Site;

const NEW: &str = "/admin/users/new";

async fn user(site: &Site, email: &str) -> UserRecord {
    let ctx = OpContext::new(&site.test.app, &Actor::Operator);
    let all = list_users(&ctx, None, 100).await.unwrap();
    all.into_iter().find(|it| it.email.as_str() == email).unwrap()
}

fn page_of(user: &UserRecord) -> String {
    format!("/admin/users/{}", user.id)
}

#[tokio::test]
async fn who_manages_people_sees_them_and_nobody_else_does() {
    let site = Site::new().await;
    Browser::of(&site, "bea@site.example", "viewer").await;
    let page = page_of(&user(&site, "bea@site.example").await);
    for role in [Role::VIEWER, Role::EDITOR] {
        for uri in ["/admin/users", NEW, page.as_str()] {
            let answer = get(&site, role.clone(), uri).await;
            assert_eq!(answer.status, 403, "{role} {uri}");
            assert!(!answer.text().contains("bea@site.example"));
        }
        for action in ["name", "role", "disable", "enable", "no-totp", "no-passkeys", "end-all"] {
            let pairs = [("do", action), ("role", "viewer"), ("name", "Other")];
            assert_eq!(send(&site, role.clone(), &page, &pairs).await.status, 403, "{action}");
        }
        assert!(!get(&site, role, "/admin").await.text().contains("href=\"/admin/users\""));
    }
    for role in [Role::ADMINISTRATOR, Role::OWNER] {
        let list = get(&site, role.clone(), "/admin/users").await.text();
        assert!(list.contains("bea@site.example") && list.contains(&page), "{list}");
        assert_eq!(get(&site, role, &page).await.status, 200);
    }
    assert_eq!(get(&site, Role::OWNER, "/admin/users/nobody").await.status, 404);
}

#[tokio::test]
async fn an_invitation_is_mailed_and_its_link_shown_once() {
    let site = Site::new().await;
    let form = [("name", "Cid"), ("email", "cid@site.example"), ("role", "author")];
    let made = send(&site, Role::ADMINISTRATOR, NEW, &form).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let text = made.text();
    let at = text.find("link=").unwrap() + 5;
    let secret: String = text[at..]
        .chars()
        .take_while(|it| it.is_ascii_alphanumeric() || "-_".contains(*it))
        .collect();
    let mails = site.test.mailbox.mails();
    assert!(mails.iter().any(|it| it.text.contains(&secret)), "it is the link of the mail");
    let page = page_of(&user(&site, "cid@site.example").await);
    let shown = get(&site, Role::ADMINISTRATOR, &page).await.text();
    assert!(shown.contains("value=\"invite\"") && !shown.contains(&secret));
    let again = send(&site, Role::ADMINISTRATOR, NEW, &form).await;
    assert_eq!(again.status, 409);
    assert!(
        again.text().contains("id=\"email-problem\"") && again.text().contains("value=\"Cid\"")
    );
    let bad = [("name", ""), ("email", "nothing"), ("role", "author")];
    assert_eq!(send(&site, Role::ADMINISTRATOR, NEW, &bad).await.status, 422);
}

#[tokio::test]
async fn nobody_gives_or_takes_what_they_do_not_have() {
    let site = Site::new().await;
    Browser::of(&site, "ada@site.example", "owner").await;
    Browser::of(&site, "bea@site.example", "viewer").await;
    let form = get(&site, Role::ADMINISTRATOR, NEW).await.text();
    assert!(form.contains("value=\"administrator\"") && !form.contains("value=\"owner\""));
    let pairs = [("name", "Cid"), ("email", "cid@site.example"), ("role", "owner")];
    let refused = send(&site, Role::ADMINISTRATOR, NEW, &pairs).await;
    assert!(refused.status == 403 && refused.text().contains("id=\"role-problem\""));
    let owner = page_of(&user(&site, "ada@site.example").await);
    let shown = get(&site, Role::ADMINISTRATOR, &owner).await.text();
    assert!(!shown.contains("value=\"disable\"") && !shown.contains("value=\"role\""));
    for action in ["role", "disable", "no-totp", "no-passkeys", "end-all", "reset", "name"] {
        let pairs = [("do", action), ("role", "viewer"), ("name", "Other")];
        let refused = send(&site, Role::ADMINISTRATOR, &owner, &pairs).await;
        assert_eq!(refused.status, 403, "{action}: {}", refused.text());
    }
    let viewer = page_of(&user(&site, "bea@site.example").await);
    let raised = [("do", "role"), ("role", "owner")];
    assert_eq!(send(&site, Role::ADMINISTRATOR, &viewer, &raised).await.status, 403);
    assert_eq!(send(&site, Role::OWNER, &viewer, &raised).await.status, 303);
    assert_eq!(user(&site, "bea@site.example").await.role.as_str(), "owner");
}

#[tokio::test]
async fn the_last_owner_stays() {
    let site = Site::new().await;
    Browser::of(&site, "ada@site.example", "owner").await;
    let owner = page_of(&user(&site, "ada@site.example").await);
    for pairs in [[("do", "disable"), ("role", "")], [("do", "role"), ("role", "viewer")]] {
        let refused = send(&site, Role::OWNER, &owner, &pairs).await;
        assert_eq!(refused.status, 409);
        assert!(refused.text().contains("id=\"mistakes\""), "{}", refused.text());
    }
}

#[tokio::test]
async fn what_is_done_to_a_person_holds_at_once() {
    let site = Site::new().await;
    let mut bea = Browser::of(&site, "bea@site.example", "author").await;
    let page = page_of(&user(&site, "bea@site.example").await);
    let act = async |pairs: &[(&str, &str)]| {
        let done = send(&site, Role::ADMINISTRATOR, &page, pairs).await;
        assert_eq!(done.status, 303, "{}", done.text());
    };
    act(&[("do", "name"), ("name", "Beatrice")]).await;
    assert!(bea.get("/admin").await.text().contains("Beatrice"));
    let shown = get(&site, Role::ADMINISTRATOR, &page).await.text();
    let at = shown.find("value=\"end ").unwrap() + 11;
    let id: String = shown[at..].chars().take_while(|it| *it != '"').collect();
    act(&[("do", &format!("end {id}"))]).await;
    assert_eq!(bea.get("/admin").await.status, 303);
    act(&[("do", "disable")]).await;
    let pairs = [("email", "bea@site.example"), ("password", super::people::PASSWORD)];
    let mut back = Browser::new(&site);
    assert_eq!(back.fill("/admin/sign-in", "/admin/sign-in", &pairs).await.status, 422);
    act(&[("do", "enable")]).await;
    assert_eq!(back.fill("/admin/sign-in", "/admin/sign-in", &pairs).await.status, 303);
    act(&[("do", "role"), ("role", "viewer")]).await;
    assert_eq!(back.get("/admin").await.status, 303, "another role ends the sessions");
    let reset = send(&site, Role::ADMINISTRATOR, &page, &[("do", "reset")]).await;
    assert!(reset.status == 200 && reset.text().contains("password?link="));
}
