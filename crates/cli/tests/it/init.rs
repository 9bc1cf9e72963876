//! `smartcms init`, and what every command shares.

use crate::support::command::smartcms;
use crate::support::server::Server;

#[test]
fn a_new_site_is_made_once_and_never_over_another() {
    let folder = tempfile::tempdir().unwrap();
    smartcms(folder.path(), &["init", "blog"]).expect_success();
    for name in ["smartcms.toml", "collections/posts.toml", "collections/pages.toml"] {
        assert!(folder.path().join("blog").join(name).is_file(), "{name}");
    }
    let config = folder.path().join("blog/smartcms.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let again = smartcms(folder.path(), &["init", "blog"]);
    again.expect_failure(5, &["smartcms.toml is there already"], "without a site");
    assert_eq!(std::fs::read_to_string(&config).unwrap(), text);
}

#[test]
fn a_demo_site_has_something_to_read() {
    let folder = tempfile::tempdir().unwrap();
    smartcms(folder.path(), &["init", ".", "--demo"]).expect_success();
    let server = Server::start_in(folder.path(), &[]);
    let posts = server.client().get("/api/v1/content/posts").expect_status(200).json();
    let slug = posts["items"][0]["slug"].as_str().expect("there is a post").to_owned();
    let home = server.client().get("/").expect_status(200).text();
    assert!(home.contains(&format!("/posts/{slug}")), "{home}");
    server.client().get(&format!("/posts/{slug}")).expect_status(200);
    for path in ["/authors/ada-reiher", "/tags/plugins", "/writing"] {
        server.client().get(path).expect_status(200);
    }
}

#[test]
fn the_pictures_of_a_demo_site_are_shown_in_the_sizes_that_pages_offer() {
    let folder = tempfile::tempdir().unwrap();
    smartcms(folder.path(), &["init", ".", "--demo"]).expect_success();
    let server = Server::start_in(folder.path(), &[]);
    let (mut client, mut checked) = (server.client(), 0);
    for path in ["/", "/posts/what-is-a-component", "/writing", "/authors/ada-reiher"] {
        let html = client.get(path).expect_status(200).text();
        let (_, srcset) =
            html.split_once(" srcset=\"").unwrap_or_else(|| panic!("no image: {html}"));
        let (srcset, _) = srcset.split_once('"').unwrap();
        // The smallest and the largest: between them nothing is different.
        for source in [srcset.split(", ").next().unwrap(), srcset.rsplit(", ").next().unwrap()] {
            let (url, width) = source.split_once(' ').unwrap();
            let answer = client.get(url).expect_status(200);
            assert_eq!(answer.header("content-type"), Some("image/webp"), "{source}");
            assert!(url.contains(&format!("/w{}", width.trim_end_matches('w'))), "{source}");
            checked += 1;
        }
        let Some((_, card)) = html.split_once("og:image\" content=\"") else { continue };
        let (card, _) = card.split_once('"').unwrap();
        let (_, path) = card.split_once("/media/").unwrap();
        let answer = client.get(&format!("/media/{path}")).expect_status(200);
        assert_eq!(answer.header("content-type"), Some("image/jpeg"), "{card}");
    }
    assert_eq!(checked, 8);
}

#[test]
fn a_database_that_is_up_to_date_needs_no_migration() {
    let folder = tempfile::tempdir().unwrap();
    let missing = smartcms(folder.path(), &["migrate"]);
    missing.expect_failure(4, &["there is no database"], "--site or --data");
    smartcms(folder.path(), &["token", "list"]).expect_success();
    let outcome = smartcms(folder.path(), &["migrate"]);
    assert_eq!(outcome.stdout, "the database is up to date\n");
}

#[test]
fn every_command_has_help() {
    let folder = tempfile::tempdir().unwrap();
    let plugin =
        ["inspect", "add", "list", "grant", "revoke", "enable", "disable", "remove", "logs"];
    let token = ["create", "list", "revoke"];
    let mut commands: Vec<Vec<&str>> =
        ["serve", "init", "import", "export", "migrate", "theme", "token", "plugin", "run"]
            .map(|it| vec![it])
            .to_vec();
    commands.extend(plugin.map(|it| vec!["plugin", it]));
    commands.extend(token.map(|it| vec!["token", it]));
    for command in commands {
        let help = smartcms(folder.path(), &[command.as_slice(), &["--help"]].concat());
        assert!(help.expect_success().contains("Usage: smartcms"), "{command:?}");
    }
    let top = smartcms(folder.path(), &["--help"]);
    assert!(top.expect_success().contains("Exit codes"), "{top:?}");
}

#[test]
fn wrong_usage_has_an_exit_code_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(smartcms(folder.path(), &["serv"]).code, 2);
    assert_eq!(smartcms(folder.path(), &["plugin", "grant", "visits"]).code, 2);
}
