//! Uploaded files: stored, listed, changed, deleted, served.

use axum::http::Method;
use serde_json::{Value, json};
use smartcms_domain::actors::Role;

use crate::client::{Answer, Site};

/// The beginning of a PNG; images are not understood here.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand the rest";

async fn upload(site: &Site, query: &str, body: &[u8]) -> Answer {
    let call = site.call(Method::POST, &format!("/api/v1/assets{query}")).bearer(&site.editor);
    call.body(body.to_vec()).send().await
}

async fn uploaded(site: &Site, query: &str, body: &[u8]) -> Value {
    let answer = upload(site, query, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

/// The path of an address of this site.
fn path(url: &Value) -> String {
    url.as_str().unwrap().strip_prefix("https://site.example").unwrap().to_owned()
}

#[tokio::test]
async fn a_file_is_stored_and_served_as_it_is() {
    let site = Site::new().await;
    let answer = upload(&site, "?name=My%20note.md&title=A%20note", b"# Hi").await;
    assert_eq!(answer.status, 201);
    let body = answer.json();
    assert_eq!(
        answer.header("location"),
        format!("/api/v1/assets/{}", body["id"].as_str().unwrap())
    );
    assert_eq!(body["name"], "My-note.md");
    assert_eq!(body["title"], "A note");
    assert_eq!(body["media_type"], "text/plain");
    assert_eq!(body["bytes_len"], 4);
    assert_eq!(body["uploaded_by"], "token editor");
    let file = site.get(&path(&body["url"])).await;
    assert_eq!((file.status.as_u16(), file.text().as_str()), (200, "# Hi"));
    assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(file.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(file.header("content-disposition"), "inline; filename=\"My-note.md\"");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert!(file.header("content-security-policy").ends_with("sandbox"));
    let read = site.get(answer.header("location")).await;
    assert_eq!(read.json()["name"], "My-note.md");
    assert!(read.json().get("uploaded_by").is_none(), "readers do not hear who it was");
}

#[tokio::test]
async fn a_form_does_the_same_wherever_its_texts_stand() {
    let site = Site::new().await;
    let form = "--x\r\ncontent-disposition: form-data; name=\"alt\"\r\n\r\nA cat\r\n\
        --x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"cat.gif\"\r\n\
        content-type: text/html\r\n\r\nGIF89a rest\r\n\
        --x\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\nFelix\r\n--x--\r\n";
    let send = |form: String| {
        let call = site.call(Method::POST, "/api/v1/assets").bearer(&site.editor);
        call.header("content-type", "multipart/form-data; boundary=x").body(form).send()
    };
    let answer = send(form.to_owned()).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let body = answer.json();
    assert_eq!((&body["alt"], &body["title"]), (&json!("A cat"), &json!("Felix")));
    assert_eq!((&body["name"], &body["media_type"]), (&json!("cat.gif"), &json!("image/gif")));
    let misspelt = send(form.replace("\"title\"", "\"titel\"")).await;
    misspelt.check_problem(400, "request.body");
    assert!(misspelt.text().contains("did you mean `title`?"), "{}", misspelt.text());
    send(form.replace("name=\"file\"", "name=\"name\"")).await.check_problem(400, "request.body");
    send("--x\r\ncontent-disp".to_owned()).await.check_problem(400, "request.body-incomplete");
    send(form.replace("--x--\r\n", "")).await.check_problem(400, "request.body-incomplete");
}

#[tokio::test]
async fn the_same_file_is_there_once() {
    let site = Site::new().await;
    let first = uploaded(&site, "?name=a.png", PNG).await;
    assert_eq!(first["duplicate"], false);
    let again = upload(&site, "?name=b.png&title=Another", PNG).await;
    assert_eq!(again.status, 200);
    let again = again.json();
    assert_eq!(again["duplicate"], true);
    assert_eq!(
        (&again["id"], &again["name"], &again["title"]),
        (&first["id"], &first["name"], &Value::Null)
    );
}

#[tokio::test]
async fn the_content_decides_what_a_file_is() {
    let site = Site::new().await;
    let body = uploaded(&site, "?name=photo.jpg", b"PK\x03\x04 not a photo").await;
    assert_eq!(
        (&body["media_type"], &body["name"]),
        (&json!("application/zip"), &json!("photo.zip"))
    );
    for page in [&b"<html><script>alert(1)</script>"[..], b"<?xml version=\"1.0\"?><a/>", b"\0\x01"]
    {
        let body = uploaded(&site, "?name=x.txt", page).await;
        let file = site.get(&path(&body["url"])).await;
        assert_eq!(file.header("content-type"), "application/octet-stream");
        assert!(file.header("content-disposition").starts_with("attachment;"));
    }
}

#[tokio::test]
async fn what_is_refused_leaves_nothing_behind() {
    let site = Site::new().await;
    upload(&site, "", b"").await.check_problem(422, "asset.empty");
    let long = "x".repeat(300);
    upload(&site, &format!("?title={long}"), b"a").await.check_problem(422, "asset.invalid");
    upload(&site, "?nmae=a", b"a").await.check_problem(400, "request.query");
    let call = site.call(Method::POST, "/api/v1/assets").bearer(&site.editor);
    let answer = call.header("content-length", "99999999999").body("a").send().await;
    answer.check_problem(413, "asset.too-large");
    assert!(answer.text().contains("`media.upload_bytes_max` is 209715200"), "{}", answer.text());
    let list = site.call(Method::GET, "/api/v1/assets").bearer(&site.editor).send().await;
    assert_eq!(list.json()["items"], json!([]));
}

#[tokio::test]
async fn each_permission_allows_and_denies() {
    let site = Site::new().await;
    let (viewer, author) = (site.token(Role::VIEWER).await, site.token(Role::AUTHOR).await);
    let call = |method, uri: &str, token: &str| {
        site.call(method, uri).bearer(token).header("if-match", "*")
    };
    let anonymous = site.call(Method::POST, "/api/v1/assets").body("a").send().await;
    anonymous.check_problem(401, "auth.required");
    site.get("/api/v1/assets").await.check_problem(401, "auth.required");
    let denied = call(Method::POST, "/api/v1/assets", &viewer).body("a").send().await;
    denied.check_problem(403, "asset.denied");
    assert!(denied.text().contains("it takes author or above"), "{}", denied.text());
    let stored = call(Method::POST, "/api/v1/assets", &author).body("a").send().await;
    assert_eq!(stored.status, 201);
    let uri = stored.header("location").to_owned();
    assert_eq!(call(Method::GET, "/api/v1/assets", &viewer).send().await.status, 200);
    let change = json!({ "alt": "b" });
    let denied = call(Method::PATCH, &uri, &viewer).json(change.clone()).send().await;
    denied.check_problem(403, "asset.denied");
    assert_eq!(call(Method::PATCH, &uri, &author).json(change).send().await.status, 200);
    call(Method::DELETE, &uri, &author).send().await.check_problem(403, "asset.denied");
    assert_eq!(call(Method::DELETE, &uri, &site.editor).send().await.status, 204);
    site.get(&uri).await.check_problem(404, "asset.unknown");
    site.get(&path(&stored.json()["url"])).await.check_problem(404, "media.unknown");
}

#[tokio::test]
async fn a_change_names_what_it_saw() {
    let site = Site::new().await;
    let body = uploaded(&site, "?name=a.png&caption=gone", PNG).await;
    let uri = format!("/api/v1/assets/{}", body["id"].as_str().unwrap());
    let patch = |seen: Option<&'static str>, change: Value| {
        let call = site.call(Method::PATCH, &uri).bearer(&site.editor);
        let call = seen.into_iter().fold(call, |call, it| call.header("if-match", it));
        call.json(change).send()
    };
    let change = json!({ "name": "b.exe", "caption": "", "focal_point": { "x": 0.25, "y": 1 } });
    patch(None, change.clone()).await.check_problem(428, "request.if-match-missing");
    let changed = patch(Some("\"1\""), change.clone()).await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "\"2\""));
    let body = changed.json();
    assert_eq!((&body["name"], &body["caption"]), (&json!("b.png"), &Value::Null));
    assert_eq!(body["focal_point"], json!({ "x": 0.25, "y": 1.0 }));
    let stale = patch(Some("\"1\""), change).await;
    stale.check_problem(409, "asset.stale");
    assert_eq!(stale.json()["revision"], 2);
    for place in [json!({ "x": 2, "y": 0 }), json!({ "x": 0 }), json!({ "x": 0, "y": 0, "z": 0 })] {
        let answer = patch(Some("*"), json!({ "focal_point": place })).await;
        answer.check_problem(400, "request.body");
    }
}

#[tokio::test]
async fn parts_of_a_file_can_be_asked_for() {
    let site = Site::new().await;
    let uri = path(&uploaded(&site, "?name=a.txt", b"0123456789").await["url"]);
    let part = async |range: &str| site.call(Method::GET, &uri).header("range", range).send().await;
    let answer = part("bytes=2-4").await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (206, "234"));
    assert_eq!(answer.header("content-range"), "bytes 2-4/10");
    assert_eq!(answer.header("content-length"), "3");
    let answer = part("bytes=10-").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-range")), (416, "bytes */10"));
    assert_eq!(part("bytes=0-1,4-5").await.status, 200, "several parts are not served");
    let tag = answer.header("etag").to_owned();
    for (seen, status) in [(tag.as_str(), 206), ("\"other\"", 200)] {
        let call = site.call(Method::GET, &uri).header("range", "bytes=0-1");
        assert_eq!(call.header("if-range", seen).send().await.status, status);
    }
    let known = site.call(Method::GET, &uri).header("if-none-match", &tag).send().await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    let head = site.call(Method::HEAD, &uri).send().await;
    assert_eq!(
        (head.status.as_u16(), head.header("content-length"), head.body.len()),
        (200, "10", 0)
    );
}

#[tokio::test]
async fn a_variant_is_made_for_a_signed_address_alone() {
    let site = Site::new().await;
    let body = uploaded(&site, "?name=a.png", PNG).await;
    let variants = body["variants"].as_array().unwrap();
    let widths: Vec<_> = variants.iter().map(|it| it["width"].as_u64().unwrap()).collect();
    assert_eq!(widths, [160, 320, 400], "never larger than the image");
    let uri = path(&variants[0]["url"]);
    let (bare, signature) = uri.split_once("?sig=").unwrap();
    for wrong in [
        bare.to_owned(),
        format!("{bare}?sig="),
        format!("{bare}?sig={}A", &signature[1..]),
        uri.replace("/w160/", "/w161/"),
        uri.replace(".webp?", ".jpg?"),
    ] {
        site.get(&wrong).await.check_problem(403, "media.signature");
    }
    let made = site.get(&uri).await;
    assert_eq!((made.status.as_u16(), made.text().as_str()), (200, "w160.webp"));
    assert_eq!(made.header("content-type"), "image/webp");
    assert!(made.header("cache-control").contains("immutable"));
    assert_eq!(site.get(&uri).await.text(), "w160.webp");
}

#[tokio::test]
async fn lists_are_filtered_and_searched() {
    let site = Site::new().await;
    for (name, body) in [("one.png", PNG), ("two.txt", b"two"), ("three.pdf", b"%PDF-1")] {
        site.test.clock.advance(1_000);
        uploaded(&site, &format!("?name={name}"), body).await;
    }
    let list = async |query: &str| {
        let call = site.call(Method::GET, &format!("/api/v1/assets{query}"));
        let answer = call.bearer(&site.editor).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let names = answer.json()["items"].as_array().unwrap().clone();
        let names = names.iter().map(|it| it["name"].as_str().unwrap().to_owned());
        (names.collect::<Vec<_>>(), answer.json()["next"].as_str().map(str::to_owned))
    };
    assert_eq!(list("").await.0, ["three.pdf", "two.txt", "one.png"]);
    assert_eq!(list("?type=image").await.0, ["one.png"]);
    assert_eq!(list("?type=application/pdf").await.0, ["three.pdf"]);
    assert_eq!(list("?search=TWO").await.0, ["two.txt"]);
    let (first, next) = list("?limit=2").await;
    assert_eq!(first, ["three.pdf", "two.txt"]);
    assert_eq!(
        list(&format!("?cursor={}", next.unwrap())).await,
        (vec!["one.png".to_owned()], None)
    );
    for (query, status, code) in
        [("?type=picture", 400, "request.query"), ("?cursor=p1", 422, "request.cursor")]
    {
        let call = site.call(Method::GET, &format!("/api/v1/assets{query}"));
        call.bearer(&site.editor).send().await.check_problem(status, code);
    }
}
