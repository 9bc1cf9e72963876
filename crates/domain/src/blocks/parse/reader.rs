//! Where the reader is, what it found wrong, and how much it has read.

use serde_json::{Map, Value};

use super::super::document::{BLOCKS_MAX, TEXT_BYTES_MAX};
use super::super::problem::{BlockProblem, PROBLEMS_MAX};

pub(super) type Object = Map<String, Value>;

#[derive(Default)]
pub(super) struct Reader {
    path: String,
    problems: Vec<BlockProblem>,
    blocks: usize,
    text_bytes: usize,
}

impl Reader {
    pub(super) fn finish(self) -> Result<(), Vec<BlockProblem>> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems) }
    }

    pub(super) fn problem(&mut self, code: &'static str, message: impl Into<String>) {
        if self.problems.len() < PROBLEMS_MAX {
            let path = self.path.trim_start_matches('.').to_owned();
            self.problems.push(BlockProblem { path, code, message: message.into() });
        }
    }

    /// Whether reading on is of no use.
    fn is_full(&self) -> bool {
        self.problems.len() >= PROBLEMS_MAX
    }

    /// Reads one step deeper: `.key` or `[index]`.
    pub(super) fn at<T>(&mut self, step: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let len = self.path.len();
        self.path.push_str(step);
        let result = read(self);
        self.path.truncate(len);
        result
    }

    pub(super) fn count_block(&mut self) {
        self.blocks += 1;
        if self.blocks == BLOCKS_MAX + 1 {
            self.problem("too-many-blocks", format!("a document has at most {BLOCKS_MAX} blocks"));
        }
    }

    pub(super) fn count_text(&mut self, bytes: usize) {
        let before = self.text_bytes;
        self.text_bytes = before.saturating_add(bytes);
        if before <= TEXT_BYTES_MAX && self.text_bytes > TEXT_BYTES_MAX {
            let message = format!("the texts of a document have at most {TEXT_BYTES_MAX} bytes");
            self.problem("text-too-long", message);
        }
    }

    pub(super) fn object<'a>(&mut self, value: &'a Value) -> Option<&'a Object> {
        let object = value.as_object();
        if object.is_none() {
            self.problem("not-an-object", "this must be an object");
        }
        object
    }

    /// Known types have a closed set of keys, so that a misspelt one is not silently lost.
    pub(super) fn known_keys(&mut self, object: &Object, known: &[&str]) {
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            let known = known.join(", ");
            self.at(&format!(".{key}"), |it| {
                it.problem("unknown-key", format!("there is no such key here; there are: {known}"));
            });
        }
    }

    /// The list under `key`, each element read in its place; absent is empty.
    pub(super) fn list<T>(
        &mut self,
        object: &Object,
        key: &str,
        mut read: impl FnMut(&mut Self, &Value) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = object.get(key) else { return Vec::new() };
        self.at(&format!(".{key}"), |it| it.elements(value, &mut read))
    }

    pub(super) fn elements<T>(
        &mut self,
        value: &Value,
        read: &mut impl FnMut(&mut Self, &Value) -> Option<T>,
    ) -> Vec<T> {
        let Some(list) = value.as_array() else {
            self.problem("not-a-list", "this must be a list");
            return Vec::new();
        };
        let mut elements = Vec::with_capacity(list.len().min(BLOCKS_MAX));
        for (index, value) in list.iter().enumerate() {
            if self.is_full() || self.blocks > BLOCKS_MAX {
                break;
            }
            elements.extend(self.at(&format!("[{index}]"), |it| read(it, value)));
        }
        elements
    }

    pub(super) fn text(&mut self, object: &Object, key: &str) -> String {
        let text = self.optional_text(object, key);
        if text.is_none() && !object.contains_key(key) {
            self.at(&format!(".{key}"), |it| it.problem("missing", "this text is missing"));
        }
        text.unwrap_or_default()
    }

    /// An absent text and `null` are the same.
    pub(super) fn optional_text(&mut self, object: &Object, key: &str) -> Option<String> {
        match object.get(key)? {
            Value::Null => None,
            Value::String(text) => {
                self.count_text(text.len());
                Some(text.clone())
            }
            _ => {
                self.at(&format!(".{key}"), |it| it.problem("not-a-text", "this must be a text"));
                None
            }
        }
    }

    pub(super) fn optional_bool(&mut self, object: &Object, key: &str) -> Option<bool> {
        let value = object.get(key).filter(|value| !value.is_null())?;
        let found = value.as_bool();
        if found.is_none() {
            let message = "this must be true or false";
            self.at(&format!(".{key}"), |it| it.problem("not-a-boolean", message));
        }
        found
    }

    /// A whole number between both ends; absent is `usual`.
    pub(super) fn number(
        &mut self,
        object: &Object,
        key: &str,
        range: (u32, u32),
        usual: u32,
    ) -> u32 {
        let Some(value) = object.get(key) else { return usual };
        let found = value.as_u64().and_then(|number| u32::try_from(number).ok());
        let Some(number) = found.filter(|number| (range.0..=range.1).contains(number)) else {
            let message = format!("this must be a whole number from {} to {}", range.0, range.1);
            self.at(&format!(".{key}"), |it| it.problem("bad-number", message));
            return usual;
        };
        number
    }

    /// A text that must be one of few.
    pub(super) fn word<T>(
        &mut self,
        object: &Object,
        key: &str,
        words: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = object.get(key).and_then(Value::as_str);
        let found = text.and_then(read);
        if found.is_none() {
            let message = format!("this must be one of: {words}");
            self.at(&format!(".{key}"), |it| it.problem("unknown-word", message));
        }
        found
    }
}
