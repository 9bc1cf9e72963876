//! `smartcms theme`: a theme to begin with, and what is wrong with one.

use crate::support::command::smartcms;
use crate::support::server::Server;

#[test]
fn a_new_theme_has_no_mistakes_and_is_what_the_site_shows() {
    let folder = tempfile::tempdir().unwrap();
    smartcms(folder.path(), &["init", "."]).expect_success();
    smartcms(folder.path(), &["theme", "new"]).expect_success();
    let checked = smartcms(folder.path(), &["theme", "check"]);
    assert!(checked.expect_success().contains("no mistakes"), "{checked:?}");
    let home = folder.path().join("theme/home.html");
    std::fs::write(&home, "my own {{ site.title }}").unwrap();
    let server = Server::start_in(folder.path(), &[]);
    let page = server.client().get("/").expect_status(200).text();
    assert!(page.starts_with("my own "), "{page}");
    let again = smartcms(folder.path(), &["theme", "new"]);
    again.expect_failure(5, &["is there already"], "another name");
    assert_eq!(std::fs::read_to_string(&home).unwrap(), "my own {{ site.title }}");
}

#[test]
fn a_theme_of_another_name_stands_beside_the_one_of_the_site() {
    let folder = tempfile::tempdir().unwrap();
    smartcms(folder.path(), &["theme", "new", "dark-2"]).expect_success();
    assert!(folder.path().join("themes/dark-2/layout.html").is_file());
    smartcms(folder.path(), &["theme", "check", "themes/dark-2"]).expect_success();
    for bad in ["../x", "", "a b"] {
        let refused = smartcms(folder.path(), &["theme", "new", bad]);
        refused.expect_failure(6, &["no name of a theme"], "letters");
    }
    assert!(!folder.path().join("x").exists());
}

#[test]
fn a_mistake_is_told_with_its_file_its_line_and_the_source() {
    let folder = tempfile::tempdir().unwrap();
    let missing = smartcms(folder.path(), &["theme", "check"]);
    missing.expect_failure(4, &["there is no theme"], "theme new");
    smartcms(folder.path(), &["theme", "new"]).expect_success();
    let entry = folder.path().join("theme/entry.html");
    std::fs::write(&entry, "<h1>\n{{ entry.titel }}\n</h1>").unwrap();
    let checked = smartcms(folder.path(), &["theme", "check"]);
    checked.expect_failure(6, &["entry.html:2: ", ">    2 | {{ entry.titel }}"], "docs/themes.md");
}
