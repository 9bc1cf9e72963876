//! `smartcms ai pull`: what becomes of a site when a model comes, and when something else does.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::support::command::{executable, smartcms_with};
use crate::support::minilm;
use crate::support::site::Site;

const NAME: &str = "all-minilm-l6-v2";
const FILE: &str = "all-minilm-l6-v2.onnx";
const BYTES: u64 = 45_233_836;

fn target(site: &Site) -> PathBuf {
    site.path().join("models").join(FILE)
}

/// Nothing of a model is in the site, nor anything on its way.
#[track_caller]
fn expect_nothing(site: &Site) {
    let files = fs::read_dir(site.path().join("models"));
    let names: Vec<_> = files.into_iter().flatten().map(|it| it.unwrap().file_name()).collect();
    assert!(names.is_empty(), "{names:?}");
}

/// A file of the model's size that is not the model: all zeros, most of them nowhere on the disk.
fn zeros(folder: &Path, bytes: u64) -> PathBuf {
    let path = folder.join("zeros.onnx");
    fs::File::create(&path).unwrap().set_len(bytes).unwrap();
    path
}

/// A server that promises `promised` bytes and gives those of a file.
fn serve(file: PathBuf, promised: u64) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut request = String::new();
            let mut reader = BufReader::new(&stream);
            while reader.read_line(&mut request).is_ok_and(|it| it > 2) {}
            let found = request.starts_with(&format!("GET /models/{FILE} "));
            let head = if found { "200 OK" } else { "404 Not Found" };
            let mut answer = &stream;
            let head = format!(
                "HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {promised}\r\n\r\n"
            );
            // Who has seen enough closes; that is no failure of the server.
            let _ = answer.write_all(head.as_bytes());
            let _ = std::io::copy(&mut fs::File::open(&file).unwrap(), &mut answer);
        }
    });
    address
}

#[test]
fn a_model_comes_from_a_file_a_folder_and_an_address() {
    let model = minilm::model();
    let folder = model.parent().unwrap().to_str().unwrap().to_owned();
    let address = serve(model.clone(), BYTES);
    let (of_file, of_folder) = (model.to_str().unwrap().to_owned(), folder);
    let (whole, base) =
        (format!("http://{address}/models/{FILE}"), format!("http://{address}/models/"));
    for from in [of_file, of_folder, whole, base] {
        let site = Site::new();
        let outcome = site.run(&["ai", "pull", NAME, "--from", &from]);
        let said = outcome.expect_success();
        assert!(said.contains("45.2 MB, sha256 d0c450329ce3ec06"), "{said}");
        assert!(said.contains("embeddings = \"minilm/all-minilm-l6-v2\""), "{said}");
        assert!(said.contains("smartcms plugin grant PLUGIN nn=all-minilm-l6-v2"), "{said}");
        assert_eq!(fs::metadata(target(&site)).unwrap().len(), BYTES);
        let listed = site.run(&["ai", "pull"]);
        assert!(
            listed.expect_success().contains("all-minilm-l6-v2  45.2 MB  here  "),
            "{listed:?}"
        );
    }
}

#[test]
fn a_second_pull_does_nothing_and_needs_no_source() {
    let site = Site::new();
    let listed = site.run(&["ai", "pull"]);
    assert!(listed.expect_success().contains("45.2 MB  not here  "), "{listed:?}");
    let model = minilm::model();
    site.run(&["ai", "pull", NAME, "--from", model.to_str().unwrap()]).expect_success();
    let written = fs::metadata(target(&site)).unwrap().modified().unwrap();
    let again = site.run(&["ai", "pull", NAME, "--from", "/nowhere"]);
    assert!(again.expect_success().contains("is there already"), "{again:?}");
    assert_eq!(fs::metadata(target(&site)).unwrap().modified().unwrap(), written);
}

#[test]
fn without_a_source_it_comes_from_the_users_cache_or_says_where_to_get_it() {
    let site = Site::new();
    let cache = tempfile::tempdir().unwrap();
    let variables = [("XDG_CACHE_HOME", cache.path().to_str().unwrap())];
    let pull = || smartcms_with(site.path(), &["ai", "pull", NAME], "", &variables);
    pull().expect_failure(4, &["is not in the user's cache"], "--from");
    pull().expect_failure(4, &[], "cargo xtask models");
    expect_nothing(&site);
    fs::create_dir_all(cache.path().join("smartcms/models")).unwrap();
    symlink(minilm::model(), cache.path().join("smartcms/models").join(FILE)).unwrap();
    pull().expect_success();
    assert!(fs::symlink_metadata(target(&site)).unwrap().is_file(), "it is a copy, and no link");
}

#[test]
fn what_is_not_the_model_is_not_put_into_place() {
    let site = Site::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let from = |path: &Path| site.run(&["ai", "pull", NAME, "--from", path.to_str().unwrap()]);
    let wrong = zeros(elsewhere.path(), BYTES);
    from(&wrong).expect_failure(6, &["its sha256 is ", "and not d0c45032"], "export.py");
    let short = zeros(elsewhere.path(), BYTES - 1);
    from(&short).expect_failure(6, &["it has 45233835 bytes of 45233836"], "nothing was put");
    from(&elsewhere.path().join("missing")).expect_failure(4, &["could not read"], "export.py");
    from(elsewhere.path()).expect_failure(4, &["could not read", FILE], "export.py");
    expect_nothing(&site);
}

#[test]
fn a_download_that_ends_early_or_is_another_file_leaves_nothing() {
    let site = Site::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let pull = |address: SocketAddr, path: &str| {
        site.run(&["ai", "pull", NAME, "--from", &format!("http://{address}/models/{path}")])
    };
    let short = zeros(elsewhere.path(), 1_000_000);
    let broken = serve(short.clone(), BYTES);
    pull(broken, "").expect_failure(1, &["it ended after ", "bytes of 45233836"], "try again");
    pull(broken, "other.onnx").expect_failure(1, &["the answer is 404"], "--from");
    pull(serve(short, 1_000_000), "").expect_failure(6, &["1000000 bytes of 45233836"], "nothing");
    let long = zeros(elsewhere.path(), BYTES + 1);
    pull(serve(long, BYTES + 1), "").expect_failure(1, &["could not get"], "try again");
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    pull(nobody, "").expect_failure(1, &["could not get"], "try again");
    expect_nothing(&site);
}

#[test]
fn a_pull_that_was_killed_leaves_no_model_and_the_next_one_cleans_up() {
    let site = Site::new();
    let model = minilm::model();
    let left = site.write("models/.all-minilm-l6-v2.onnx.abc.part", "half");
    let other = site.write("models/.other.onnx.abc.part", "somebody's");
    assert!(site.run(&["ai", "pull"]).expect_success().contains("not here"));
    site.run(&["ai", "pull", NAME, "--from", model.to_str().unwrap()]).expect_success();
    assert!(!Path::new(&left).exists() && Path::new(&other).exists());
}

#[test]
fn another_file_at_the_models_place_stays_until_it_may_go() {
    let site = Site::new();
    let model = minilm::model();
    let from = ["ai", "pull", NAME, "--from", model.to_str().unwrap()];
    site.write(&format!("models/{FILE}"), "half of it");
    site.run(&from).expect_failure(5, &["is another file than", "it has 10 bytes"], "--replace");
    assert_eq!(fs::read_to_string(target(&site)).unwrap(), "half of it");
    // Not even then, where what comes is not the model.
    let elsewhere = tempfile::tempdir().unwrap();
    let wrong = zeros(elsewhere.path(), BYTES);
    let wrong = ["ai", "pull", NAME, "--replace", "--from", wrong.to_str().unwrap()];
    site.run(&wrong).expect_failure(6, &["its sha256 is "], "nothing was put");
    assert_eq!(fs::read_to_string(target(&site)).unwrap(), "half of it");
    site.run(&[&from[..], &["--replace"]].concat()).expect_success();
    assert_eq!(fs::metadata(target(&site)).unwrap().len(), BYTES);
}

#[test]
fn a_disk_without_room_is_told_and_nothing_is_left() {
    let site = Site::new();
    let model = minilm::model();
    // A shell's limit for the size of files stands in for a full disk.
    let program = executable();
    let script = "trap '' XFSZ; ulimit -f 1000; exec \"$0\" ai pull all-minilm-l6-v2 --from \"$1\"";
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", script]).arg(program.get_program()).arg(model).current_dir(site.path());
    let output = shell.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(7), "{said}");
    assert!(said.contains("could not write to") && said.contains("make room there"), "{said}");
    expect_nothing(&site);
}

#[test]
fn unknown_names_and_folders_without_a_site_are_told() {
    let site = Site::new();
    for name in ["all-minilm-l12-v2", "../../etc/passwd", ""] {
        let words = [format!("is called `{name}`")];
        let outcome = site.run(&["ai", "pull", name, "--from", "/nowhere"]);
        outcome.expect_failure(4, &[&words[0]], "known are: all-minilm-l6-v2");
    }
    let elsewhere = site.run(&["ai", "pull", NAME, "--site", "nowhere"]);
    elsewhere.expect_failure(4, &["there is no site in nowhere"], "smartcms init");
    assert!(!site.path().join("nowhere").exists());
}
