//! Alternative texts: what a model sees of an image, who may ask, what it takes, and what the admin offers.

use std::sync::atomic::Ordering;

use axum::http::Method;
use serde_json::{Value, json};
use smartcms_domain::actors::{Rank, Role};

use super::support::{ask, site, site_with_eyes, status, token};
use crate::admin::{TOKEN, get, person};
use crate::client::Site;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand more";

async fn upload(site: &Site, name: &str, bytes: &'static [u8]) -> String {
    let call = site.call(Method::POST, &format!("/api/v1/assets?name={name}"));
    let answer = call.bearer(&site.editor).body(bytes).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_image_goes_to_the_model_as_a_small_jpeg_and_comes_back_as_a_sentence() {
    let (site, eyes) = site_with_eyes(&[("editor", 10_000)], 20_000).await;
    let asset = upload(&site, "boat.png", PNG).await;
    let told = ask(&site, &site.editor, "alt-text", json!({ "asset": asset })).await;
    assert_eq!(told.status, 200, "{}", told.text());
    let told = told.json();
    assert_eq!(told["text"], "A boat on a lake.", "one line, without what models put around it");
    assert_eq!((&told["model"], &told["tokens"]["read"]), (&json!("test/eyes"), &json!(1_500)));
    let seen = eyes.seen.lock().unwrap().pop().unwrap();
    // The image tools of these tests write what they were asked for instead of a picture.
    assert_eq!((seen.jpeg.as_ref(), seen.language.as_str()), (b"w400.jpg".as_slice(), "en"));
    let used = status(&site, &site.editor).await["budget"]["person"]["used"].clone();
    assert!(used.as_u64().is_some_and(|it| it > 1_500), "{used}");
    let kept = site.call(Method::GET, &format!("/api/v1/assets/{asset}")).bearer(&site.editor);
    assert_eq!(kept.send().await.json()["alt"], Value::Null, "nothing is saved by it");
}

#[tokio::test]
async fn who_may_not_change_files_or_has_no_budget_left_is_refused_before_the_model_is_asked() {
    let (site, eyes) = site_with_eyes(&[("editor", 2_000), ("viewer", 9_000)], 20_000).await;
    let asset = json!({ "asset": upload(&site, "boat.png", PNG).await });
    let viewer = site.token(Role::VIEWER).await;
    ask(&site, &viewer, "alt-text", asset.clone()).await.check_problem(403, "asset.denied");
    let writer = token(&site, "writer", Rank::Editor, &["content:update=posts"]).await;
    ask(&site, &writer, "alt-text", asset.clone()).await.check_problem(403, "asset.denied");
    let author = site.token(Role::AUTHOR).await;
    ask(&site, &author, "alt-text", asset.clone()).await.check_problem(403, "assist.off");
    assert!(eyes.seen.lock().unwrap().is_empty());

    assert_eq!(ask(&site, &site.editor, "alt-text", asset.clone()).await.status, 200);
    ask(&site, &site.editor, "alt-text", asset).await.check_problem(429, "assist.budget");
    assert_eq!(eyes.seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn what_no_model_can_see_or_will_describe_is_said() {
    let (site, eyes) = site_with_eyes(&[("editor", 10_000)], 20_000).await;
    let text = upload(&site, "notes.txt", b"words").await;
    let refused = ask(&site, &site.editor, "alt-text", json!({ "asset": text })).await;
    refused.check_problem(422, "assist.invalid");
    assert!(refused.text().contains("JPEG, PNG, WebP and GIF"), "{}", refused.text());
    let gone = json!({ "asset": "0190c5f0-0000-7000-8000-000000000000" });
    ask(&site, &site.editor, "alt-text", gone).await.check_problem(404, "asset.unknown");

    let asset = json!({ "asset": upload(&site, "boat.png", PNG).await });
    eyes.refuses.store(true, Ordering::SeqCst);
    let refused = ask(&site, &site.editor, "alt-text", asset.clone()).await;
    assert_eq!(refused.json()["code"], "assist.model", "{}", refused.text());
    assert!(refused.text().contains("write it without help"), "{}", refused.text());
    eyes.refuses.store(false, Ordering::SeqCst);
    let used = status(&site, &site.editor).await["budget"]["person"]["used"].clone();
    assert_eq!(used, 0, "what nobody answered costs nothing");
}

#[tokio::test]
async fn the_page_of_an_image_offers_it_and_takes_the_answer_as_it_comes() {
    let (site, _) = site_with_eyes(&[("editor", 10_000)], 20_000).await;
    let asset = upload(&site, "boat.png", PNG).await;
    let page = get(&site, Role::EDITOR, &format!("/admin/media/{asset}")).await.text();
    assert!(page.contains(r#"data-help="alt-text""#), "{page}");
    assert!(page.contains(&format!(r#"data-asset="{asset}""#)), "{page}");
    let call = site.call(Method::POST, "/admin/help/alt-text").signed_in(&person(Role::EDITOR));
    let call = call.header("x-csrf-token", TOKEN).header("accept", "text/event-stream");
    let answer = call.json(json!({ "asset": asset })).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.text().contains("event: end\ndata: "), "{}", answer.text());
    assert!(answer.text().contains("A boat on a lake."));

    let notes = upload(&site, "notes.txt", b"words").await;
    let page = get(&site, Role::EDITOR, &format!("/admin/media/{notes}")).await.text();
    assert!(!page.contains("data-help="), "a text shows nothing");
    let page = get(&site, Role::AUTHOR, &format!("/admin/media/{asset}")).await.text();
    assert!(!page.contains("data-help="), "this role has no help");
}

#[tokio::test]
async fn without_a_model_for_images_the_admin_offers_none() {
    let (site, _) = site().await;
    let asset = upload(&site, "boat.png", PNG).await;
    let page = get(&site, Role::EDITOR, &format!("/admin/media/{asset}")).await.text();
    assert!(!page.contains("data-help="), "{page}");
    let refused = ask(&site, &site.editor, "alt-text", json!({ "asset": asset })).await;
    refused.check_problem(422, "assist.no-model");
    assert!(refused.text().contains("`models.images`"), "{}", refused.text());
}
