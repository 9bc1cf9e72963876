//! Meaning, measured by the plugin minilm with the real model.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::Value;

use crate::support::minilm;
use crate::support::site::Site;

const MODEL: &str = "minilm/all-minilm-l6-v2";

/// A site with the model's file.
fn site() -> Site {
    let site = Site::new();
    fs::create_dir_all(site.path().join("models")).unwrap();
    let file = site.path().join("models/all-minilm-l6-v2.onnx");
    symlink(minilm::model(), file).unwrap();
    site
}

#[track_caller]
fn vectors(site: &Site, texts: &[&str]) -> Vec<Vec<f64>> {
    let command = [&["ai", "embed"], texts].concat();
    serde_json::from_value(site.run(&command).expect_json()).unwrap()
}

fn alike(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

#[test]
fn texts_that_mean_the_same_lie_close_to_each_other() {
    let site = site();
    site.write("smartcms.toml", format!("[models]\nembeddings = \"{MODEL}\"\n"));
    let status = site.run(&["ai", "status"]);
    let line = "embeddings  minilm/all-minilm-l6-v2  answers\n";
    assert!(status.expect_success().contains(line), "{status:?}");
    let texts = [
        "How do I bake bread at home?",
        "A recipe for a loaf from your own oven",
        "The stock market fell sharply today",
        "Shares lost much of their value on Monday",
    ];
    let found = vectors(&site, &texts);
    for (one, other, far) in [(0, 1, 2), (1, 0, 3), (2, 3, 0), (3, 2, 1)] {
        let near = alike(&found[one], &found[other]);
        let far = alike(&found[one], &found[far]);
        assert!(near > 0.4 && far < 0.2, "{}: {near} and {far}", texts[one]);
    }
    // A text has the same vector whatever it comes with: here the others are longer.
    let alone = vectors(&site, &["A recipe for a loaf from your own oven"]);
    assert!(alike(&alone[0], &found[1]) > 0.99999);
}

#[test]
fn vectors_are_those_of_the_models_authors() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/all-minilm-l6-v2/reference.json");
    let reference: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let reference = reference["vectors"].as_array().unwrap();
    assert!(reference.len() > 5);
    let site = site();
    site.write("smartcms.toml", format!("[models]\nembeddings = \"{MODEL}\"\n"));
    let texts: Vec<&str> = reference.iter().map(|it| it["text"].as_str().unwrap()).collect();
    for (found, expected) in vectors(&site, &texts).iter().zip(reference) {
        let expected: Vec<f64> = serde_json::from_value(expected["vector"].clone()).unwrap();
        assert_eq!((found.len(), expected.len()), (384, 384));
        for (one, other) in found.iter().zip(&expected) {
            assert!((one - other).abs() < 1e-3, "{one} and {other}");
        }
    }
}

#[test]
fn without_its_file_the_operator_is_told_how_to_get_it() {
    let site = Site::new();
    site.write("smartcms.toml", format!("[models]\nembeddings = \"{MODEL}\"\n"));
    let status = site.run(&["ai", "status"]);
    assert!(status.expect_success().contains("`smartcms ai pull all-minilm-l6-v2` gets it"));
    let asked = site.run(&["ai", "embed", "a walk"]);
    asked.expect_failure(1, &["`smartcms ai pull all-minilm-l6-v2` gets it"], "ai status");
}

#[test]
fn a_file_that_is_not_the_model_is_told() {
    let site = Site::new();
    let storyteller =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/storyteller/storyteller.onnx");
    site.write("models/all-minilm-l6-v2.onnx", fs::read(storyteller).unwrap());
    let asked = site.run(&["ai", "embed", "a walk", "--model", MODEL]);
    asked.expect_failure(1, &["the tensors do not fit: the model takes token"], "ai status");
}

#[test]
fn a_plugin_of_the_site_needs_the_grant_for_this_very_model() {
    let site = site();
    site.run(&["plugin", "add", &minilm::plugin()]).expect_success();
    let ask = || site.run(&["ai", "embed", "a walk", "--model", MODEL]);
    let denied = ["needs the capability nn", "smartcms plugin grant minilm nn=all-minilm-l6-v2"];
    ask().expect_failure(1, &denied, "ai status");
    site.run(&["plugin", "grant", "minilm", "nn=storyteller"]).expect_success();
    ask().expect_failure(1, &["the plugin was not granted nn=all-minilm-l6-v2"], "ai status");
    site.run(&["plugin", "grant", "minilm", "nn=all-minilm-l6-v2"]).expect_success();
    let found: Vec<Vec<f64>> = serde_json::from_value(ask().expect_json()).unwrap();
    assert_eq!(found[0].len(), 384);
    site.run(&["plugin", "revoke", "minilm", "nn=all-minilm-l6-v2"]).expect_success();
    ask().expect_failure(1, &["the plugin was not granted nn=all-minilm-l6-v2"], "ai status");
}

#[test]
fn a_text_of_any_size_and_kind_gets_a_vector() {
    let site = site();
    site.write("smartcms.toml", format!("[models]\nembeddings = \"{MODEL}\"\n"));
    let long = "a word ".repeat(10_000);
    let texts = ["", " ", "\u{feff}\u{200b}", "x", "[SEP] [CLS]", "😀", "한국어 東京", &long];
    for vector in vectors(&site, &texts) {
        assert!((alike(&vector, &vector) - 1.0).abs() < 1e-5);
    }
}
