//! A person's own account: what lets them in, where they are signed in, and their tokens.

use axum::http::Method;
use totp_rs::{Builder, Secret};

use super::people::{Browser, PASSWORD};
use crate::client::{Answer, Site};

const ACCOUNT: &str = "/admin/account";
const CODES: &str = "/admin/account/codes";
const NEW_TOKEN: &str = "/admin/account/tokens/new";

/// Signs in with the password; the page that comes, or the redirect.
async fn enter<'a>(site: &'a Site, email: &str, password: &str) -> (Browser<'a>, Answer) {
    let mut browser = Browser::new(site);
    let pairs = [("email", email), ("password", password)];
    let answer = browser.fill("/admin/sign-in", "/admin/sign-in", &pairs).await;
    (browser, answer)
}

/// The text between two marks of a page.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split_once(after).unwrap().0
}

/// The code of a secret at the time of the site.
fn code(site: &Site, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let builder = Builder::new().with_secret(secret.as_bytes().to_vec());
    let totp = builder.with_account_name("bea").build().unwrap();
    let seconds = u64::try_from(site.test.app.clock.now().as_millis()).unwrap() / 1_000;
    totp.generate(seconds).to_string()
}

#[tokio::test]
async fn another_password_ends_every_other_session() {
    let site = Site::new().await;
    let mut browser = Browser::of(&site, "bea@site.example", "viewer").await;
    let (mut other, _) = enter(&site, "bea@site.example", PASSWORD).await;
    assert_eq!(other.get("/admin").await.status, 200);
    let change = |current: &'static str, new: &'static str| {
        [("current", current), ("password", new), ("do", "password")]
    };
    let new = "nine grey boats at rest";
    let refused = browser.fill(ACCOUNT, ACCOUNT, &change("not this one", new)).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("id=\"current-problem\""), "{}", refused.text());
    let weak = browser.fill(ACCOUNT, ACCOUNT, &change(PASSWORD, "short")).await;
    assert!(weak.status == 422 && weak.text().contains("id=\"password-problem\""));
    let done = browser.fill(ACCOUNT, ACCOUNT, &change(PASSWORD, new)).await;
    assert_eq!(done.header("location"), ACCOUNT, "{}", done.text());
    assert_eq!(browser.get(ACCOUNT).await.status, 200, "who changed it goes on");
    assert_eq!(other.get("/admin").await.status, 303, "the other session has ended");
    let (_, old) = enter(&site, "bea@site.example", PASSWORD).await;
    assert_eq!(old.status, 422);
    let (_, entered) = enter(&site, "bea@site.example", new).await;
    assert_eq!(entered.header("location"), "/admin");
}

#[tokio::test]
async fn codes_are_set_up_asked_for_and_turned_off() {
    let site = Site::new().await;
    let mut browser = Browser::of(&site, "bea@site.example", "editor").await;
    let offer = browser.fill(ACCOUNT, CODES, &[("do", "begin")]).await;
    let page = offer.text();
    let shown = ["<svg class=\"qr\"", "href=\"otpauth://totp/"];
    assert!(shown.iter().all(|it| page.contains(it)), "{page}");
    let secret = between(&page, "id=\"secret\">", "</code>").to_owned();
    let ticket = between(&page, "name=\"ticket\" value=\"", "\"").to_owned();
    let confirm = |code: &str| {
        let pairs = [("ticket", ticket.as_str()), ("secret", &secret), ("code", code)];
        pairs.map(|(name, it)| (name.to_owned(), it.to_owned()))
    };
    let send = async |browser: &mut Browser<'_>, code: &str| {
        let pairs = confirm(code);
        let mut pairs: Vec<(&str, &str)> =
            pairs.iter().map(|(name, it)| (name.as_str(), it.as_str())).collect();
        pairs.extend([("address", "javascript:alert(1)"), ("do", "confirm")]);
        browser.send(CODES, &page, &pairs).await
    };
    let wrong = send(&mut browser, "000000").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains(&secret) && !wrong.text().contains("javascript:"));
    let made = send(&mut browser, &code(&site, &secret)).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let codes: Vec<String> = made
        .text()
        .split("<li><code>")
        .skip(1)
        .map(|it| it.split_once('<').unwrap().0.to_owned())
        .collect();
    assert_eq!(codes.len(), 10);
    assert_eq!(browser.get(CODES).await.header("location"), ACCOUNT, "they are shown once");

    let (mut later, asked) = enter(&site, "bea@site.example", PASSWORD).await;
    let asked = asked.text();
    assert!(asked.contains("name=\"code\""), "{asked}");
    let ticket = between(&asked, "name=\"ticket\" value=\"", "\"");
    let pairs = [("ticket", ticket), ("code", codes[0].as_str())];
    let entered = later.send("/admin/sign-in/code", &asked, &pairs).await;
    assert_eq!(entered.header("location"), "/admin", "{}", entered.text());
    assert!(later.get(ACCOUNT).await.text().contains("left: 9"));

    let out = browser.send("/admin/sign-out", &made.text(), &[]).await;
    assert_eq!(out.header("location"), "/admin/sign-in", "the page's forms are of the new session");
    let removed = later.fill(ACCOUNT, CODES, &[("do", "remove")]).await;
    assert_eq!(removed.header("location"), ACCOUNT);
    let (_, entered) = enter(&site, "bea@site.example", PASSWORD).await;
    assert_eq!(entered.header("location"), "/admin", "the password is enough again");
}

#[tokio::test]
async fn who_signed_in_a_while_ago_proves_again_who_they_are() {
    let site = Site::new().await;
    let mut browser = Browser::of(&site, "bea@site.example", "editor").await;
    site.test.clock.advance(16 * 60 * 1_000);
    let page = browser.get(ACCOUNT).await.text();
    assert!(page.contains("/admin/account/prove") && !page.contains("value=\"begin\""));
    let refused = browser.send(CODES, &page, &[("do", "begin")]).await;
    assert_eq!((refused.status.as_u16(), refused.header("location")), (303, ACCOUNT));
    let wrong = browser.send("/admin/account/prove", &page, &[("proof", "not this one")]).await;
    assert!(wrong.status == 422 && wrong.text().contains("id=\"proof-problem\""));
    let before = browser.cookie();
    let proved = browser.send("/admin/account/prove", &page, &[("proof", PASSWORD)]).await;
    assert_eq!(proved.header("location"), ACCOUNT);
    let old = site.call(Method::GET, ACCOUNT).header("cookie", &before).send().await;
    assert_eq!(old.status, 303, "the session of before has ended");
    assert!(browser.get(ACCOUNT).await.text().contains("value=\"begin\""));
}

#[tokio::test]
async fn people_see_their_sessions_and_end_them() {
    let site = Site::new().await;
    let mut browser = Browser::of(&site, "bea@site.example", "viewer").await;
    let (mut second, _) = enter(&site, "bea@site.example", PASSWORD).await;
    let (mut third, _) = enter(&site, "bea@site.example", PASSWORD).await;
    let uri = "/admin/account/sessions";
    let page = browser.get(uri).await.text();
    assert_eq!(page.matches("value=\"end ").count(), 2, "one's own is not ended here: {page}");
    let id = between(&page, "value=\"end ", "\"").to_owned();
    let ended = browser.send(uri, &page, &[("do", &format!("end {id}"))]).await;
    assert_eq!(ended.header("location"), uri, "{}", ended.text());
    let left = [second.get("/admin").await.status, third.get("/admin").await.status];
    assert_eq!(left.iter().filter(|it| it.as_u16() == 303).count(), 1);
    let ended = browser.send(uri, &page, &[("do", "others")]).await;
    assert_eq!(ended.header("location"), uri);
    let left = [second.get("/admin").await.status, third.get("/admin").await.status];
    assert_eq!(left.map(|it| it.as_u16()), [303, 303]);
    assert_eq!(browser.get(uri).await.status, 200);
    // The session of another person is nothing here.
    let mut stranger = Browser::of(&site, "cid@site.example", "owner").await;
    let theirs = stranger.get(uri).await.text();
    let own = between(&page, "name=\"csrf\" value=\"", "\"");
    assert!(!theirs.contains(own));
    let refused = stranger.send(uri, &theirs, &[("do", &format!("end {id}"))]).await;
    assert_eq!(refused.status, 404);
}

#[tokio::test]
async fn a_token_is_shown_once_and_does_what_it_is_for() {
    let site = Site::new().await;
    let mut browser = Browser::of(&site, "bea@site.example", "editor").await;
    let form = [
        ("name", "importer"),
        ("role", "editor"),
        ("ends", "7"),
        ("scoped", "some"),
        ("scope", "content:read_drafts=posts"),
        ("scope", "content:create=posts"),
    ];
    let made = browser.fill(NEW_TOKEN, NEW_TOKEN, &form).await.text();
    let secret = between(&made, "id=\"secret\" class=\"wide code\" value=\"", "\"");
    assert!(secret.starts_with("smc_"), "{made}");
    let list = browser.get("/admin/account/tokens").await.text();
    assert!(list.contains("importer") && list.contains("content:create=posts"));
    assert!(!list.contains(secret));
    let create = async |collection: &str| {
        let call = site.call(Method::POST, &format!("/api/v1/content/{collection}"));
        let body = serde_json::json!({ "fields": { "title": "New" } });
        call.bearer(secret).json(body).send().await.status.as_u16()
    };
    assert_eq!((create("posts").await, create("pages").await), (201, 403));
    site.test.clock.advance(8 * 24 * 60 * 60 * 1_000);
    assert_eq!(create("posts").await, 401, "it has ended");
}

#[tokio::test]
async fn nobody_makes_a_token_for_more_than_they_may() {
    let site = Site::new().await;
    let mut browser = Browser::of(&site, "bea@site.example", "author").await;
    let page = browser.get(NEW_TOKEN).await.text();
    assert!(page.contains("value=\"viewer\"") && !page.contains("value=\"editor\""));
    let form = |role: &'static str, scoped: &'static str| {
        [("name", "more"), ("role", role), ("scoped", scoped)]
    };
    let refused = browser.send(NEW_TOKEN, &page, &form("editor", "")).await;
    assert!(refused.status == 403 && refused.text().contains("id=\"role-problem\""));
    let nothing = browser.send(NEW_TOKEN, &page, &form("author", "some")).await;
    assert!(nothing.status == 422 && nothing.text().contains("id=\"scoped-problem\""));
    let made = browser.send(NEW_TOKEN, &page, &form("author", "")).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let taken = browser.send(NEW_TOKEN, &page, &form("author", "")).await;
    assert!(taken.status == 409 && taken.text().contains("id=\"name-problem\""));
    // Another's token is neither shown nor taken away.
    let mut other = Browser::of(&site, "cid@site.example", "author").await;
    let list = other.get("/admin/account/tokens").await.text();
    assert!(!list.contains("revoke more"), "{list}");
    let page = other.get(ACCOUNT).await.text();
    let refused = other.send("/admin/account/tokens", &page, &[("do", "revoke more")]).await;
    assert_eq!(refused.status, 404);
    let uri = "/admin/account/tokens";
    let revoked = browser.fill(uri, uri, &[("do", "revoke more")]).await;
    assert_eq!(revoked.header("location"), uri);
    assert!(!browser.get(uri).await.text().contains("revoke more"));
}

#[tokio::test]
async fn a_site_without_a_host_name_says_that_it_has_no_passkeys() {
    let site = Site::new().await;
    let mut browser = Browser::of(&site, "bea@site.example", "editor").await;
    let page = browser.get(ACCOUNT).await.text();
    assert!(!page.contains("data-passkey=\"create\""));
    assert!(!site.get("/admin/sign-in").await.text().contains("data-passkey"));
    let token = between(&page, "name=\"csrf\" value=\"", "\"");
    let uri = "/admin/account/passkeys/new";
    let call = site.call(Method::POST, uri).header("cookie", &browser.cookie());
    let call = call.header("accept", "application/json").header("x-csrf-token", token);
    let refused = call.json(serde_json::json!({})).send().await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(refused.header("content-type").starts_with("text/plain"));
}

#[tokio::test]
async fn no_form_of_the_account_is_taken_without_the_token_of_the_session() {
    let site = Site::new().await;
    let browser = Browser::of(&site, "bea@site.example", "owner").await;
    for uri in [
        ACCOUNT,
        CODES,
        NEW_TOKEN,
        "/admin/account/prove",
        "/admin/account/passkeys",
        "/admin/account/passkeys/new",
        "/admin/account/passkeys/change",
        "/admin/account/sessions",
        "/admin/account/tokens",
        "/admin/sign-in/passkey",
        "/admin/sign-in/passkey/new",
    ] {
        for token in ["", "another"] {
            let call = site.call(Method::POST, uri).header("cookie", &browser.cookie());
            let call = call.header("x-csrf-token", token);
            let answer = call.form(&[("csrf", token), ("do", "others")]).send().await;
            assert_eq!(answer.status, 403, "{uri}: {}", answer.text());
        }
    }
}
