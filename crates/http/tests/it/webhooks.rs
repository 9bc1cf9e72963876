//! `/api/v1/webhooks`.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use smartcms_domain::actors::Role;

use crate::client::{Answer, Site};

const ROOT: &str = "/api/v1/webhooks";

struct Admin {
    site: Site,
    token: String,
}

impl Admin {
    async fn new() -> Self {
        let site = Site::new().await;
        let token = site.token(Role::ADMINISTRATOR).await;
        Self { site, token }
    }

    async fn call(&self, method: Method, uri: &str) -> Answer {
        self.site.call(method, uri).bearer(&self.token).send().await
    }

    async fn send(&self, method: Method, uri: &str, body: Value) -> Answer {
        self.site.call(method, uri).bearer(&self.token).json(body).send().await
    }

    async fn made(&self) -> String {
        let body = json!({ "name": "search", "url": "https://search.test/hook" });
        let answer = self.send(Method::POST, ROOT, body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        answer.header("location").to_owned()
    }
}

#[tokio::test]
async fn a_webhook_is_made_with_its_secret_which_is_not_shown_again() {
    let admin = Admin::new().await;
    let body = json!({
        "name": "search", "url": "https://search.test/hook",
        "events": ["entry.published"], "collections": ["posts"],
    });
    let answer = admin.send(Method::POST, ROOT, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    let mut made = answer.json();
    let secret = made.as_object_mut().unwrap().remove("secret").unwrap();
    assert!(secret.as_str().unwrap().starts_with("whsec_"));
    let path = answer.header("location").to_owned();
    let read = admin.call(Method::GET, &path).await.json();
    assert_eq!(read, made);
    assert_eq!((&read["events"], &read["enabled"]), (&json!(["entry.published"]), &json!(true)));
    let list = admin.call(Method::GET, ROOT).await.json();
    assert_eq!(list, json!({ "items": [made], "next": null }));
    let rotated = admin.call(Method::POST, &format!("{path}/rotate-secret")).await.json();
    assert_ne!(rotated["secret"], secret);
}

#[tokio::test]
async fn a_change_changes_what_it_names_and_a_webhook_can_go() {
    let admin = Admin::new().await;
    let path = admin.made().await;
    let body = json!({ "collections": ["pages"], "enabled": false });
    let changed = admin.send(Method::PATCH, &path, body).await.json();
    assert_eq!(changed["collections"], json!(["pages"]));
    assert_eq!((&changed["enabled"], &changed["name"]), (&json!(false), &json!("search")));
    let all = admin.send(Method::PATCH, &path, json!({ "collections": ["*"] })).await.json();
    assert_eq!(all["collections"], json!(["*"]));
    assert_eq!(admin.call(Method::DELETE, &path).await.status, StatusCode::NO_CONTENT);
    admin.call(Method::GET, &path).await.check_problem(404, "webhook.unknown");
}

#[tokio::test]
async fn a_test_message_waits_in_the_log_and_can_be_sent_again() {
    let admin = Admin::new().await;
    let path = admin.made().await;
    for _ in 0..3 {
        let answer = admin.call(Method::POST, &format!("{path}/test")).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    }
    let first = admin.call(Method::GET, &format!("{path}/deliveries?limit=2")).await.json();
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&first["items"][0]["type"], &first["items"][0]["state"]),
        (&json!("webhook.test"), &json!("waiting"))
    );
    let next = first["next"].as_str().unwrap();
    let rest = admin.call(Method::GET, &format!("{path}/deliveries?limit=2&cursor={next}")).await;
    assert_eq!(
        (rest.json()["items"].as_array().unwrap().len(), &rest.json()["next"]),
        (1, &Value::Null)
    );
    let none = admin.call(Method::GET, &format!("{path}/deliveries?state=failed")).await.json();
    assert_eq!(none["items"], json!([]));
    let id = first["items"][0]["id"].as_str().unwrap();
    let again = admin.call(Method::POST, &format!("{path}/deliveries/{id}/resend")).await;
    assert_eq!((again.status, &again.json()["id"]), (StatusCode::ACCEPTED, &json!(id)));
    let unknown = admin.call(Method::POST, &format!("{path}/deliveries/x/resend")).await;
    unknown.check_problem(404, "webhook.delivery-unknown");
}

#[tokio::test]
async fn bad_input_is_refused_by_name() {
    let admin = Admin::new().await;
    let path = admin.made().await;
    let post = |body| admin.send(Method::POST, ROOT, body);
    post(json!({ "name": "x" })).await.check_problem(400, "request.body");
    post(json!({ "name": "x", "url": 1 })).await.check_problem(400, "request.body");
    let odd = json!({ "name": "x", "url": "https://a.test", "events": "entry.created" });
    post(odd).await.check_problem(400, "request.body");
    let bad = post(json!({ "name": "", "url": "mailto:a" })).await;
    bad.check_problem(422, "webhook.invalid");
    assert_eq!(bad.json()["problems"].as_array().unwrap().len(), 2);
    let taken = json!({ "name": "search", "url": "https://a.test" });
    post(taken).await.check_problem(409, "webhook.name-taken");
    for (query, status, code) in [
        ("state=eaten", 400, "request.query"),
        ("cursor=x", 422, "request.cursor"),
        ("limit=0", 400, "request.limit"),
        ("kind=x", 400, "request.query"),
    ] {
        admin
            .call(Method::GET, &format!("{path}/deliveries?{query}"))
            .await
            .check_problem(status, code);
    }
}

#[tokio::test]
async fn an_editor_is_forbidden_and_a_reader_has_to_say_who_asks() {
    let admin = Admin::new().await;
    let path = admin.made().await;
    for (method, uri) in [
        (Method::GET, ROOT.to_owned()),
        (Method::GET, path.clone()),
        (Method::DELETE, path.clone()),
        (Method::GET, format!("{path}/deliveries")),
        (Method::POST, format!("{path}/test")),
        (Method::POST, format!("{path}/rotate-secret")),
    ] {
        let editor = admin.site.call(method.clone(), &uri).bearer(&admin.site.editor).send().await;
        editor.check_problem(403, "webhook.denied");
        admin.site.call(method, &uri).send().await.check_problem(401, "auth.required");
    }
    assert_eq!(admin.call(Method::GET, &path).await.status, StatusCode::OK);
}
