//! Keeps keys in its own memory, for as long as its instance lives.

wit_bindgen::generate!({ path: ["../../wit/kvstore", "wit"], world: "example:kvstore-memory/memory", generate_all });

use std::cell::RefCell;
use std::collections::BTreeMap;

use exports::component::smartcms::kvstore::Guest;

thread_local! {
    static KEYS: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

struct Memory;

impl Guest for Memory {
    fn get(key: String) -> Option<String> {
        KEYS.with_borrow(|keys| keys.get(&key).cloned())
    }

    fn set(key: String, value: String) {
        KEYS.with_borrow_mut(|keys| keys.insert(key, value));
    }
}

export!(Memory);
