//! Has a story told, keeps it under a key, and answers with what the key holds.

wit_bindgen::generate!({ path: ["../../wit/kvstore", "wit"], world: "example:storybook/storybook", generate_all });

use component::smartcms::kvstore;

const KEY: &str = "story";

struct Storybook;

impl Guest for Storybook {
    fn run() -> String {
        kvstore::set(KEY, &storygen());
        match kvstore::get(KEY) {
            Some(story) => format!("Stored and read back: {story}"),
            None => format!("the key {KEY} is gone right after it was set"),
        }
    }
}

export!(Storybook);
