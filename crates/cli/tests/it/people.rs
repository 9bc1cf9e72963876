//! `smartcms user`, the first owner, and mail.

use std::time::Duration;

use crate::support::command::{Outcome, smartcms_with};
use crate::support::mail_server::MailServer;
use crate::support::server::Server;
use crate::support::site::Site;

const ADD: [&str; 8] =
    ["user", "create", "--email", "Ada@example.com", "--name", "Ada", "--role", "owner"];

/// Runs a command with the mail server in its environment, and a host that somebody else may have named.
fn run(site: &Site, mail: &MailServer, arguments: &[&str]) -> Outcome {
    let variables = mail.variables();
    let mut variables: Vec<(&str, &str)> =
        variables.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    variables.push(("SMARTCMS_SITE_BASE_URL", "https://cms.example"));
    smartcms_with(site.path(), arguments, "", &variables)
}

#[test]
fn a_start_without_people_says_how_the_owner_comes_in() {
    let site = Site::new();
    let server = Server::start(&site);
    let words = server.next_words(Duration::from_secs(30)).unwrap();
    let link = format!("http://{}/admin/setup?link=", server.address);
    assert!(words.contains(&link), "{words}");
    server.kill();
    let again = Server::start(&site);
    let second = again.next_words(Duration::from_secs(30)).unwrap();
    assert_ne!(words.rsplit_once('='), second.rsplit_once('='), "each start has its own");
    again.kill();
    site.run(&ADD).expect_success();
    let server = Server::start(&site);
    assert_eq!(server.next_words(Duration::from_secs(1)), None, "there is somebody");
}

#[test]
fn people_are_added_listed_disabled_and_given_roles() {
    let site = Site::new();
    let added = site.run(&ADD);
    let link = added.expect_success().trim().to_owned();
    assert!(link.starts_with("http://127.0.0.1:8080/admin/password?link="), "{link}");
    assert_eq!(site.run(&ADD).code, 5, "the address is taken");
    site.run(&["user", "create", "--email", "bob@example.com", "--name", "Bob", "--role", "king"])
        .expect_failure(4, &["king"], "smartcms role list");
    let disable = |email: &str| site.run(&["user", "disable", email]);
    disable("ada@example.com").expect_failure(5, &["last owner"], "somebody else an owner");
    assert_eq!(disable("nobody@example.com").code, 4);
    site.run(&[
        "user",
        "create",
        "--email",
        "bob@example.com",
        "--name",
        "Bob",
        "--role",
        "author",
    ])
    .expect_success();
    site.run(&["user", "role", "bob@example.com", "editor"]).expect_success();
    disable("bob@example.com").expect_success();
    let listed = site.run(&["user", "list", "--json"]).expect_json();
    assert_eq!(
        (listed[0]["email"].as_str(), listed[0]["role"].as_str()),
        (Some("ada@example.com"), Some("owner"))
    );
    assert_eq!(
        (listed[1]["role"].as_str(), listed[1]["state"].as_str()),
        (Some("editor"), Some("disabled"))
    );
    site.run(&["user", "enable", "bob@example.com"]).expect_success();
    assert!(site.run(&["user", "list"]).expect_success().contains("active"));
}

#[test]
fn mail_reaches_a_real_server_with_a_link_to_the_configured_address() {
    let (site, server) = (Site::new(), MailServer::start());
    let added = run(&site, &server, &ADD);
    let link = added.expect_success().trim().to_owned();
    assert!(link.starts_with("https://cms.example/admin/password?link="), "{link}");
    let mail = server.next_mail();
    for words in ["From: ", "<cms@example.com>", "To: ada@example.com", "Subject: ", &link] {
        assert!(mail.contains(words), "no {words:?} in {mail}");
    }
    let reset = run(&site, &server, &["user", "reset-password", "ada@example.com"]);
    let mail = server.next_mail();
    assert!(mail.contains(reset.expect_success().trim()), "{mail}");
}

#[test]
fn mail_for_development_is_a_file_that_others_do_not_read() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new();
    let added = smartcms_with(site.path(), &ADD, "", &[("SMARTCMS_MAIL_TRANSPORT", "file")]);
    let link = added.expect_success().trim().to_owned();
    let path = site.data().join("mail/000001.eml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.replace("=\r\n", "").replace("=3D", "=").contains(&link), "{text}");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn mail_that_cannot_be_sent_as_it_is_set_is_told_at_once() {
    let site = Site::new();
    let with = |more: &[(&str, &str)]| {
        let mut variables = vec![
            ("SMARTCMS_MAIL_TRANSPORT", "smtp"),
            ("SMARTCMS_MAIL_SMTP_HOST", "127.0.0.1"),
            ("SMARTCMS_MAIL_SMTP_TLS", "none"),
        ];
        variables.extend(more);
        smartcms_with(site.path(), &ADD, "", &variables)
    };
    let clear = with(&[("SMARTCMS_MAIL_SMTP_USER", "a"), ("SMARTCMS_MAIL_SMTP_PASSWORD", "b")]);
    assert!(clear.code != 0 && clear.stderr.contains("without TLS gets no password"), "{clear:?}");
    let sender = with(&[("SMARTCMS_MAIL_FROM", "nobody")]);
    assert!(sender.code != 0 && sender.stderr.contains("nobody"), "{sender:?}");
}
