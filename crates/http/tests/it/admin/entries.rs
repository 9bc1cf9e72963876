//! Writing, as it is done with forms alone.

use axum::http::Method;
use smartcms_domain::actors::Role;
use smartcms_domain::collections::{FieldDefinition, FieldKind, FieldName};
use smartcms_testkit::builders::{pages, posts};

use super::{TOKEN, get, person, send, write};
use crate::client::Site;

#[tokio::test]
async fn what_is_written_is_saved_published_and_shown_on_the_site() {
    let site = Site::new().await;
    let entry = write(&site, &[("f.title", "First"), ("f.body", "Hello.")]).await;
    assert_eq!(site.get("/posts/first").await.status, 404);
    let pairs =
        [("f.title", "First"), ("f.body", "Hello\r\nall."), ("revision", "1"), ("do", "publish")];
    let answer = send(&site, Role::AUTHOR, &entry, &pairs).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, entry.as_str()));
    assert!(site.get("/posts/first").await.text().contains("Hello\nall."));
    let news = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let call = site.call(Method::GET, &entry).signed_in(&person(Role::AUTHOR));
    let shown = call.header("cookie", &news).send().await;
    assert!(shown.text().contains("<p class=\"notice done\">"), "{}", shown.text());
    assert!(shown.header("set-cookie").contains("Max-Age=0"), "news are told once");
}

#[tokio::test]
async fn what_is_refused_is_told_beside_its_field_and_keeps_what_was_typed() {
    let site = Site::new().await;
    let pairs = [("f.title", " "), ("f.body", "Kept")];
    let answer = send(&site, Role::EDITOR, "/admin/content/posts/new", &pairs).await;
    let text = answer.text();
    assert_eq!(answer.status, 422);
    assert!(text.contains("role=\"alert\" tabindex=\"-1\"") && text.contains("data-focus"));
    assert!(text.contains("<a href=\"#f.title\">"), "{text}");
    assert!(text.contains("id=\"f.title-problem\""));
    assert!(text.contains("aria-describedby=\"f.title-problem\""));
    assert!(text.contains("Kept</textarea>"));
    let pairs = [("f.title", "A title"), ("f.reading_minutes", "soon")];
    let text = send(&site, Role::EDITOR, "/admin/content/posts/new", &pairs).await.text();
    assert!(text.contains("id=\"f.reading_minutes-problem\"") && text.contains("value=\"soon\""));
}

#[tokio::test]
async fn a_save_that_is_late_shows_both_texts_and_loses_neither() {
    let site = Site::new().await;
    let entry =
        write(&site, &[("f.title", "First"), ("f.excerpt", "Short"), ("f.body", "A")]).await;
    let theirs =
        [("f.title", "Theirs"), ("f.excerpt", "Short"), ("f.body", "A"), ("revision", "1")];
    assert_eq!(send(&site, Role::EDITOR, &entry, &theirs).await.status, 303);
    let mine = [
        ("f.title", "Mine"),
        ("f.excerpt", "Short"),
        ("f.body", "B"),
        ("revision", "1"),
        ("do", "save"),
    ];
    let answer = send(&site, Role::EDITOR, &entry, &mine).await;
    let text = answer.text();
    assert_eq!(answer.status, 409);
    assert!(
        text.contains("Theirs") && text.contains("Mine") && text.contains("name=\"keep.body\"")
    );
    assert!(!text.contains("keep.excerpt"), "what nobody changed is no question");
    let merged = [
        ("f.title", "Mine"),
        ("f.excerpt", "Short"),
        ("f.body", "B"),
        ("only", "title"),
        ("only", "body"),
        ("keep.title", "theirs"),
        ("keep.body", "yours"),
        ("revision", "2"),
        ("do", "merge"),
    ];
    assert_eq!(send(&site, Role::EDITOR, &entry, &merged).await.status, 303);
    let text = get(&site, Role::EDITOR, &entry).await.text();
    assert!(text.contains("value=\"Theirs\"") && text.contains(">\nB</textarea>"), "{text}");
}

#[tokio::test]
async fn whoever_takes_all_of_the_others_text_saves_nothing() {
    let site = Site::new().await;
    let entry = write(&site, &[("f.title", "First")]).await;
    send(&site, Role::EDITOR, &entry, &[("f.title", "Theirs"), ("revision", "1")]).await;
    let merged = [
        ("f.title", "Mine"),
        ("slug", "first"),
        ("only", "title"),
        ("keep.title", "theirs"),
        ("revision", "2"),
        ("do", "merge"),
    ];
    assert_eq!(send(&site, Role::EDITOR, &entry, &merged).await.status, 303);
    let text = get(&site, Role::EDITOR, &entry).await.text();
    assert!(text.contains("name=\"revision\" value=\"2\"") && text.contains("value=\"Theirs\""));
}

#[tokio::test]
async fn what_is_not_saved_yet_is_kept_and_can_be_dropped() {
    let site = Site::new().await;
    let entry = write(&site, &[("f.title", "First")]).await;
    let pairs = [("f.title", "First, longer"), ("revision", "1")];
    let kept = send(&site, Role::EDITOR, &format!("{entry}/autosave"), &pairs).await;
    assert_eq!(kept.status, 200);
    let text = get(&site, Role::EDITOR, &entry).await.text();
    assert!(text.contains("value=\"First, longer\"") && text.contains("/discard\""));
    let list = get(&site, Role::EDITOR, "/admin/content/posts").await.text();
    assert!(!list.contains("First, longer"));
    assert_eq!(send(&site, Role::EDITOR, &format!("{entry}/discard"), &[]).await.status, 303);
    assert!(get(&site, Role::EDITOR, &entry).await.text().contains("value=\"First\""));
}

#[tokio::test]
async fn rows_come_and_go_with_buttons_and_nothing_is_saved_by_them() {
    let site = Site::new().await;
    let name = |it: &str| FieldName::parse(it).unwrap();
    let inner = vec![FieldDefinition::new(name("label"), FieldKind::Text)];
    let mut posts = posts();
    posts.fields.push(FieldDefinition::new(name("links"), FieldKind::Repeater(inner)));
    site.test.app.collections.replace(vec![posts, pages()]);
    let new = "/admin/content/posts/new";
    let row = [("f.title", "Kept"), ("f.links.0._", ""), ("f.links.0.label", "One")];
    let add = [&row[..], &[("do", "add f.links")]].concat();
    let text = send(&site, Role::EDITOR, new, &add).await.text();
    assert!(text.contains("name=\"f.links.0.label\"") && text.contains("value=\"One\""), "{text}");
    assert!(text.contains("name=\"f.links.1.label\"") && text.contains("value=\"Kept\""));
    let up = [&row[..], &[("f.links.1._", ""), ("f.links.1.label", "Two"), ("do", "up f.links.1")]];
    let text = send(&site, Role::EDITOR, new, &up.concat()).await.text();
    assert!(text.find("value=\"Two\"") < text.find("value=\"One\""));
    let list = get(&site, Role::EDITOR, "/admin/content/posts").await.text();
    assert!(!list.contains("Kept"), "nothing was saved");
    let save = [&row[..], &[("f.links.1._", ""), ("f.links.1.label", "Two")]].concat();
    let entry = write(&site, &save).await;
    let text = get(&site, Role::EDITOR, &entry).await.text();
    assert!(text.contains("value=\"One\"") && text.contains("value=\"Two\""));
}

#[tokio::test]
async fn several_entries_are_published_and_trashed_together() {
    let site = Site::new().await;
    let mut ids = Vec::new();
    for title in ["First", "Second"] {
        let entry = write(&site, &[("f.title", title)]).await;
        ids.push(entry.rsplit('/').next().unwrap().to_owned());
    }
    let pairs = [("entry", ids[0].as_str()), ("entry", ids[1].as_str()), ("do", "publish")];
    let answer = send(&site, Role::EDITOR, "/admin/content/posts", &pairs).await;
    assert_eq!(answer.status, 303);
    assert_eq!(site.get("/posts/second").await.status, 200);
    let pairs = [("entry", ids[1].as_str()), ("do", "trash"), ("here", "//evil.example/")];
    let answer = send(&site, Role::EDITOR, "/admin/content/posts", &pairs).await;
    assert_eq!(answer.header("location"), "/admin/content/posts", "only the list is come back to");
    assert_eq!(site.get("/posts/second").await.status, 404);
    assert!(get(&site, Role::EDITOR, "/admin/trash").await.text().contains("Second"));
    let pairs = [("collection", "posts"), ("entry", ids[1].as_str()), ("do", "restore")];
    send(&site, Role::EDITOR, "/admin/trash", &pairs).await;
    let list = get(&site, Role::EDITOR, "/admin/content/posts?status=draft").await.text();
    assert!(list.contains("Second") && !list.contains("<bdi>First<"));
}

#[tokio::test]
async fn a_preview_shows_the_draft_to_whoever_has_its_link_for_some_days() {
    let site = Site::new().await;
    let entry = write(&site, &[("f.title", "First"), ("f.body", "A draft.")]).await;
    let text = get(&site, Role::EDITOR, &entry).await.text();
    let start = text.find("/preview/").unwrap();
    let link: String = text[start..].chars().take_while(|it| *it != '"').collect();
    let shown = site.get(&link).await;
    assert!(shown.text().contains("A draft."), "{}", shown.text());
    assert!(shown.header("content-security-policy").contains("frame-ancestors 'self'"));
    assert_eq!(shown.header("cache-control"), "no-store");
    assert_eq!(shown.header("x-robots-tag"), "noindex, nofollow");
    let mut other = link.clone();
    let last = if other.pop() == Some('A') { 'Q' } else { 'A' };
    other.push(last);
    assert_eq!(site.get(&other).await.status, 404);
    let own = site.call(Method::GET, &format!("{entry}/preview")).signed_in(&person(Role::EDITOR));
    assert!(own.send().await.text().contains("A draft."));
    site.test.clock.advance(8 * 86_400_000);
    assert_eq!(site.get(&link).await.status, 404);
}

#[tokio::test]
async fn an_older_state_is_compared_and_brought_back() {
    let site = Site::new().await;
    let entry = write(&site, &[("f.title", "First"), ("f.body", "Some words here.")]).await;
    let pairs = [("f.title", "First"), ("f.body", "Some other words."), ("revision", "1")];
    send(&site, Role::EDITOR, &entry, &pairs).await;
    let text = get(&site, Role::EDITOR, &format!("{entry}/revisions")).await.text();
    assert!(text.contains("<ins>") && text.contains("<del>"), "{text}");
    let pairs = [("revision", "1"), ("seen", "2")];
    send(&site, Role::EDITOR, &format!("{entry}/revisions/restore"), &pairs).await;
    assert!(get(&site, Role::EDITOR, &entry).await.text().contains("Some words here."));
}

#[tokio::test]
async fn a_file_is_uploaded_described_and_deleted() {
    let site = Site::new().await;
    let body = |token: &str| {
        format!(
            "--x\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
             --x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"note.txt\"\r\n\
             content-type: text/plain\r\n\r\nSome text\r\n--x--\r\n"
        )
    };
    let upload = |token: &str| {
        let call = site.call(Method::POST, "/admin/media").signed_in(&person(Role::AUTHOR));
        call.header("content-type", "multipart/form-data; boundary=x").body(body(token)).send()
    };
    assert_eq!(upload("wrong").await.status, 403);
    assert!(!get(&site, Role::AUTHOR, "/admin/media").await.text().contains("note.txt"));
    assert_eq!(upload(TOKEN).await.status, 303);
    let text = get(&site, Role::AUTHOR, "/admin/media").await.text();
    let start = text.find("/admin/media/0").unwrap();
    let asset: String = text[start..].chars().take_while(|it| *it != '"').collect();
    let pairs = [("name", "renamed.txt"), ("alt", "A <note>"), ("revision", "1"), ("do", "save")];
    assert_eq!(send(&site, Role::AUTHOR, &asset, &pairs).await.status, 303);
    let text = get(&site, Role::AUTHOR, &asset).await.text();
    assert!(text.contains("renamed.txt") && text.contains("A &lt;note&gt;"));
    let pairs = [("revision", "2"), ("do", "delete")];
    assert_eq!(send(&site, Role::AUTHOR, &asset, &pairs).await.status, 403);
    assert_eq!(send(&site, Role::EDITOR, &asset, &pairs).await.status, 303);
    assert_eq!(get(&site, Role::EDITOR, &asset).await.status, 404);
}

#[tokio::test]
async fn the_editor_turns_blocks_into_markdown_and_back_with_the_token_alone() {
    let site = Site::new().await;
    let ask = |token: &'static str, body: serde_json::Value| {
        let call = site.call(Method::POST, "/admin/convert").signed_in(&person(Role::AUTHOR));
        call.header("x-csrf-token", token).json(body).send()
    };
    let markdown = serde_json::json!({ "markdown": "# Hello\n\nAll." });
    assert_eq!(ask("wrong", markdown.clone()).await.status, 403);
    let document = ask(TOKEN, markdown).await.json();
    assert_eq!(document["document"]["blocks"].as_array().unwrap().len(), 2);
    let back = ask(TOKEN, document).await.json();
    assert_eq!(back["markdown"].as_str().unwrap().trim(), "# Hello\n\nAll.");
    assert_eq!(ask(TOKEN, serde_json::json!({ "document": 1 })).await.status, 422);
}
