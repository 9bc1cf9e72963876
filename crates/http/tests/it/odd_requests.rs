//! Whatever comes in, the answer is a client's error and never a server's.

use axum::http::{Method, Request, Uri};
use serde_json::json;

use crate::client::Site;

#[tokio::test]
async fn odd_paths_lead_nowhere() {
    let site = Site::new().await;
    let long = format!("/posts/{}", "a".repeat(20_000));
    let paths = [
        "//",
        "///",
        "/.",
        "/..",
        "/%00",
        "/%FF",
        "/%",
        "/%zz",
        "/posts/%FF",
        "/posts/../a",
        "/posts//a",
        "/posts/é",
        "/api/v1/content/%FF",
        "/api/v1/content/posts/%FF",
        "/api/v1/content/posts/%00",
        "/api/v1/content/posts/..%2f..",
        "/api/v1/content//",
        "/api/v1/content/posts/a/revisions/-1",
        "/api/v1/content/posts/a/revisions/1e9",
        "/api/v1/content/posts/a/publish/x",
        "/ext/%FF",
        "/ext/a/%FF",
        "/theme/%FF",
        "/theme//theme.css",
        "/?after=%FF",
        "/feed.xml/",
        "/healthz/x",
        long.as_str(),
    ];
    for path in paths {
        for method in [Method::GET, Method::POST, Method::DELETE, Method::OPTIONS, Method::TRACE] {
            let Ok(uri) = path.parse::<Uri>() else { continue };
            let answer =
                site.call(method.clone(), &uri.to_string()).bearer(&site.editor).send().await;
            let status = answer.status.as_u16();
            assert!(
                (400..500).contains(&status)
                    || method == Method::OPTIONS
                    || status == 200 && path.starts_with("/?"),
                "{method} {path}: {status}"
            );
        }
    }
}

#[tokio::test]
async fn targets_of_other_forms_are_answered() {
    let site = Site::new().await;
    for (method, target) in [
        ("OPTIONS", "*"),
        ("CONNECT", "example.com:443"),
        ("GET", "http://elsewhere.example/"),
        ("PROPFIND", "/"),
    ] {
        let request =
            Request::builder().method(method).uri(target).body(axum::body::Body::empty()).unwrap();
        let response = site.service.handle(request).await;
        assert!(!response.status().is_server_error(), "{method} {target}: {}", response.status());
    }
}

#[tokio::test]
async fn odd_bodies_are_refused() {
    let site = Site::new().await;
    let deep =
        format!("{{\"fields\":{{\"title\":{}1{}}}}}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: Vec<Vec<u8>> = vec![
        b"\xff\xfe".to_vec(),
        b"{\"fields\":{\"title\":\"\xff\"}}".to_vec(),
        b"{\"fields\":{\"title\":\"\\ud800\"}}".to_vec(),
        deep.into_bytes(),
        b"{".to_vec(),
        b"{}{}".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"{\"fields\":{\"title\":1e999}}".to_vec(),
        b"{\"fields\":{\"\":\"\"}}".to_vec(),
        b"{\"fields\":{\"title\":{}}}".to_vec(),
        vec![0; 1000],
    ];
    for body in bodies {
        let call = site.call(Method::POST, "/api/v1/content/posts").bearer(&site.editor);
        let shown = String::from_utf8_lossy(&body).chars().take(60).collect::<String>();
        let answer = call.header("content-type", "application/json").body(body).send().await;
        let (status, code) = answer.problem();
        assert!((400..500).contains(&status), "{shown}: {code}");
    }
}

#[tokio::test]
async fn odd_headers_are_survived() {
    let site = Site::new().await;
    let path = site.published("posts", "A").await;
    for (name, value) in [
        ("accept-encoding", ";;;,,,=q"),
        ("accept-encoding", "gzip;q=9999999999999999999"),
        ("if-none-match", ",,\"\"W/"),
        ("authorization", "Bearer"),
        ("authorization", "   "),
        ("content-length", "x"),
        ("accept-encoding", "br;q=-1,gzip;q=1.5"),
    ] {
        for uri in ["/", "/posts/a", path.as_str()] {
            let answer = site.call(Method::GET, uri).header(name, value).send().await;
            assert!(!answer.status.is_server_error(), "{name}: {value} {uri}");
        }
    }
}

#[tokio::test]
async fn text_of_every_kind_survives_the_way_in_and_out() {
    let site = Site::new().await;
    let title = "控 \u{202e}abc \u{1f680} \" < & ' \\ \u{7f} \u{fffe}";
    let body = json!({ "fields": { "title": title, "body": title }, "slug": "odd" });
    let answer = site.edit(Method::POST, "/api/v1/content/posts", body).await;
    assert_eq!(answer.json()["fields"]["title"], title);
    site.publish("/api/v1/content/posts/odd").await;
    for uri in ["/posts/odd", "/", "/feed.xml"] {
        assert_eq!(site.get(uri).await.status, 200, "{uri}");
    }
    assert!(!site.get("/feed.xml").await.text().contains('\u{fffe}'));
}
