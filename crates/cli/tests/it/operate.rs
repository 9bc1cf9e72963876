//! Plugins and moved content in the admin, with real plugins and a real server.

use std::thread::sleep;
use std::time::Duration;

use crate::support::client::Answer;
use crate::support::component::example;
use crate::support::person::Person;
use crate::support::server::Server;
use crate::support::site::Site;

/// How often something is looked at that comes a moment later.
const LOOKS: usize = 600;

fn visits() -> (Vec<u8>, Vec<u8>) {
    let component = example("visits");
    let manifest = component.replace("visits.wasm", "visits.plugin.toml");
    (std::fs::read(component).unwrap(), std::fs::read(manifest).unwrap())
}

#[track_caller]
fn until(server: &Server, path: &str, fits: impl Fn(&Answer) -> bool) {
    let mut client = server.client();
    for _ in 0..LOOKS {
        if fits(&client.get(path)) {
            return;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("{path} still answers {}", client.get(path));
}

/// Sends the file of the plugin `visits`; where it waits.
#[track_caller]
fn stage(person: &mut Person, to: &str) -> String {
    let (component, manifest) = visits();
    let files: [(&str, &str, &[u8]); 2] =
        [("component", "visits.wasm", &component), ("manifest", "plugin.toml", &manifest)];
    let answer = person.upload(to, &[], &files).expect_status(303);
    answer.header("location").unwrap().to_owned()
}

#[test]
fn a_plugin_is_looked_at_added_granted_and_taken_its_grant() {
    let site = Site::new();
    let server = Server::start(&site);
    let mut owner = Person::join(&site, &server, "owner");
    let waits = stage(&mut owner, "/admin/plugins");
    let shown = owner.get(&waits).expect_status(200).text();
    assert!(shown.contains("One key for each path holds how often it was visited."), "{shown}");
    server.client().get("/ext/visits/a").expect_status(404);
    assert_eq!(site.run(&["plugin", "list", "--json"]).expect_json(), serde_json::json!([]));
    owner.form(&waits, &[("do", "add"), ("grant", "kv")]).expect_status(303);
    until(&server, "/ext/visits/a", |it| it.status == 200);
    let listed = site.run(&["plugin", "list", "--json"]).expect_json();
    assert_eq!(listed[0]["grants"], serde_json::json!(["kv"]));
    owner.form("/admin/plugins/visits", &[("do", "revoke kv")]).expect_status(303);
    until(&server, "/ext/visits/a", |it| it.status >= 400);
    let audit = site.run(&["audit", "list", "--operation", "plugin.*"]);
    let said = audit.expect_success();
    assert!(said.contains("plugin.added") && said.contains("plugin.revoked"), "{said}");
    assert!(!said.contains("operator"), "a person did it: {said}");
}

#[test]
fn roles_below_administrators_add_nothing_and_administrators_reach_no_machine() {
    let site = Site::new();
    let server = Server::start(&site);
    let mut editor = Person::join(&site, &server, "editor");
    let (component, _) = visits();
    let file: [(&str, &str, &[u8]); 1] = [("component", "visits.wasm", &component)];
    editor.upload("/admin/plugins", &[], &file).expect_status(403);
    editor.get("/admin/plugins").expect_status(403);
    let mut administrator = Person::join(&site, &server, "administrator");
    let waits = stage(&mut administrator, "/admin/plugins");
    editor.get(&waits).expect_status(403);
    editor.form(&waits, &[("do", "add")]).expect_status(403);
    let machine = [("do", "add"), ("more", "kv fs=./stories:/stories:rw")];
    administrator.form(&waits, &machine).expect_status(403);
    assert_eq!(site.run(&["plugin", "list", "--json"]).expect_json(), serde_json::json!([]));
    administrator.form(&waits, &[("do", "add"), ("grant", "kv")]).expect_status(303);
    for grant in ["grant fs=./stories:/stories:ro", "grant http=127.0.0.1:80", "grant env=HOME"] {
        administrator.form("/admin/plugins/visits", &[("do", grant)]).expect_status(403);
    }
    let mut owner = Person::join(&site, &server, "owner");
    site.write("stories/one.txt", "once");
    let folder = [("do", "grant fs=./stories:/stories:ro")];
    owner.form("/admin/plugins/visits", &folder).expect_status(303);
    // Another file of the plugin would get the folder.
    let text = String::from_utf8(visits().1).unwrap().replace("0.1.0", "0.1.1");
    let files: [(&str, &str, &[u8]); 2] =
        [("component", "visits.wasm", &component), ("manifest", "plugin.toml", text.as_bytes())];
    let answer = administrator.upload("/admin/plugins/visits/upgrade", &[], &files);
    let waits = answer.expect_status(303).header("location").unwrap().to_owned();
    administrator.form(&waits, &[("do", "upgrade")]).expect_status(403);
    let upgraded = owner.form(&waits, &[("do", "upgrade")]);
    assert_eq!(upgraded.status, 303, "{}", upgraded.text());
    let listed = site.run(&["plugin", "list", "--json"]).expect_json();
    assert_eq!(listed[0]["version"], "0.1.1");
}

#[test]
fn what_is_no_plugin_is_refused_where_it_is_sent() {
    let site = Site::new();
    let server = Server::start(&site);
    let mut owner = Person::join(&site, &server, "owner");
    let file: [(&str, &str, &[u8]); 1] = [("component", "a.wasm", b"some text")];
    let answer = owner.upload("/admin/plugins", &[], &file).expect_status(303);
    assert_eq!(answer.header("location"), Some("/admin/plugins"));
    let answer = owner.upload("/admin/plugins", &[], &[]).expect_status(303);
    assert_eq!(answer.header("location"), Some("/admin/plugins"));
    owner.get("/admin/plugin-files/nothing").expect_status(404);
}

fn posts(count: usize) -> Vec<u8> {
    let item = |id: usize| {
        format!(
            "<item><title>Moved {id}</title><link>https://old.example/moved-{id}/</link>\
             <content:encoded><![CDATA[<p>Text of {id}.</p>]]></content:encoded>\
             <wp:post_id>{id}</wp:post_id><wp:post_date_gmt>2020-01-01 10:00:00</wp:post_date_gmt>\
             <wp:post_name>moved-{id}</wp:post_name><wp:status>publish</wp:status>\
             <wp:post_type>post</wp:post_type></item>\n"
        )
    };
    let items: String = (1..=count).map(item).collect();
    let head = "<?xml version=\"1.0\"?>\n<rss><channel><title>Old</title>\
                <link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>\n";
    format!("{head}{items}</channel></rss>").into_bytes()
}

/// Waits until a work is over; its page then.
#[track_caller]
fn over(person: &mut Person, job: &str) -> String {
    for _ in 0..LOOKS {
        let page = person.get(job).expect_status(200).text();
        if !page.contains("run-running") {
            return page;
        }
        sleep(Duration::from_millis(100));
    }
    panic!("{job} does not end");
}

#[track_caller]
fn import(person: &mut Person, format: &str, run: &str, file: &[u8]) -> String {
    let path = format!("/admin/transfer?run={run}");
    let files: [(&str, &str, &[u8]); 1] = [("file", "old.xml", file)];
    let answer = person.upload(&path, &[("format", format)], &files).expect_status(303);
    answer.header("location").unwrap().to_owned()
}

#[test]
fn an_import_that_was_cut_off_with_the_server_goes_on() {
    let site = Site::new();
    let server = Server::start(&site);
    let mut owner = Person::join(&site, &server, "owner");
    let job = import(&mut owner, "wxr", "import", &posts(3_000));
    until(&server, "/posts/moved-1", |it| it.status == 200);
    server.kill();
    let server = Server::start(&site);
    // The session is a row in the store.
    owner.move_to(&server);
    let page = over(&mut owner, &job);
    assert!(page.contains("run-interrupted") && page.contains("value=\"resume\""), "{page}");
    assert!(owner.get("/admin").text().contains("ended early"));
    owner.form(&job, &[("do", "resume")]).expect_status(303);
    let page = over(&mut owner, &job);
    assert!(page.contains("run-done"), "{page}");
    for id in [1, 1_500, 3_000] {
        server.client().get(&format!("/posts/moved-{id}")).expect_status(200);
    }
}

#[test]
fn an_import_is_stopped_and_an_export_is_read_back_elsewhere() {
    let site = Site::new();
    let server = Server::start(&site);
    let mut owner = Person::join(&site, &server, "owner");
    let job = import(&mut owner, "wxr", "try", &posts(20));
    let page = over(&mut owner, &job);
    assert!(page.contains("run-done") && page.contains("value=\"import\""), "{page}");
    server.client().get("/posts/moved-1").expect_status(404);
    owner.form(&job, &[("do", "import")]).expect_status(303);
    assert!(over(&mut owner, &job).contains("run-done"));
    let answer = owner.form("/admin/transfer/export", &[]).expect_status(303);
    let job = answer.header("location").unwrap().to_owned();
    assert_ne!(job, "/admin/transfer", "the place is free when a work is over");
    assert!(over(&mut owner, &job).contains("run-done"));
    let mut editor = Person::join(&site, &server, "editor");
    editor.get(&format!("{job}/file")).expect_status(403);
    let archive = owner.get(&format!("{job}/file")).expect_status(200);
    assert!(archive.body.starts_with(b"PK") && !archive.cut);
    let audit = site.run(&["audit", "list", "--operation", "site.*"]);
    let said = audit.expect_success();
    for operation in ["site.imported", "site.exported", "site.export_fetched"] {
        assert!(said.contains(operation), "{said}");
    }
    let other = Site::new();
    let server = Server::start(&other);
    let mut owner = Person::join(&other, &server, "owner");
    let job = import(&mut owner, "site", "import", &archive.body);
    let page = over(&mut owner, &job);
    assert!(page.contains("run-done"), "{page}");
    server.client().get("/posts/moved-20").expect_status(200);
    let job = import(&mut owner, "wxr", "import", &posts(3_000));
    owner.form(&job, &[("do", "cancel")]).expect_status(303);
    let page = over(&mut owner, &job);
    assert!(page.contains("run-cancelled") && page.contains("value=\"resume\""), "{page}");
    owner.form(&job, &[("do", "forget")]).expect_status(303);
    owner.get(&job).expect_status(404);
}

#[test]
fn a_folder_that_is_sent_stays_below_its_place() {
    let site = Site::new();
    let server = Server::start(&site);
    let mut owner = Person::join(&site, &server, "owner");
    let pairs = [("format", "markdown")];
    let hostile: [(&str, &str, &[u8]); 1] = [("folder", "../../evil.md", b"out")];
    let answer = owner.upload("/admin/transfer?run=import", &pairs, &hostile).expect_status(303);
    assert_eq!(answer.header("location"), Some("/admin/transfer"));
    let left: Vec<_> = std::fs::read_dir(site.data().join("transfers")).unwrap().collect();
    assert!(left.is_empty(), "what was refused is gone: {left:?}");
    assert!(!site.data().join("evil.md").exists());
    let files: [(&str, &str, &[u8]); 2] = [
        ("folder", "blog/content/posts/one.md", b"+++\ntitle = \"One\"\n+++\nFirst.\n"),
        ("folder", "blog/content/posts/two.md", b"+++\ntitle = \"Two\"\n+++\nSecond.\n"),
    ];
    let answer = owner.upload("/admin/transfer?run=import", &pairs, &files).expect_status(303);
    let job = answer.header("location").unwrap().to_owned();
    let page = over(&mut owner, &job);
    assert!(page.contains("run-done"), "{page}");
    server.client().get("/posts/two").expect_status(200);
}
