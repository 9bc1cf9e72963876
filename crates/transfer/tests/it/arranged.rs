//! Menus and redirects of other systems, and of our own exports.

use std::fs;

use serde_json::json;
use smartcms_app::OpContext;
use smartcms_app::menus::{SaveMenu, SeenMenu, save_menu};
use smartcms_domain::actors::Actor;
use smartcms_domain::menus::items_of_json;
use smartcms_testkit::TestApp;
use smartcms_transfer::{FolderSource, GhostSource, ImportOptions, NoteKind, WxrSource};

use crate::support::{Media, fixture, leads, menu, message, run, site, try_run};

/// A WXR file with one post, one page and these items of menus.
fn wxr(items: &str) -> String {
    let post = |id: u32, kind: &str, name: &str, link: &str| {
        format!(
            "<item><title>{name}</title><link>https://old.example{link}</link>\
             <wp:post_id>{id}</wp:post_id><wp:post_date_gmt>2020-01-02 03:04:05</wp:post_date_gmt>\
             <wp:post_name>{name}</wp:post_name><wp:status>publish</wp:status>\
             <wp:post_type>{kind}</wp:post_type><content:encoded>x</content:encoded></item>"
        )
    };
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:wp=\"http://wordpress.org/export/1.2/\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Old</title>\
         <wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://old.example</wp:base_site_url>\
         <wp:base_blog_url>https://old.example</wp:base_blog_url>{}{}{items}</channel></rss>",
        post(1, "post", "hello", "/2020/01/hello/"),
        post(2, "page", "about", "/about/"),
    )
}

/// An item of a menu: number, menu, label, order, and its other values.
fn item(id: u32, menu: &str, label: &str, order: u32, meta: &[(&str, &str)]) -> String {
    let meta: String = meta
        .iter()
        .map(|(key, value)| {
            format!(
                "<wp:postmeta><wp:meta_key>_menu_item_{key}</wp:meta_key>\
                 <wp:meta_value>{value}</wp:meta_value></wp:postmeta>"
            )
        })
        .collect();
    format!(
        "<item><title>{label}</title><wp:post_id>{id}</wp:post_id>\
         <wp:menu_order>{order}</wp:menu_order><wp:post_type>nav_menu_item</wp:post_type>\
         <wp:status>publish</wp:status><category domain=\"nav_menu\" nicename=\"{menu}\">x</category>\
         {meta}</item>"
    )
}

fn source(folder: &std::path::Path, items: &str) -> WxrSource {
    let path = folder.join("old.xml");
    fs::write(&path, wxr(items)).unwrap();
    WxrSource::open(vec![path]).unwrap()
}

#[tokio::test]
async fn menus_of_wordpress_come_over_with_what_is_below_what() {
    let folder = tempfile::tempdir().unwrap();
    let entry = |id| [("type", "post_type"), ("object_id", id)];
    let items = [
        item(12, "primary", "", 2, &entry("1")),
        item(11, "primary", "Group", 1, &[("type", "custom"), ("url", "#")]),
        item(
            13,
            "primary",
            "Us",
            3,
            &[("type", "post_type"), ("object_id", "2"), ("menu_item_parent", "11")],
        ),
        item(
            14,
            "primary",
            "Out",
            4,
            &[
                ("type", "custom"),
                ("url", "https://out.example/a?b=c"),
                ("target", "_blank"),
                ("menu_item_parent", "13"),
            ],
        ),
        item(
            15,
            "primary",
            "Moved",
            5,
            &[("type", "custom"), ("url", "https://old.example/2020/01/hello/#part")],
        ),
        item(16, "primary", "Gone", 6, &entry("99")),
        item(17, "primary", "Evil", 7, &[("type", "custom"), ("url", "javascript:alert(1)")]),
        item(
            18,
            "primary",
            "Circle",
            8,
            &[("type", "custom"), ("url", "/x"), ("menu_item_parent", "19")],
        ),
        item(
            19,
            "primary",
            "Round",
            9,
            &[("type", "custom"), ("url", "/y"), ("menu_item_parent", "18")],
        ),
        item(20, "social", "Mail", 1, &[("type", "custom"), ("url", "mailto:a@b.example")]),
    ];
    let app = site();
    let report = run(&app, source(folder.path(), &items.concat()), &Media::default()).await;
    assert_eq!(
        menu(&app, "main").await,
        "Group [Us /about [Out! https://out.example/a?b=c]], hello /posts/hello, \
         Moved /posts/hello#part, Circle /x [Round /y]"
    );
    assert_eq!(menu(&app, "social").await, "Mail mailto:a@b.example");
    assert_eq!(report.counts()["menus"].added, 2);
    let left: Vec<&str> =
        report.first_notes(NoteKind::MenuLeft).iter().map(|it| it.subject.as_str()).collect();
    assert_eq!(left, ["Gone", "Evil"], "{}", report.summary());
}

#[tokio::test]
async fn an_import_that_is_run_again_leaves_menus_and_redirects_alone() {
    let folder = tempfile::tempdir().unwrap();
    let items = item(11, "main", "Home", 1, &[("type", "custom"), ("url", "https://old.example/")]);
    let app = site();
    run(&app, source(folder.path(), &items), &Media::default()).await;
    assert_eq!(leads(&app, "/2020/01/hello/").await.as_deref(), Some("/posts/hello"));
    assert_eq!(leads(&app, "/about").await, None, "it is where it was");
    let operator = OpContext::new(&app, &Actor::Operator);
    let mine = items_of_json(&json!([{ "label": "Mine", "to": "/mine" }])).unwrap();
    let command = SaveMenu { name: "main".to_owned(), items: mine, seen: SeenMenu::Whatever };
    save_menu(&operator, command).await.unwrap();
    let again = run(&app, source(folder.path(), &items), &Media::default()).await;
    assert_eq!((again.counts()["menus"].added, again.counts()["menus"].present), (0, 1));
    assert_eq!(menu(&app, "main").await, "Mine /mine");
    assert!(again.counts().get("redirects").is_none_or(|it| it.added == 0));
}

#[tokio::test]
async fn nothing_is_stored_by_a_dry_run_and_no_part_of_a_menu_by_a_short_one() {
    let folder = tempfile::tempdir().unwrap();
    let items = item(11, "main", "Home", 1, &[("type", "custom"), ("url", "/")]);
    for (options, counted) in [
        (ImportOptions { dry_run: true, ..ImportOptions::default() }, 1),
        (ImportOptions { limit: Some(1), ..ImportOptions::default() }, 0),
    ] {
        let app = site();
        let source = source(folder.path(), &items);
        let (report, outcome) = try_run(&app, source, Some(&Media::default()), options).await;
        outcome.unwrap();
        assert_eq!(report.counts().get("menus").map_or(0, |it| it.added), counted);
        assert!(app.menus.list_menus().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn what_a_menu_cannot_hold_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let parent = |at: u32| (at + 1000 - 1).to_string();
    let deep: String = (1..=7)
        .map(|at| {
            let above = parent(at);
            let above = if at == 1 { "0" } else { above.as_str() };
            let meta = [("type", "custom"), ("url", "/x"), ("menu_item_parent", above)];
            item(1000 + at, "deep", &format!("L{at}"), at, &meta)
        })
        .collect();
    let many: String = (0..203)
        .map(|at| item(2000 + at, "wide", "W", at, &[("type", "custom"), ("url", "/x")]))
        .collect();
    let app = site();
    let report = run(&app, source(folder.path(), &(deep + &many)), &Media::default()).await;
    let nested = "L1 /x [L2 /x [L3 /x [L4 /x [L5 /x, L6 /x, L7 /x]]]]";
    assert_eq!(menu(&app, "deep").await, nested);
    assert_eq!(menu(&app, "wide").await.split(", ").count(), 200);
    assert_eq!(report.notes(NoteKind::MenuLeft), 5, "{}", report.summary());
    assert!(message(&report, NoteKind::MenuLeft).contains("levels"));
}

#[tokio::test]
async fn menus_of_ghost_and_hugo_come_over() {
    let app = site();
    run(&app, GhostSource::open(fixture("ghost.json")).unwrap(), &Media::default()).await;
    assert_eq!(menu(&app, "main").await, "Home /");
    let app = site();
    let hugo = FolderSource::open(fixture("hugo")).unwrap();
    let report = run(&app, hugo, &Media::default()).await;
    assert_eq!(menu(&app, "main").await, "Posts /posts");
    assert_eq!(leads(&app, "/old/first").await.as_deref(), Some("/posts/first"));
    assert!(report.counts()["redirects"].added > 0, "{}", report.summary());
}

/// Everything that a site arranges, as the store has it.
pub(crate) async fn arranged(app: &TestApp) -> String {
    let menus = app.menus.list_menus().await.unwrap();
    let menus: Vec<_> = menus.into_iter().map(|it| (it.name, it.items)).collect();
    let query = smartcms_app::ports::RedirectQuery { limit: 1_000, ..Default::default() };
    let redirects = app.redirects.list_redirects(&query).await.unwrap();
    let redirects: Vec<_> = redirects
        .into_iter()
        .map(|it| (it.source, it.target, it.status, it.is_automatic, it.created_at))
        .collect();
    format!("{menus:#?} {redirects:#?}")
}
