//! What a site is made of, arranged with forms alone.

use axum::http::Method;
use serde_json::Value;
use smartcms_domain::actors::Role;

use super::{TOKEN, get, person, send, write};
use crate::client::{Answer, Site};

const PAGES: [(&str, Role); 10] = [
    ("/admin/collections", Role::ADMINISTRATOR),
    ("/admin/collections/-/new", Role::ADMINISTRATOR),
    ("/admin/collections/posts", Role::ADMINISTRATOR),
    ("/admin/webhooks", Role::ADMINISTRATOR),
    ("/admin/webhooks/new", Role::ADMINISTRATOR),
    ("/admin/settings", Role::ADMINISTRATOR),
    ("/admin/menus", Role::EDITOR),
    ("/admin/menus/-/new", Role::EDITOR),
    ("/admin/redirects", Role::EDITOR),
    ("/admin/redirects/import", Role::EDITOR),
];

/// The state of a collection that its form was made from.
fn revision_in(page: &str) -> String {
    let found = page.split("name=\"revision\" value=\"").nth(1).unwrap();
    found.split('"').next().unwrap().to_owned()
}

/// The pairs of the form on a page, as a browser sends them without a button.
fn pairs_in(page: &str) -> Vec<(String, String)> {
    let plain = |text: &str| {
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&")
    };
    let attribute = |tag: &str, name: &str| {
        let found = tag.split(&format!(" {name}=\"")).nth(1)?;
        Some(plain(found.split('"').next().unwrap()))
    };
    let form = page.split("<form method=\"post\" action=\"/admin/collections").nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    let mut pairs = Vec::new();
    for tag in form.split('<').skip(1) {
        let (tag, after) = tag.split_once('>').unwrap();
        let Some(name) = attribute(tag, "name") else {
            continue;
        };
        let is_box = tag.contains("type=\"checkbox\"");
        if tag.starts_with("input ") && (!is_box || tag.ends_with(" checked")) {
            pairs.push((name, attribute(tag, "value").unwrap_or_default()));
        } else if tag.starts_with("textarea ") {
            pairs.push((name, plain(after.trim_start_matches('\n'))));
        } else if tag.starts_with("select ") {
            let options = form.split(&format!("name=\"{name}\"")).nth(1).unwrap();
            let options = options.split("</select>").next().unwrap();
            let chosen = options
                .split("<option ")
                .skip(1)
                .find(|it| it.split('>').next().unwrap().ends_with(" selected"));
            let chosen = chosen.or(options.split("<option ").nth(1));
            let value = chosen.map(|it| attribute(&format!(" {it}"), "value").unwrap());
            pairs.push((name, value.unwrap_or_default()));
        }
    }
    pairs.retain(|(name, _)| name != "csrf");
    pairs
}

/// Sends the form of a page with some values changed, by a button.
async fn press(
    site: &Site,
    uri: &str,
    pairs: &[(String, String)],
    changes: &[(&str, &str)],
) -> Answer {
    let kept = pairs.iter().filter(|(name, _)| changes.iter().all(|(it, _)| it != name));
    let mut all: Vec<(&str, &str)> = kept.map(|(name, it)| (name.as_str(), it.as_str())).collect();
    all.extend(changes);
    send(site, Role::ADMINISTRATOR, uri, &all).await
}

#[tokio::test]
async fn pages_about_the_structure_are_for_those_who_may_change_it() {
    let site = Site::new().await;
    for (page, least) in PAGES {
        let allowed = get(&site, least.clone(), page).await;
        assert_eq!(allowed.status, 200, "{page}: {}", allowed.text());
        let below = if least == Role::EDITOR { Role::AUTHOR } else { Role::EDITOR };
        assert_eq!(get(&site, below, page).await.status, 403, "{page}");
        let link = format!("href=\"{page}\"");
        let shown = get(&site, Role::AUTHOR, "/admin").await.text().contains(&link);
        assert!(!shown, "{page} is not shown to those who may not see it");
    }
}

#[tokio::test]
async fn what_is_sent_by_those_who_may_not_changes_nothing() {
    let site = Site::new().await;
    for (uri, role, pairs) in [
        ("/admin/collections/-/new", Role::EDITOR, [("label", "Books"), ("do", "plan")]),
        ("/admin/collections/posts", Role::EDITOR, [("force", "true"), ("do", "remove-all")]),
        ("/admin/menus/-/new", Role::AUTHOR, [("name", "main"), ("do", "save")]),
        ("/admin/redirects", Role::AUTHOR, [("from", "/a"), ("to", "/b")]),
        ("/admin/webhooks/new", Role::EDITOR, [("name", "x"), ("url", "https://a.test/")]),
    ] {
        assert_eq!(send(&site, role, uri, &pairs).await.status, 403, "{uri}");
    }
    assert!(site.state.app.collections.find("books").is_none());
    assert!(site.state.app.collections.find("posts").is_some());
}

#[tokio::test]
async fn a_collection_is_made_in_a_form_and_used_at_once() {
    let site = Site::new().await;
    let uri = "/admin/collections/-/new";
    let page = get(&site, Role::ADMINISTRATOR, uri).await.text();
    let pairs = pairs_in(&page);
    let grown = press(&site, uri, &pairs, &[("do", "add fields")]).await.text();
    let pairs = pairs_in(&grown);
    assert!(pairs.iter().any(|(name, _)| name == "fields.2.kind"), "a button adds a field");
    let changes = [
        ("label", "Books"),
        ("label_one", "Book"),
        ("url", "/books/{slug}"),
        ("fields.2.label", "Genre"),
        ("fields.2.kind", "select"),
        ("do", "shape fields.2"),
    ];
    let shaped = press(&site, uri, &pairs, &changes).await.text();
    assert!(shaped.contains("name=\"fields.2.choices\""), "a kind has its options: {shaped}");
    let pairs = pairs_in(&shaped);
    let choices = ("fields.2.choices", "novel\r\nscifi | Science fiction");
    let made = press(&site, uri, &pairs, &[choices, ("do", "plan")]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    assert_eq!(made.header("location"), "/admin/collections/books");
    let form = get(&site, Role::EDITOR, "/admin/content/books/new").await.text();
    assert!(form.contains("Science fiction") && form.contains("f.genre"), "{form}");
}

#[tokio::test]
async fn what_is_wrong_with_a_definition_is_told_beside_its_input() {
    let site = Site::new().await;
    let uri = "/admin/collections/-/new";
    let pairs = pairs_in(&get(&site, Role::ADMINISTRATOR, uri).await.text());
    let changes = [("label", "Posts"), ("fields.0.min", "many"), ("url", "books"), ("do", "plan")];
    let answer = press(&site, uri, &pairs, &changes).await;
    let text = answer.text();
    assert_eq!(answer.status, 409, "the name is taken: {text}");
    let changes = [&[("name", "books"), ("label_one", "Post")][..], &changes].concat();
    let answer = press(&site, uri, &pairs, &changes).await;
    let text = answer.text();
    assert_eq!(answer.status, 422, "{text}");
    assert!(text.contains("id=\"fields.0.min-problem\"") && text.contains("id=\"url-problem\""));
    assert!(text.contains("value=\"many\""), "what was typed is kept");
}

#[tokio::test]
async fn a_change_shows_first_what_it_does_and_loses_nothing_without_a_tick() {
    let site = Site::new().await;
    write(&site, &[("f.title", "First"), ("f.excerpt", "Short")]).await;
    let uri = "/admin/collections/posts";
    let page = get(&site, Role::ADMINISTRATOR, uri).await.text();
    let at = revision_in(&page);
    let renamed = [("fields.1.name", "summary"), ("fields.3.required", "true"), ("do", "plan")];
    let plan = press(&site, uri, &pairs_in(&page), &renamed).await;
    let text = plan.text();
    assert_eq!(plan.status, 200, "{text}");
    assert!(text.contains("Renamed") && text.contains("Required now"), "{text}");
    assert!(!text.contains("name=\"force\""), "nothing is lost by another name");
    assert!(site.state.app.collections.find("posts").unwrap().field("excerpt").is_some());
    let document = pairs_in(&text).into_iter().find(|(name, _)| name == "document").unwrap().1;
    let apply = [("document", document.as_str()), ("revision", &at), ("do", "apply")];
    assert_eq!(send(&site, Role::ADMINISTRATOR, uri, &apply).await.status, 303);
    let list = get(&site, Role::EDITOR, "/admin/content/posts?q=short").await.text();
    assert!(list.contains("First"), "values moved with the name");

    let page = get(&site, Role::ADMINISTRATOR, uri).await.text();
    let shrunk = press(&site, uri, &pairs_in(&page), &[("do", "remove fields.1")]).await.text();
    let plan = press(&site, uri, &pairs_in(&shrunk), &[("do", "plan")]).await.text();
    assert!(plan.contains("Lost: 1") && plan.contains("name=\"force\""), "{plan}");
    let document = pairs_in(&plan).into_iter().find(|(name, _)| name == "document").unwrap().1;
    let at = revision_in(&page);
    let apply = [("document", document.as_str()), ("revision", &at), ("do", "apply")];
    assert_eq!(send(&site, Role::ADMINISTRATOR, uri, &apply).await.status, 409);
    assert!(site.state.app.collections.find("posts").unwrap().field("summary").is_some());
    let forced = [&apply[..], &[("force", "true")]].concat();
    assert_eq!(send(&site, Role::ADMINISTRATOR, uri, &forced).await.status, 303);
    assert!(site.state.app.collections.find("posts").unwrap().field("summary").is_none());
}

#[tokio::test]
async fn a_collection_goes_with_its_entries_only_by_a_tick() {
    let site = Site::new().await;
    write(&site, &[("f.title", "First")]).await;
    let uri = "/admin/collections/posts";
    let page = get(&site, Role::ADMINISTRATOR, uri).await.text();
    let at = revision_in(&page);
    let ask = [("revision", at.as_str()), ("do", "remove-plan")];
    let plan = send(&site, Role::ADMINISTRATOR, uri, &ask).await.text();
    assert!(plan.contains("Lost: 1") && plan.contains("value=\"remove-all\""), "{plan}");
    let remove = [("revision", at.as_str()), ("do", "remove-all")];
    assert_eq!(send(&site, Role::ADMINISTRATOR, uri, &remove).await.status, 409);
    let forced = [&remove[..], &[("force", "true")]].concat();
    let gone = send(&site, Role::ADMINISTRATOR, uri, &forced).await;
    assert_eq!((gone.status.as_u16(), gone.header("location")), (303, "/admin/collections"));
    assert_eq!(get(&site, Role::ADMINISTRATOR, uri).await.status, 404);
}

#[tokio::test]
async fn a_menu_is_arranged_with_buttons_and_shows_on_the_site() {
    let site = Site::new().await;
    let uri = "/admin/menus/-/new";
    let items = [
        ("name", "main"),
        ("items.0._", ""),
        ("items.0.target", "to"),
        ("items.0.label", "Second"),
        ("items.0.to", "/second"),
        ("items.1._", ""),
        ("items.1.target", "to"),
        ("items.1.label", "First"),
        ("items.1.to", "/first"),
    ];
    let moved = [&items[..], &[("do", "up items.1")]].concat();
    let text = send(&site, Role::EDITOR, uri, &moved).await.text();
    let place = |it: &str| text.find(&format!("value=\"{it}\"")).unwrap();
    assert!(place("First") < place("Second"), "{text}");
    assert!(site.get("/api/v1/menus/main").await.status != 200, "a button stores nothing");
    let nested = [&items[..], &[("do", "in items.1")]].concat();
    let text = send(&site, Role::EDITOR, uri, &nested).await.text();
    assert!(text.contains("name=\"items.0.items.0.label\""), "{text}");
    let saved = [&items[..], &[("do", "save")]].concat();
    let answer = send(&site, Role::EDITOR, uri, &saved).await;
    assert_eq!(answer.header("location"), "/admin/menus/main");
    assert!(site.get("/").await.text().contains("href=\"/second\""));
    let bad =
        [&items[..6], &[("items.1.target", "to"), ("revision", "1"), ("do", "save")]].concat();
    let answer = send(&site, Role::EDITOR, "/admin/menus/main", &bad).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("id=\"items.1.to-problem\""), "{}", answer.text());
    let stale = [&items[..], &[("revision", "7"), ("do", "save")]].concat();
    assert_eq!(send(&site, Role::EDITOR, "/admin/menus/main", &stale).await.status, 409);
    let gone = [("revision", "1"), ("do", "delete")];
    assert_eq!(send(&site, Role::EDITOR, "/admin/menus/main", &gone).await.status, 303);
    assert_eq!(get(&site, Role::EDITOR, "/admin/menus/main").await.status, 404);
}

#[tokio::test]
async fn an_item_leads_to_an_entry_that_is_looked_for() {
    let site = Site::new().await;
    let entry = write(&site, &[("f.title", "The heron")]).await;
    let id = entry.rsplit('/').next().unwrap();
    let look = [
        ("name", "footer"),
        ("items.0._", ""),
        ("items.0.target", "entry"),
        ("look.items.0.entry", "heron"),
        ("do", "look items.0.entry"),
    ];
    let text = send(&site, Role::EDITOR, "/admin/menus/-/new", &look).await.text();
    assert!(text.contains("The heron") && text.contains(&format!("value=\"{id}\"")), "{text}");
    let part =
        get(&site, Role::EDITOR, "/admin/pick/*?name=items.0.entry&look.items.0.entry=heron");
    assert!(part.await.text().contains("The heron"));
}

#[tokio::test]
async fn redirects_are_added_changed_and_never_lead_in_a_circle() {
    let site = Site::new().await;
    let uri = "/admin/redirects";
    let add =
        |from: &'static str, to: &'static str| [("from", from), ("to", to), ("status", "301")];
    assert_eq!(send(&site, Role::EDITOR, uri, &add("/a", "/b")).await.status, 303);
    assert_eq!(site.get("/a").await.header("location"), "/b");
    let circle = send(&site, Role::EDITOR, uri, &add("/b", "/a")).await;
    assert_eq!(circle.status, 409);
    let text = circle.text();
    assert!(text.contains("This would lead in a circle"), "{text}");
    assert!(
        text.contains("name=\"from\" type=\"text\" value=\"/b\""),
        "what was typed stays: {text}"
    );
    let taken = send(&site, Role::EDITOR, uri, &add("/a", "/c")).await;
    assert_eq!(taken.status, 409);
    assert!(taken.text().contains("id=\"from-problem\""));
    let list = get(&site, Role::EDITOR, "/admin/redirects?q=%2Fa").await.text();
    let id = list.split("href=\"/admin/redirects/").nth(2).unwrap().split('"').next().unwrap();
    let one = format!("{uri}/{id}");
    let form = get(&site, Role::EDITOR, &one).await.text();
    assert!(form.contains("value=\"/a\"") && form.contains("value=\"/b\""), "{form}");
    let gone = [("from", "/a"), ("to", "/b"), ("status", "410"), ("do", "save")];
    assert_eq!(send(&site, Role::EDITOR, &one, &gone).await.status, 303);
    assert_eq!(site.get("/a").await.status, 410);
    let delete = format!("delete {id}");
    assert_eq!(send(&site, Role::EDITOR, uri, &[("do", &delete)]).await.status, 303);
    assert_eq!(site.get("/a").await.status, 404);
}

#[tokio::test]
async fn a_table_of_redirects_is_stored_as_a_whole_or_not_at_all() {
    let site = Site::new().await;
    let uri = "/admin/redirects/import";
    let import = async |table: &str| {
        let part = |name: &str, text: &str| {
            format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
        };
        let body = format!("{}{}--x--\r\n", part("csrf", TOKEN), part("text", table));
        let call = site.call(Method::POST, uri).signed_in(&person(Role::EDITOR));
        call.header("content-type", "multipart/form-data; boundary=x").body(body).send().await
    };
    let bad = import("from;to;status\n/a;/b\nc;/d\n").await;
    assert_eq!(bad.status, 422);
    assert!(bad.text().contains("Line 3: "), "{}", bad.text());
    assert_eq!(site.get("/a").await.status, 404, "nothing of it is stored");
    assert_eq!(import("from;to;status\n/a;/b\n/c;\"/d\";302\n").await.status, 303);
    assert_eq!(site.get("/a").await.header("location"), "/b");
    assert_eq!(site.get("/c").await.status, 302);
}

#[tokio::test]
async fn terms_are_added_by_their_names_and_say_how_many_use_them() {
    let site = Site::new().await;
    let new = "/admin/collections/-/new";
    let pairs = pairs_in(&get(&site, Role::ADMINISTRATOR, new).await.text());
    let tags = [("label", "Tags"), ("label_one", "Tag"), ("taxonomy", "flat"), ("do", "plan")];
    assert_eq!(press(&site, new, &pairs, &tags).await.status, 303);
    let term = [("collection", "tags"), ("name", "Birds")];
    assert_eq!(send(&site, Role::EDITOR, "/admin/terms", &term).await.status, 303);
    let text = get(&site, Role::EDITOR, "/admin/terms").await.text();
    assert!(text.contains("Birds") && text.contains("None"), "{text}");
    let id = text.split("/admin/content/tags/").find(|it| it.contains("Birds")).unwrap();
    let id = id.split('"').next().unwrap().to_owned();

    let posts = "/admin/collections/posts";
    let page = get(&site, Role::ADMINISTRATOR, posts).await.text();
    let grown = press(&site, posts, &pairs_in(&page), &[("do", "add fields")]).await.text();
    let tagged = [
        ("fields.4.label", "Tags"),
        ("fields.4.kind", "relation"),
        ("fields.4.to", "tags"),
        ("fields.4.many", "true"),
        ("do", "plan"),
    ];
    let plan = press(&site, posts, &pairs_in(&grown), &tagged).await.text();
    let pairs = pairs_in(&plan);
    assert_eq!(press(&site, posts, &pairs, &[("do", "apply")]).await.status, 303, "{plan}");
    write(&site, &[("f.title", "A heron"), ("f.tags", &id)]).await;
    let text = get(&site, Role::EDITOR, "/admin/terms?collection=tags").await.text();
    assert!(text.contains("<td>1</td>"), "{text}");
    assert_eq!(send(&site, Role::VIEWER, "/admin/terms", &term).await.status, 403);
}

#[tokio::test]
async fn a_webhook_shows_its_secret_once_and_its_deliveries() {
    let site = Site::new().await;
    let sent = [("name", "Search"), ("url", "https://a.test/hook"), ("events", "entry.published")];
    let made = send(&site, Role::ADMINISTRATOR, "/admin/webhooks/new", &sent).await;
    let text = made.text();
    assert_eq!(made.status, 201, "{text}");
    assert!(text.contains("whsec_"), "{text}");
    let uri = text.split("action=\"/admin/webhooks/").nth(1).unwrap().split('"').next().unwrap();
    let uri = format!("/admin/webhooks/{uri}");
    assert!(!get(&site, Role::ADMINISTRATOR, &uri).await.text().contains("whsec_"));
    let act = async |action: &str| send(&site, Role::ADMINISTRATOR, &uri, &[("do", action)]).await;
    let rotated = act("rotate").await.text();
    assert!(rotated.contains("whsec_") && rotated.contains("The old one signs until"));
    assert_eq!(act("test").await.status, 303);
    let page = get(&site, Role::ADMINISTRATOR, &uri).await.text();
    assert!(page.contains("Waiting"), "{page}");
    let delivery = page.split("value=\"resend ").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(act(&format!("resend {delivery}")).await.status, 303);
    assert_eq!(act("pause").await.status, 303);
    assert!(get(&site, Role::ADMINISTRATOR, &uri).await.text().contains("It is paused"));
    let changed = [("name", "Search"), ("url", "ftp://a.test/"), ("do", "save")];
    let refused = send(&site, Role::ADMINISTRATOR, &uri, &changed).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("id=\"url-problem\""), "{}", refused.text());
    assert_eq!(send(&site, Role::EDITOR, &uri, &[("do", "delete")]).await.status, 403);
    assert_eq!(act("delete").await.status, 303);
    assert_eq!(get(&site, Role::ADMINISTRATOR, &uri).await.status, 404);
}

#[tokio::test]
async fn a_view_is_kept_by_one_person_for_one_list() {
    let site = Site::new().await;
    let keep = [
        ("list", "content/posts"),
        ("query", "status=draft"),
        ("name", "My <drafts>"),
        ("do", "keep"),
    ];
    let kept = send(&site, Role::AUTHOR, "/admin/views", &keep).await;
    assert_eq!(kept.header("location"), "/admin/content/posts?status=draft");
    let list = get(&site, Role::AUTHOR, "/admin/content/posts?status=draft").await.text();
    assert!(list.contains("My &lt;drafts&gt;"), "{list}");
    let mut other = person(Role::AUTHOR);
    let id = smartcms_domain::actors::UserId::parse("01900000-0000-7000-8000-0000000000bb");
    other.actor = smartcms_domain::actors::Actor::User { id: id.unwrap(), role: Role::AUTHOR };
    let theirs = site.call(Method::GET, "/admin/content/posts").signed_in(&other).send().await;
    assert!(!theirs.text().contains("My &lt;drafts"), "nobody else sees it");
    let go = site.call(Method::GET, "/admin/go").signed_in(&other);
    assert!(!go.header("accept", "application/json").send().await.text().contains("drafts"));
    let id = list.split("value=\"remove ").nth(1).unwrap().split('"').next().unwrap();
    let remove = format!("remove {id}");
    let pairs = [("list", "content/posts"), ("do", remove.as_str())];
    let call = site.call(Method::POST, "/admin/views").signed_in(&other);
    let theirs = call.form(&[&[("csrf", TOKEN)], &pairs[..]].concat()).send().await;
    assert_eq!(theirs.status, 404, "and nobody else takes it away");
    assert_eq!(send(&site, Role::AUTHOR, "/admin/views", &pairs).await.status, 303);
    let list = get(&site, Role::AUTHOR, "/admin/content/posts").await.text();
    assert!(!list.contains("My &lt;drafts"));
    let odd = [("list", "content/posts"), ("query", "a b"), ("name", "x"), ("do", "keep")];
    let answer = send(&site, Role::AUTHOR, "/admin/views", &odd).await;
    assert!(answer.header("set-cookie").contains("smartcms_flash="), "{:?}", answer.headers);
}

#[tokio::test]
async fn the_palette_leads_where_the_person_may_go_and_nowhere_else() {
    let site = Site::new().await;
    write(&site, &[("f.title", "The heron")]).await;
    let urls = async |role: Role, words: &str| -> Vec<String> {
        let uri = format!("/admin/go?q={words}");
        let call = site.call(Method::GET, &uri).signed_in(&person(role));
        let body: Value = call.header("accept", "application/json").send().await.json();
        let groups = body["groups"].as_array().unwrap().iter();
        let items = groups.flat_map(|it| it["items"].as_array().unwrap());
        items.map(|it| it["url"].as_str().unwrap().to_owned()).collect()
    };
    let has = |urls: &[String], url: &str| urls.iter().any(|it| it == url);
    let all = urls(Role::ADMINISTRATOR, "").await;
    for url in ["/admin/collections", "/admin/settings", "/admin/content/posts/new"] {
        assert!(has(&all, url), "{all:?}");
    }
    let few = urls(Role::VIEWER, "").await;
    assert!(has(&few, "/admin/content/posts") && !has(&few, "/admin/content/posts/new"));
    assert!(!has(&few, "/admin/collections") && !has(&few, "/admin/redirects"), "{few:?}");
    let found = urls(Role::VIEWER, "heron").await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("/admin/content/posts/"), "{found:?}");
    let page = get(&site, Role::VIEWER, "/admin/go?q=heron").await.text();
    assert!(page.contains("The heron") && page.contains("<kbd>"), "it is a page without scripts");
    assert_eq!(site.get("/admin/go").await.status, 303, "for those who have signed in");
}

#[tokio::test]
async fn a_function_that_computes_a_field_is_chosen_in_its_form() {
    let site = Site::with_plugins(crate::computed::plugins()).await;
    let entry = write(&site, &[("f.title", "First"), ("f.excerpt", "Short")]).await;
    let uri = "/admin/collections/posts";
    let page = get(&site, Role::ADMINISTRATOR, uri).await.text();
    assert!(page.contains("value=\"text.shout\""), "{page}");
    assert!(!page.contains("value=\"text.dice\""), "it is not deterministic: {page}");
    let at = revision_in(&page);
    let chosen = [
        ("fields.1.computed", "text.shout"),
        ("fields.1.arguments", "title"),
        ("fields.1.localized", "true"),
        ("do", "plan"),
    ];
    let plan = press(&site, uri, &pairs_in(&page), &chosen).await.text();
    assert!(plan.contains("computed by text.shout(title) now"), "{plan}");
    let document = pairs_in(&plan).into_iter().find(|(name, _)| name == "document").unwrap().1;
    let apply = [("document", document.as_str()), ("revision", &at), ("do", "apply")];
    assert_eq!(send(&site, Role::ADMINISTRATOR, uri, &apply).await.status, 303);
    let kept = get(&site, Role::ADMINISTRATOR, uri).await.text();
    let pairs = pairs_in(&kept);
    assert!(pairs.contains(&("fields.1.computed".to_owned(), "text.shout".to_owned())), "{kept}");
    let form = get(&site, Role::EDITOR, &entry).await.text();
    assert!(!form.contains("name=\"f.excerpt\""), "nobody writes it: {form}");
    let list = get(&site, Role::EDITOR, "/admin/content/posts?q=FIRST!").await.text();
    assert!(list.contains("First"), "{list}");
}
