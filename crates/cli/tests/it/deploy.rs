//! `smartcms deploy`: what it writes is what stands in `deploy/`, and it never writes a secret.

use std::fs;
use std::path::Path;

use crate::support::command::{Outcome, smartcms_with};
use crate::support::component::{example, root};
use crate::support::site::Site;

/// With this in the environment, the manifests are written anew.
const ACCEPT: &str = "SMARTCMS_ACCEPT_DEPLOY";

/// Every manifest in `deploy/`, with the command that it is written by; `deploy/README.md` has the same ones.
pub(crate) const WRITTEN: &[(&str, &str)] = &[
    ("wasmtime/smartcms.service", "wasmtime"),
    ("spin/spin.toml", "spin --component ../../dist/portable/smartcms-spin.wasm"),
    ("spinkube/spinapp.yaml", "spinapp --component registry.example.com/ada/smartcms:1.0"),
    ("wasmcloud/workload.yaml", "wasmcloud --component registry.example.com/ada/smartcms:1.0"),
    (
        "wasmcloud/wadm.yaml",
        "wadm --component registry.example.com/ada/smartcms1:1.0 --images registry.example.com/wasmcloud",
    ),
    (
        "compose/compose.yaml",
        "compose --component ../../dist/portable/smartcms-wasmcloud.wasm --images registry.example.com/wasmcloud",
    ),
];

/// Hosts, with what they need to be told.
pub(crate) const HOSTS: &[&str] = &[
    "wasmtime",
    "spin",
    "spinapp --component r.example.com/a/b:1",
    "wasmcloud --component r.example.com/a/b:1",
    "wadm --component r.example.com/a/b:1 --images r.example.com/wasmcloud",
    "compose --images r.example.com/wasmcloud",
];

/// Runs `smartcms deploy` for a site.
#[track_caller]
pub(crate) fn deploy(site: &Path, words: &str, variables: &[(&str, &str)]) -> Outcome {
    let mut arguments = vec!["--site", site.to_str().unwrap(), "deploy"];
    arguments.extend(words.split(' '));
    smartcms_with(&root(), &arguments, "", variables)
}

#[track_caller]
fn with_file(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("smartcms.toml"), text).unwrap();
    folder
}

#[test]
fn the_manifests_in_the_repository_are_what_the_command_writes() {
    let folder = root().join("deploy");
    for (file, words) in WRITTEN {
        let written = deploy(&folder, words, &[]).expect_success().to_owned();
        let path = folder.join(file);
        if std::env::var_os(ACCEPT).is_some() {
            fs::write(&path, &written).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        let differing = written.lines().find(|line| !committed.contains(line));
        assert!(
            written == committed,
            "deploy/{file} is not what `smartcms --site deploy deploy {words}` writes, first here: {differing:?}\n\
             {ACCEPT}=1 cargo test -p smartcms-cli --test it deploy\nwrites it anew"
        );
    }
}

#[test]
fn the_documentation_names_the_command_of_each_manifest() {
    let text = fs::read_to_string(root().join("deploy/README.md")).unwrap();
    for (file, words) in WRITTEN {
        assert!(text.contains(file), "{file}");
        assert!(text.contains(&format!("deploy {words}")), "{words}");
    }
}

#[test]
fn a_secret_is_named_and_never_written() {
    let site = with_file(
        "[ai]\nprovider = \"openai\"\naddress = \"https://ai.example.com/v1\"\nmodel = \"m\"\nkey = \"hunter2\"\n\
         [mail]\ntransport = \"http\"\nhttp_address = \"https://mail.example.com/emails\"\nhttp_key = \"hunter4\"\n",
    );
    let token = "smc_hunter3hunter3hunter3hunter3hunter3";
    for words in HOSTS {
        let outcome = deploy(site.path(), words, &[("SMARTCMS_PEOPLE_OWNER_TOKEN", token)]);
        let manifest = outcome.expect_success();
        assert!(!manifest.contains("hunter"), "{manifest}");
        assert!(!outcome.stderr.contains("hunter"), "{}", outcome.stderr);
        for secret in ["SMARTCMS_PEOPLE_OWNER_TOKEN", "SMARTCMS_AI_KEY", "SMARTCMS_MAIL_HTTP_KEY"] {
            assert!(manifest.contains(secret), "{words}: {manifest}");
        }
    }
}

#[test]
fn the_service_that_sends_mail_may_be_reached_on_hosts_that_ask_for_it() {
    let site = with_file(
        "[mail]\ntransport = \"http\"\nhttp_address = \"https://mail.example.com/emails\"\n",
    );
    for words in HOSTS {
        let manifest = deploy(site.path(), words, &[]).expect_success().to_owned();
        // The unit of systemd and wasmCloud 1 restrict nobody, and SpinApp has its list in the image.
        let has_list = !["wasmtime", "spinapp", "wadm"].iter().any(|it| words.starts_with(it));
        let is_listed = manifest.contains("https://mail.example.com:443");
        assert_eq!(is_listed, has_list, "{words}: {manifest}");
    }
}

#[test]
fn a_setting_from_the_environment_wins_and_one_that_says_nothing_is_left_out() {
    let site = with_file("[site]\ntitle = \"File\"\nlanguage = \"en\"\n");
    let variables = [("SMARTCMS_SITE_TITLE", "Variable")];
    let manifest = deploy(site.path(), "spin", &variables).expect_success().to_owned();
    assert!(manifest.contains("SMARTCMS_SITE_TITLE = \"Variable\""), "{manifest}");
    assert!(!manifest.contains("SMARTCMS_SITE_LANGUAGE"), "{manifest}");
}

#[test]
fn what_the_portable_build_does_not_have_is_refused_by_its_name() {
    let site = with_file("[mail]\ntransport = \"file\"\n[models]\ntext = \"local/tiny\"\n");
    for words in HOSTS {
        let outcome = deploy(site.path(), words, &[]);
        outcome.expect_failure(6, &["`mail.transport`", "`models`"], "docs/portable.md");
        assert_eq!(outcome.stdout, "");
    }
}

#[test]
fn what_has_no_effect_there_is_left_out_and_said() {
    let site = with_file("[server]\nconnections_max = 7\n[media]\ndecoders_max = 1\n");
    fs::create_dir(site.path().join("theme")).unwrap();
    let outcome = deploy(site.path(), "spin", &[]);
    assert!(!outcome.expect_success().contains("CONNECTIONS_MAX"), "{outcome:?}");
    for said in
        ["server.connections_max", "media.decoders_max", "the folder theme/", "site.base_url"]
    {
        assert!(outcome.stderr.contains(said), "{said}: {}", outcome.stderr);
    }
}

#[test]
fn a_site_with_plugins_is_written_without_them_only_when_that_is_asked_for() {
    let site = Site::new();
    site.run(&["plugin", "add", &example("visits")]).expect_success();
    site.run(&["plugin", "grant", "visits", "kv"]).expect_success();
    let refused = deploy(site.path(), "spin", &[]);
    refused.expect_failure(
        6,
        &["composed into it alone", "visits", "holds kv"],
        "--without-plugins",
    );
    deploy(site.path(), "spin --without-plugins", &[]).expect_success();
}

#[test]
fn what_a_host_cannot_take_is_refused() {
    let site = with_file("[outbound]\nallow = [\"[::1]:9000\"]\n");
    let refused = |words: &str, named: &[&str], hint: &str| {
        deploy(site.path(), words, &[]).expect_failure(6, named, hint);
    };
    refused("wasmcloud", &["from a registry"], "--component");
    refused("wasmcloud --component site.wasm", &["site.wasm"], "registry.example.com");
    refused("wadm --component r.example.com/a/b:1", &["images of wasmCloud"], "--images");
    refused("spin --name My_Site", &["`My_Site`"], "hyphens");
    refused("spin --bucket a/b", &["`a/b`"], "letters");
    let outcome = deploy(site.path(), HOSTS[3], &[]);
    outcome.expect_failure(6, &["::1", "wasmCloud"], "");
}

#[test]
fn a_file_is_written_where_it_is_asked_for() {
    let site = with_file("");
    let path = site.path().join("spin.toml");
    let outcome = deploy(site.path(), &format!("spin -o {}", path.display()), &[]);
    assert!(outcome.expect_success().starts_with("wrote "), "{outcome:?}");
    let printed = deploy(site.path(), "spin", &[]).stdout;
    assert_eq!(fs::read_to_string(&path).unwrap(), printed);
}
