//! Roles, and the tokens of everybody.

use axum::http::Method;
use smartcms_app::OpContext;
use smartcms_app::roles::get_role;
use smartcms_domain::actors::{Actor, Permission, Reach, Role};

use super::people::Browser;
use super::{get, send};
use crate::client::Site;

const NEW: &str = "/admin/roles/new";
const COPYWRITER: [(&str, &str); 10] = [
    ("name", "copywriter"),
    ("label", "Copywriter"),
    ("base", "viewer"),
    ("rule", "posts"),
    ("r.posts.read_drafts", "own"),
    ("r.posts.create", "any"),
    ("r.posts.update", "own"),
    ("f.posts.body", "hidden"),
    ("own_assets", "true"),
    ("asset", "list"),
];

async fn role(site: &Site, name: &str) -> Option<Role> {
    let ctx = OpContext::new(&site.test.app, &Actor::Operator);
    get_role(&ctx, name).await.ok().map(|it| it.role)
}

#[tokio::test]
async fn a_role_is_made_by_the_grid_and_holds() {
    let site = Site::new().await;
    let made = send(&site, Role::ADMINISTRATOR, NEW, &COPYWRITER).await;
    assert_eq!(made.status, 303, "{}", made.text());
    assert_eq!(made.header("location"), "/admin/roles/copywriter");
    let made = role(&site, "copywriter").await.unwrap();
    let posts = smartcms_testkit::builders::collection("posts");
    assert_eq!(made.reach(Permission::Update, Some(&posts)), Reach::Own);
    let page = get(&site, Role::ADMINISTRATOR, "/admin/roles/copywriter").await.text();
    for chosen in [
        "name=\"rule\" value=\"posts\" aria-label=\"Own rule for Posts\" checked",
        "<option value=\"hidden\" selected>",
        "name=\"asset\" value=\"list\" checked",
    ] {
        assert!(page.contains(chosen), "{chosen} in {page}");
    }
    let mut bea = Browser::of(&site, "bea@site.example", "copywriter").await;
    let form = bea.get("/admin/content/posts/new").await.text();
    assert!(form.contains("f.title") && !form.contains("f.body"), "a hidden field is not shown");
    assert_eq!(bea.get("/admin/content/pages").await.status, 200, "as the base says");
    assert_eq!(bea.get("/admin/content/pages/new").await.status, 403);
}

#[tokio::test]
async fn a_right_that_shows_what_is_hidden_is_refused_at_its_cell() {
    let site = Site::new().await;
    let mut form = COPYWRITER;
    form[6] = ("r.posts.update", "any");
    let refused = send(&site, Role::ADMINISTRATOR, NEW, &form).await;
    assert_eq!(refused.status, 422);
    let text = refused.text();
    assert!(text.contains("href=\"#r.posts.update\"") && text.contains("value=\"Copywriter\""));
    let at = text.find("id=\"r.posts.update\"").unwrap();
    assert!(text[at..at + 700].contains("<option value=\"any\" selected>"), "what was typed stays");
    assert!(role(&site, "copywriter").await.is_none());
    for name in ["", "new", "Two Words", "editor"] {
        form[6] = ("r.posts.update", "own");
        form[0] = ("name", name);
        assert_eq!(send(&site, Role::ADMINISTRATOR, NEW, &form).await.status, 422, "{name}");
    }
}

#[tokio::test]
async fn a_role_is_changed_from_the_state_that_was_seen_and_taken_away_when_nobody_has_it() {
    let site = Site::new().await;
    send(&site, Role::OWNER, NEW, &COPYWRITER).await;
    let uri = "/admin/roles/copywriter";
    let change = |revision: &'static str, label: &'static str| {
        [("revision", revision), ("label", label), ("base", "viewer"), ("do", "save")]
    };
    assert_eq!(send(&site, Role::OWNER, uri, &change("1", "Writer")).await.status, 303);
    let stale = send(&site, Role::OWNER, uri, &change("1", "Other")).await;
    assert_eq!(stale.status, 409);
    assert!(stale.text().contains("id=\"mistakes\""));
    assert_eq!(role(&site, "copywriter").await.unwrap().label(), "Writer");
    Browser::of(&site, "bea@site.example", "copywriter").await;
    let remove = [("revision", "2"), ("do", "remove")];
    let kept = send(&site, Role::OWNER, uri, &remove).await;
    assert_eq!(kept.header("location"), uri, "somebody has it");
    assert!(role(&site, "copywriter").await.is_some());
    let built_in = send(&site, Role::OWNER, "/admin/roles/editor", &change("0", "Other")).await;
    assert_eq!(built_in.status, 422);
}

#[tokio::test]
async fn everybody_sees_what_roles_are_and_managers_alone_change_them() {
    let site = Site::new().await;
    send(&site, Role::OWNER, NEW, &COPYWRITER).await;
    let uri = "/admin/roles/copywriter";
    for role in [Role::VIEWER, Role::EDITOR] {
        assert_eq!(get(&site, role.clone(), NEW).await.status, 403);
        assert_eq!(send(&site, role.clone(), NEW, &COPYWRITER).await.status, 403);
        for action in ["save", "remove"] {
            let pairs = [("revision", "1"), ("label", "Other"), ("base", "viewer"), ("do", action)];
            assert_eq!(send(&site, role.clone(), uri, &pairs).await.status, 403, "{action}");
        }
        let shown = get(&site, role, uri).await.text();
        assert!(shown.contains("disabled") && !shown.contains("value=\"save\""), "{shown}");
    }
    for name in Role::BUILT_IN.map(|it| it.name().to_owned()) {
        let page = get(&site, Role::OWNER, &format!("/admin/roles/{name}")).await;
        assert_eq!(page.status, 200);
        assert!(!page.text().contains("value=\"save\""), "{name}");
    }
    assert_eq!(get(&site, Role::OWNER, "/admin/roles/nothing").await.status, 404);
}

#[tokio::test]
async fn nobody_makes_a_role_beyond_their_own() {
    let site = Site::new().await;
    let manager = [
        ("name", "manager"),
        ("label", "Manager"),
        ("base", "viewer"),
        ("site", "manage"),
        ("rule", "*"),
        ("r.*.read_drafts", "any"),
    ];
    assert_eq!(send(&site, Role::OWNER, NEW, &manager).await.status, 303);
    let mut bea = Browser::of(&site, "bea@site.example", "manager").await;
    let mut form = COPYWRITER;
    form[4] = ("r.posts.read_drafts", "any");
    let refused = bea.fill(NEW, NEW, &form).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("create entries of posts"), "{}", refused.text());
    let less = [("name", "reader"), ("label", "Reader"), ("base", "viewer")];
    assert_eq!(bea.fill(NEW, NEW, &less).await.status, 303);
}

#[tokio::test]
async fn managers_see_the_tokens_of_everybody_and_take_them_away() {
    let site = Site::new().await;
    let mut bea = Browser::of(&site, "bea@site.example", "author").await;
    let new = "/admin/account/tokens/new";
    let made = bea.fill(new, new, &[("name", "importer"), ("role", "author")]).await;
    assert_eq!(made.status, 200);
    for role in [Role::VIEWER, Role::EDITOR] {
        assert_eq!(get(&site, role.clone(), "/admin/tokens").await.status, 403);
        let refused = send(&site, role, "/admin/tokens", &[("do", "revoke importer")]).await;
        assert_eq!(refused.status, 404, "who may not see it does not learn that it is there");
    }
    let list = get(&site, Role::ADMINISTRATOR, "/admin/tokens").await.text();
    assert!(list.contains("importer") && list.contains("Bea"), "{list}");
    let owner = site.token(Role::OWNER).await;
    let beyond = send(&site, Role::ADMINISTRATOR, "/admin/tokens", &[("do", "revoke owner")]).await;
    assert_eq!(beyond.status, 403, "it may more than an administrator");
    let done =
        send(&site, Role::ADMINISTRATOR, "/admin/tokens", &[("do", "revoke importer")]).await;
    assert_eq!(done.status, 303);
    let list = get(&site, Role::ADMINISTRATOR, "/admin/tokens").await.text();
    assert!(!list.contains("revoke importer"));
    let works = site.call(Method::GET, "/api/v1/tokens").bearer(&owner).send().await;
    assert_eq!(works.status, 200);
}
