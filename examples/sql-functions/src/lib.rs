//! Functions for SQL, as authors of libSQL functions write them. See README.md.
#![allow(
    unused_imports,
    reason = "libsql_bindgen's macro needs its traits in scope, where a function uses none"
)]

use libsql_bindgen::*;

#[path = "../../text/src/slug.rs"]
mod slug;

/// `Grüße aus Köln` becomes `grusse-aus-koln`.
#[libsql_bindgen]
pub fn slugify(title: String) -> String {
    slug::slug(&title)
}

/// The letters in the other order.
#[libsql_bindgen]
pub fn reversed(text: String) -> String {
    text.chars().rev().collect::<String>()
}

/// The text, or what stands for none.
#[libsql_bindgen]
pub fn or_none(text: Option<String>) -> String {
    text.unwrap_or_else(|| "(none)".to_owned())
}

/// The bytes, one after the other from the last.
#[libsql_bindgen]
pub fn flipped(bytes: &mut [u8]) -> Vec<u8> {
    bytes.iter().rev().copied().collect::<Vec<u8>>()
}

/// The same whole number: all 64 bits of it.
#[libsql_bindgen]
pub fn same(number: i64) -> i64 {
    number
}
