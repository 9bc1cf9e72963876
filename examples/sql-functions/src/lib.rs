//! Functions for SQL, as authors of libSQL functions write them. See README.md.
#![allow(
    unused_imports,
    reason = "libsql_bindgen's macro needs its traits in scope, where a function uses none"
)]

use libsql_bindgen::*;

/// `Grüße aus Köln` becomes `grusse-aus-koln`.
#[libsql_bindgen]
pub fn slugify(title: String) -> String {
    let mut slug = String::new();
    for letter in title.chars().flat_map(char::to_lowercase) {
        match letter {
            'ä' | 'à' | 'á' | 'â' => slug.push('a'),
            'ö' | 'ò' | 'ó' | 'ô' => slug.push('o'),
            'ü' | 'ù' | 'ú' | 'û' => slug.push('u'),
            'è' | 'é' | 'ê' | 'ë' => slug.push('e'),
            'ß' => slug.push_str("ss"),
            _ if letter.is_ascii_alphanumeric() => slug.push(letter),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
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
