//! A guest of the original example system: it keeps a text under a key, reads it back and tells it.

wit_bindgen::generate!({ path: "../../wit/kvstore", world: "app" });

use component::smartcms::kvstore;

const KEY: &str = "story";
const STORY: &str = "Once upon a time, a component asked its host for a key and got it.";

struct Story;

impl Guest for Story {
    fn run() -> String {
        kvstore::set(KEY, STORY);
        match kvstore::get(KEY) {
            Some(story) => story,
            None => format!("the key {KEY} is gone right after it was set"),
        }
    }
}

export!(Story);
