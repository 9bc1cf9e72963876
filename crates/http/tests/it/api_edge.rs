//! Who may call the API from a browser, and how often.

use axum::http::{Method, StatusCode};
use smartcms_http::{AllowedOrigins, ApiSettings, Origin};

use crate::client::{Answer, Site};

const LIST: &str = "/api/v1/content/posts";

fn limited() -> ApiSettings {
    ApiSettings {
        address_requests_per_minute: 3,
        token_requests_per_minute: 5,
        ..ApiSettings::default()
    }
}

async fn from(site: &Site, address: &str) -> Answer {
    site.call(Method::GET, LIST).from(address).send().await
}

#[tokio::test]
async fn an_address_that_asks_too_often_hears_when_to_come_again() {
    let site = Site::with_api(&limited()).await;
    for left in [2, 1, 0] {
        let answer = from(&site, "192.0.2.1").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("ratelimit-policy"), "\"address\";q=3;w=60");
        let spent_seconds = (3 - left) * 20;
        assert_eq!(answer.header("ratelimit"), format!("\"address\";r={left};t={spent_seconds}"));
    }
    let answer = from(&site, "192.0.2.1").await;
    answer.check_problem(429, "request.too-often");
    assert_eq!(answer.header("retry-after"), "20");
    assert_eq!(answer.header("ratelimit"), "\"address\";r=0;t=60");
    assert_eq!(from(&site, "192.0.2.2").await.status, StatusCode::OK, "a neighbour has its own");
    site.test.clock.advance(20_000);
    assert_eq!(from(&site, "192.0.2.1").await.status, StatusCode::OK);
    from(&site, "192.0.2.1").await.check_problem(429, "request.too-often");
}

#[tokio::test]
async fn a_token_has_a_limit_of_its_own_wherever_it_comes_from() {
    let site = Site::with_api(&limited()).await;
    let ask = |address: &'static str| {
        site.call(Method::GET, LIST).from(address).bearer(&site.editor).send()
    };
    for address in ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"] {
        let answer = ask(address).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("ratelimit-policy"), "\"token\";q=5;w=60");
    }
    ask("192.0.2.6").await.check_problem(429, "request.too-often");
    assert_eq!(from(&site, "192.0.2.1").await.status, StatusCode::OK, "readers count apart");
}

#[tokio::test]
async fn guessing_tokens_is_no_way_around_the_limit() {
    let site = Site::with_api(&limited()).await;
    for guess in ["a", "b", "c"] {
        let call = site.call(Method::GET, LIST).from("192.0.2.1").bearer(guess);
        call.send().await.check_problem(401, "auth.token-not-valid");
    }
    let call = site.call(Method::GET, LIST).from("192.0.2.1").bearer("d");
    call.send().await.check_problem(429, "request.too-often");
    from(&site, "192.0.2.1").await.check_problem(429, "request.too-often");
}

#[tokio::test]
async fn programs_on_the_machine_and_sites_without_limits_are_not_counted() {
    let site = Site::with_api(&limited()).await;
    for _ in 0..10 {
        let answer = site.get(LIST).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.has_header("ratelimit"));
    }
    let site = Site::new().await;
    assert!(!from(&site, "192.0.2.1").await.has_header("ratelimit"));
}

#[tokio::test]
async fn pages_of_other_sites_are_told_only_what_the_settings_allow() {
    let friend = "https://friend.example";
    let origins = AllowedOrigins::These(vec![Origin::parse(friend).unwrap()]);
    let settings = ApiSettings { origins, ..ApiSettings::default() };
    let site = Site::with_api(&settings).await;
    let ask = |origin: &'static str| site.call(Method::GET, LIST).header("origin", origin).send();
    let answer = ask(friend).await;
    assert_eq!(answer.header("access-control-allow-origin"), friend);
    assert!(answer.header("access-control-expose-headers").contains("etag"));
    assert!(!answer.has_header("access-control-allow-credentials"), "cookies stay out of it");
    assert!(!ask("https://stranger.example").await.has_header("access-control-allow-origin"));
    assert!(!ask("https://friend.example.org").await.has_header("access-control-allow-origin"));
    let nobody = Site::new().await;
    let answer = nobody.call(Method::GET, LIST).header("origin", friend).send().await;
    assert!(!answer.has_header("access-control-allow-origin"), "nobody is allowed by default");
}

#[tokio::test]
async fn browsers_hear_before_a_change_whether_they_may() {
    let settings = ApiSettings { origins: AllowedOrigins::Any, ..ApiSettings::default() };
    let site = Site::with_api(&settings).await;
    let question = site.call(Method::OPTIONS, LIST).header("origin", "https://any.example");
    let question = question
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type,idempotency-key");
    let answer = question.send().await;
    assert!(answer.status.is_success());
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(answer.header("access-control-allow-methods").contains("POST"));
    let headers = answer.header("access-control-allow-headers");
    assert!(headers.contains("authorization") && headers.contains("idempotency-key"), "{headers}");
}
