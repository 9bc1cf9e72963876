//! Sessions of people at the edges that are not theirs, and the way to an identity provider.

use axum::http::{Method, StatusCode};
use serde_json::json;
use smartcms_app::people::{Client, CreateOwner, create_owner, start_owner_link};
use smartcms_domain::people::SecretText;

use crate::client::Site;

#[tokio::test]
async fn a_cookie_is_no_credential_for_the_api() {
    let site = Site::new().await;
    let link = start_owner_link(&site.test.app).await.unwrap().unwrap();
    let command = CreateOwner {
        link: link.reveal().split_once("link=").unwrap().1.to_owned(),
        email: "ada@example.com".to_owned(),
        name: "Ada".to_owned(),
        password: SecretText::new("brown quartz lamp"),
        client: Client::default(),
    };
    let secret = create_owner(&site.test.app, command).await.unwrap().secret;
    let body = json!({ "fields": { "title": "By another site's form" } });
    for name in ["__Host-smartcms_session", "smartcms_session"] {
        let call = site.call(Method::POST, "/api/v1/content/posts");
        let cookie = format!("{name}={}", secret.reveal());
        let answer = call.header("cookie", &cookie).json(body.clone()).send().await;
        answer.check_problem(401, "auth.required");
    }
    let call = site.call(Method::POST, "/api/v1/content/posts");
    let answer = call.bearer(secret.reveal()).json(body).send().await;
    answer.check_problem(401, "auth.token-not-valid");
}

#[tokio::test]
async fn without_an_identity_provider_its_ways_lead_to_the_sign_in() {
    let site = Site::new().await;
    for path in ["/admin/sign-in/with/oidc", "/admin/sign-in/with/oidc/back?code=a&state=b"] {
        let answer = site.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(answer.header("location").starts_with("/admin/sign-in?problem=people."));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(!answer.has_header("set-cookie"));
    }
}
