//! What images show: by servers that look at them, and by a model that tells kinds of images apart.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::client::Request;
use crate::support::command::smartcms;
use crate::support::component::{example, root};
use crate::support::model_server::{ModelServer, Speaks};
use crate::support::server::Server;
use crate::support::site::Site;

/// A photograph of 1,600 pixels across.
fn lighthouse() -> String {
    root().join("examples/site/media/lighthouse.webp").to_str().unwrap().to_owned()
}

fn site_with(model: &ModelServer, speaks: Speaks, more: &str) -> Site {
    let site = Site::new();
    let (provider, address) = (speaks.provider(), model.address());
    let lines = format!(
        "[models]\nimages = \"{provider}/m\"\n[ai]\naddress = \"{address}\"\nkey = \"sesame\"\n{more}"
    );
    site.write("smartcms.toml", lines);
    site
}

/// The image in a request: a JPEG file, and not a large one.
#[track_caller]
fn sent(asked: &str) -> Vec<u8> {
    let body: Value = serde_json::from_str(asked.split_once("\r\n\r\n").unwrap().1).unwrap();
    let message = &body["messages"][0];
    let text = match message["images"][0].as_str() {
        Some(text) => text,
        None => message["content"][1]["image_url"]["url"].as_str().unwrap(),
    };
    let text = text.strip_prefix("data:image/jpeg;base64,").unwrap_or(text);
    let file = STANDARD.decode(text).unwrap();
    assert!(file.starts_with(b"\xff\xd8\xff") && file.len() < 1024 * 1024, "{}", file.len());
    file
}

/// The width that a JPEG file says.
fn width(jpeg: &[u8]) -> u16 {
    let frame = jpeg.windows(2).position(|it| it == [0xff, 0xc0]).unwrap();
    u16::from_be_bytes([jpeg[frame + 7], jpeg[frame + 8]])
}

#[test]
fn servers_say_what_a_file_shows() {
    for speaks in [Speaks::OpenAi, Speaks::Ollama] {
        let model = ModelServer::start(speaks);
        let site = site_with(&model, speaks, "");
        let told = site.run(&["ai", "describe", &lighthouse()]);
        assert_eq!(told.expect_success(), "A lighthouse by the sea.\n");
        let asked = model.asked();
        assert!(width(&sent(&asked)) <= 1_024);
        assert!(asked.contains("Bearer sesame") && asked.contains("language `en`"), "{asked}");
        let told = site.run(&["ai", "describe", &lighthouse(), "--json"]).expect_json();
        let name = format!("{}/m", speaks.provider());
        assert_eq!(told, json!({ "text": "A lighthouse by the sea.", "model": name }));
        let status = site.run(&["ai", "status"]);
        let line = format!("images  {name}  answers\n");
        assert!(status.expect_success().contains(&line), "{status:?}");
        // Nothing else is written by it: the storyteller goes on telling.
        assert!(status.expect_success().contains("text  storyteller/storyteller"), "{status:?}");
        model.refuse("the key sesame is not known");
        let refused = site.run(&["ai", "describe", &lighthouse()]);
        refused.expect_failure(1, &["says 401: the key … is not known"], "ai status");
    }
}

#[test]
fn a_server_that_says_nothing_is_not_waited_for() {
    let model = ModelServer::start(Speaks::OpenAi);
    let site = site_with(&model, Speaks::OpenAi, "timeout_ms = 300\n");
    model.say_nothing();
    let refused = site.run(&["ai", "describe", &lighthouse()]);
    refused.expect_failure(1, &["does not answer now", "300 ms"], "ai status");
}

#[test]
fn an_uploaded_image_gets_its_alternative_text() {
    let model = ModelServer::start(Speaks::OpenAi);
    let more = "help = [\"owner=5000\"]\nhelp_site_tokens = 9000\n";
    let site = site_with(&model, Speaks::OpenAi, more);
    let server = Server::start(&site);
    let mut owner = server.client().with_token(&site.token);
    let file = fs::read(lighthouse()).unwrap();
    let upload = Request::new("POST", "/api/v1/assets?name=lighthouse.webp").bytes(file);
    let asset = owner.expect(upload).expect_status(201).json()["id"].clone();
    let told = owner.post("/api/v1/ai/alt-text", &json!({ "asset": asset }));
    let told = told.expect_status(200).json();
    assert_eq!(told["text"], "A lighthouse by the sea.");
    assert_eq!(told["model"], "openai/m");
    assert!(width(&sent(&model.asked())) <= 1_024);
    let status = owner.get("/api/v1/ai/status").json();
    assert_eq!(status["models"]["images"], json!(["openai/m"]));
    let told = site.run(&["ai", "describe", asset.as_str().unwrap()]);
    assert_eq!(told.expect_success(), "A lighthouse by the sea.\n");
}

#[test]
fn what_cannot_be_described_is_said() {
    let site = Site::new();
    let without = site.run(&["ai", "describe", &lighthouse()]);
    without.expect_failure(6, &["no model of this site says what images show"], "models.images");
    let status = site.run(&["ai", "status"]);
    assert!(status.expect_success().contains("images  no model is configured\n"), "{status:?}");

    let model = ModelServer::start(Speaks::OpenAi);
    let site = site_with(&model, Speaks::OpenAi, "");
    let missing = site.run(&["ai", "describe", "nowhere.png"]);
    missing.expect_failure(4, &["nowhere.png", "no file"], "/api/v1/assets");
    let id = "0190c5f0-0000-7000-8000-000000000000";
    site.run(&["ai", "describe", id]).expect_failure(4, &[id], "");
    let text = site.write("notes.txt", "words");
    let text = site.run(&["ai", "describe", &text]);
    text.expect_failure(6, &["JPEG, PNG, WebP and GIF"], "");
    let damaged = site.write("broken.png", b"\x89PNG\r\n\x1a\nand no more");
    let damaged = site.run(&["ai", "describe", &damaged]);
    damaged.expect_failure(6, &["image/png"], "");
    assert_eq!(model.asked(), "", "nothing was sent");

    site.write("smartcms.toml", "[models]\nimages = \"openai/m\"\n");
    let refused = site.run(&["ai", "describe", &lighthouse()]);
    refused.expect_failure(1, &["ai.address"], "");
}

/// A site with the model that tells shapes apart.
fn site_of_shapes() -> Site {
    let site = Site::new();
    for name in ["shapes.onnx", "shapes.toml", "shapes.labels.txt"] {
        let file = fs::read(root().join("models/shapes").join(name)).unwrap();
        site.write(&format!("models/{name}"), file);
    }
    let lines = "[models]\nimages = \"classify/shapes\"\n[ai]\nhelp = [\"owner=5000\"]\n";
    site.write("smartcms.toml", lines);
    site
}

fn sample(name: &str) -> String {
    root().join("models/shapes/samples").join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_model_of_the_site_tells_kinds_of_images_apart() {
    let site = site_of_shapes();
    for (name, said) in [
        ("red-circle.png", "A picture of a red circle.\n"),
        ("blue-star.jpg", "A picture of a blue star.\n"),
        ("orange-cross.png", "A picture of an orange cross.\n"),
    ] {
        assert_eq!(site.run(&["ai", "describe", &sample(name)]).expect_success(), said);
    }
    let unsure = site.run(&["ai", "describe", &lighthouse()]);
    unsure.expect_failure(6, &["it is not sure", "90 %"], "another model");
    let status = site.run(&["ai", "status"]);
    assert!(status.expect_success().contains("images  classify/shapes  answers\n"), "{status:?}");

    let server = Server::start(&site);
    let mut owner = server.client().with_token(&site.token);
    let file = fs::read(sample("red-circle.png")).unwrap();
    let upload = Request::new("POST", "/api/v1/assets?name=circle.png").bytes(file);
    let asset = owner.expect(upload).expect_status(201).json()["id"].clone();
    let told = owner.post("/api/v1/ai/alt-text", &json!({ "asset": asset }));
    let told = told.expect_status(200).json();
    assert_eq!(
        (&told["text"], &told["model"]),
        (&json!("A picture of a red circle."), &json!("classify/shapes"))
    );
}

#[test]
fn what_is_wrong_with_the_files_of_a_model_is_said() {
    let site = site_of_shapes();
    let describe = || site.run(&["ai", "describe", &sample("red-circle.png")]);
    site.write("models/shapes.labels.txt", "a circle\na star\n");
    describe().expect_failure(1, &["36 weights for 2 labels"], "ai status");
    site.write("models/shapes.onnx", "no model");
    describe().expect_failure(1, &["the model shapes cannot be loaded"], "ai status");
    fs::remove_file(site.path().join("models/shapes.onnx")).unwrap();
    describe().expect_failure(4, &["there is no model named shapes"], "ai status");
    site.write("models/shapes.toml", "width = 32\nheight = 0\n");
    describe().expect_failure(1, &["shapes.toml", "`width` and `height`"], "");
}

#[test]
fn the_example_tells_them_apart_in_the_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    let program = example("classify");
    let shapes = root().join("models/shapes");
    let (files, model) = (
        format!("fs={}:/model:ro", shapes.display()),
        format!("shapes={}", shapes.join("shapes.onnx").display()),
    );
    let run = |more: &[&str], images: &[&str]| {
        smartcms(folder.path(), &[&["run", &program], more, &["--"], images].concat())
    };
    let images = ["/model/samples/red-circle.png", "/model/samples/blue-star.jpg"];
    let granted = ["--grant", "nn=shapes", "--grant", &files, "--model", &model];
    let told = run(&granted, &images);
    let lines: Vec<&str> = told.expect_success().lines().collect();
    assert_eq!(lines.len(), 8, "{lines:?}");
    assert_eq!((lines[0], lines[4]), (images[0], images[1]));
    for (line, label) in [(lines[1], "a red circle"), (lines[5], "a blue star")] {
        let (share, said) = line.trim().split_once(" %  ").unwrap();
        assert_eq!(said, label);
        assert!(share.parse::<f32>().unwrap() > 90.0, "{line}");
    }
    let denied = run(&["--grant", &files, "--model", &model], &images);
    assert_eq!(denied.code, 3, "the model was not granted: {denied:?}");
    let blind = run(&["--grant", "nn=shapes", "--model", &model], &images);
    assert_eq!(blind.code, 1);
    assert!(blind.stderr.contains("/model/shapes.labels.txt could not be read"), "{blind:?}");
    let words = run(&granted, &["/model/README.md"]);
    assert_eq!(words.code, 1);
    assert!(words.stderr.contains("/model/README.md: no PNG or JPEG image"), "{words:?}");
}
