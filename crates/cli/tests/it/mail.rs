//! Mail over HTTP, from a real server process to a service on this machine.

use crate::support::command::{Outcome, smartcms_with};
use crate::support::mail_service::{KEY, MailService};
use crate::support::person::Person;
use crate::support::server::Server;
use crate::support::site::Site;

fn add(email: &str) -> [&str; 8] {
    ["user", "create", "--email", email, "--name", "Ada", "--role", "owner"]
}

fn borrowed(variables: &[(String, String)]) -> Vec<(&str, &str)> {
    variables.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

fn run(site: &Site, variables: &[(String, String)], more: &[(&str, &str)]) -> Outcome {
    let variables = [&borrowed(variables), more].concat();
    smartcms_with(site.path(), &add("ada@example.com"), "", &variables)
}

/// A server of a site with somebody in it, whose mail goes to the service.
fn serve(site: &Site, service: &MailService) -> Server {
    site.run(&add("ada@example.com")).expect_success();
    Server::start_in(site.path(), &borrowed(&service.allowed()))
}

/// Somebody has forgotten a password.
#[track_caller]
fn forget(server: &Server, email: &str) {
    let mut somebody = Person::stranger(server, "/admin/forgotten");
    somebody.form("/admin/forgotten", &[("email", email)]).expect_status(303);
}

#[test]
fn an_invitation_is_posted_with_the_key_and_a_link() {
    let (site, service) = (Site::new(), MailService::start());
    let added = run(&site, &service.allowed(), &[]);
    let link = added.expect_success().trim().to_owned();
    let posted = service.next();
    assert_eq!(posted.header("authorization"), format!("Bearer {KEY}"));
    assert_eq!(posted.header("content-type"), "application/json");
    assert_eq!(posted.to(), "ada@example.com");
    assert_eq!(posted.message["from"], "A SmartCMS site <cms@example.com>");
    assert!(posted.message["text"].as_str().unwrap().contains(&link), "{:#}", posted.message);
}

#[test]
fn a_service_on_this_machine_is_not_reached_unless_it_is_named() {
    let (site, service) = (Site::new(), MailService::start());
    let refused = run(&site, &service.variables(), &[]);
    assert_ne!(refused.code, 0, "{refused:?}");
    for words in ["a loopback address", "outbound.allow"] {
        assert!(refused.stderr.contains(words), "{refused:?}");
    }
    assert!(service.has_nothing());
}

#[test]
fn a_mail_that_was_not_taken_is_sent_again_and_known_by_its_key() {
    let (site, service) = (Site::new(), MailService::start());
    let mut server = serve(&site, &service);
    service.will_answer(503, "come again");
    forget(&server, "ada@example.com");
    let (first, second) = (service.next(), service.next());
    assert_eq!(first.message, second.message);
    assert_eq!(first.header("idempotency-key"), second.header("idempotency-key"));
    assert_eq!(first.header("idempotency-key").len(), 36);
    let text = second.message["text"].as_str().unwrap();
    let link = text.split_whitespace().find(|it| it.contains("/admin/password?link=")).unwrap();
    let path = link.split_once("/admin/").map(|(_, it)| format!("/admin/{it}")).unwrap();
    server.client().get(&path).expect_status(200);
    server.wait_for_log(&["a mail was not sent", "503", "come again"]);
    forget(&server, "nobody@example.com");
    forget(&server, "ada@example.com");
    let third = service.next();
    assert_eq!(third.to(), "ada@example.com", "nobody gets nothing");
    assert_ne!(third.header("idempotency-key"), first.header("idempotency-key"));
}

#[test]
fn a_refused_mail_is_told_once_without_the_key_and_for_whom() {
    let (site, service) = (Site::new(), MailService::start());
    let mut server = serve(&site, &service);
    let repeats = format!("{{\"message\": \"{KEY} may not write to ada@example.com\"}}");
    service.will_answer(422, &repeats);
    forget(&server, "ada@example.com");
    service.next();
    server.wait_for_log(&["a mail was given up at once", "422", "may not write to"]);
    forget(&server, "ada@example.com");
    assert_eq!(service.next().header("authorization"), format!("Bearer {KEY}"));
    for line in server.log() {
        for secret in [KEY, "ada@", "example.com"] {
            assert!(!line.contains(secret), "{secret} stands in {line}");
        }
    }
}

#[test]
fn mail_over_http_that_cannot_be_sent_as_it_is_set_is_told_at_once() {
    let (site, service) = (Site::new(), MailService::start());
    for (name, text, words) in [
        ("SMARTCMS_MAIL_HTTP_ADDRESS", "", "mail.http_address"),
        ("SMARTCMS_MAIL_HTTP_ADDRESS", "mail.example.com/emails", "mail.http_address"),
        ("SMARTCMS_MAIL_HTTP_KEY", "two\nlines", "mail.http_key"),
        ("SMARTCMS_MAIL_FROM", "nobody", "nobody"),
    ] {
        let refused = run(&site, &service.allowed(), &[(name, text)]);
        assert!(refused.code != 0 && refused.stderr.contains(words), "{refused:?}");
        assert!(!refused.stderr.contains("lines"), "{refused:?}");
    }
    assert!(service.has_nothing());
}
