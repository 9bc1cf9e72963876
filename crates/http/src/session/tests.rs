use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use smartcms_app::App;
use smartcms_app::people::{CreateOwner, SignedIn, create_owner, start_owner_link};
use smartcms_domain::actors::{Actor, Role};
use smartcms_domain::people::SecretText;
use smartcms_pages::Theme;
use smartcms_testkit::TestApp;
use std::sync::Arc;
use tower::ServiceExt as _;

use super::{CurrentSession, know_session, no_session_cookie, session_cookie};
use crate::PageCache;
use crate::caller::Caller;
use crate::state::AppState;

fn app(base_url: &str) -> TestApp {
    TestApp::with(|mut parts| {
        parts.site.base_url = base_url.to_owned();
        parts
    })
}

async fn owner(app: &App) -> SignedIn {
    let link = start_owner_link(app).await.unwrap().unwrap();
    let (_, secret) = link.reveal().split_once("link=").unwrap();
    let command = CreateOwner {
        link: secret.to_owned(),
        email: "ada@example.com".to_owned(),
        name: "Ada".to_owned(),
        password: SecretText::new("brown quartz lamp"),
        client: smartcms_app::people::Client::default(),
    };
    create_owner(app, command).await.unwrap()
}

/// What a page and a route of the admin hear of who asks.
async fn ask(app: &TestApp, headers: HeaderMap, path: &str) -> Response {
    let state =
        AppState::new(app.app.clone(), Theme::embedded().unwrap(), Arc::new(PageCache::new()));
    let router = Router::new()
        .route("/admin/who", get(|Caller(actor, _): Caller| async move { actor.to_string() }))
        .route(
            "/admin/page",
            get(|session: CurrentSession| async move { session.0.user.name.to_string() }),
        )
        .layer(from_fn_with_state(state.clone(), know_session))
        .with_state(state);
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    *request.headers_mut() = headers;
    router.oneshot(request).await.unwrap()
}

async fn text(response: Response) -> String {
    use http_body_util::BodyExt as _;
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

fn with(name: header::HeaderName, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name, value.parse().unwrap())])
}

#[tokio::test]
async fn a_cookie_says_who_asks_until_the_session_ends() {
    let app = app("https://site.example");
    let begun = owner(&app).await;
    let set = session_cookie(&app, &begun, false);
    let set = set.to_str().unwrap();
    assert!(set.starts_with("__Host-smartcms_session="), "{set}");
    for part in ["; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Domain") && !set.contains("Max-Age"));
    let cookie = set.split(';').next().unwrap();
    let who = ask(&app, with(header::COOKIE, &format!("other=1; {cookie}")), "/admin/who").await;
    let owner = Actor::User { id: begun.user.id, role: Role::OWNER };
    assert_eq!(text(who).await, owner.to_string());
    let page = ask(&app, with(header::COOKIE, cookie), "/admin/page").await;
    assert_eq!(text(page).await, "Ada");
    let opened = smartcms_app::people::session(&app, begun.secret.reveal()).await.unwrap().unwrap();
    smartcms_app::people::sign_out(&app, &opened, &smartcms_app::people::Client::default())
        .await
        .unwrap();
    let who = ask(&app, with(header::COOKIE, cookie), "/admin/who").await;
    assert_eq!(text(who).await, "anonymous");
    assert!(no_session_cookie(&app).to_str().unwrap().contains("=; Path=/; "));
    assert!(no_session_cookie(&app).to_str().unwrap().ends_with("Max-Age=0"));
}

#[tokio::test]
async fn without_a_session_people_are_sent_to_sign_in_and_back() {
    let app = app("https://site.example");
    let response = ask(&app, HeaderMap::new(), "/admin/page?q=a%20b&x=1").await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let to = response.headers().get(header::LOCATION).unwrap();
    assert_eq!(to, "/admin/sign-in?next=/admin/page%3Fq%3Da%2520b%26x%3D1");
}

#[tokio::test]
async fn what_is_not_the_cookie_of_this_site_opens_nothing() {
    let app = app("https://site.example");
    let secret = owner(&app).await.secret;
    let secret = secret.reveal();
    for cookie in [
        format!("smartcms_session={secret}"),
        format!("__Host-smartcms_session={secret}; __Host-smartcms_session=x"),
        format!("__Host-smartcms_session=\"{secret}\""),
        format!("__Secure-smartcms_session={secret}"),
        "__Host-smartcms_session=".to_owned(),
    ] {
        let who = ask(&app, with(header::COOKIE, &cookie), "/admin/who").await;
        assert_eq!(text(who).await, "anonymous", "{cookie}");
    }
    let bearer = with(header::AUTHORIZATION, &format!("Bearer {secret}"));
    assert_eq!(text(ask(&app, bearer, "/admin/who").await).await, "anonymous");
}

#[tokio::test]
async fn without_tls_the_cookie_has_a_name_that_browsers_take() {
    let app = app("http://127.0.0.1:8080");
    let begun = owner(&app).await;
    let set = session_cookie(&app, &begun, true);
    let set = set.to_str().unwrap();
    assert!(set.starts_with("smartcms_session=") && !set.contains("Secure"), "{set}");
    assert!(set.ends_with("Max-Age=2592000"), "{set}");
    let cookie = set.split(';').next().unwrap();
    assert_eq!(text(ask(&app, with(header::COOKIE, cookie), "/admin/page").await).await, "Ada");
}
