//! The few fields of JetStream's answers that are needed. The server writes them without spaces, and nothing that is kept
//! there has quotes or backslashes in its name, so they are found by their names.

/// The text behind a name, as it is written.
fn behind<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let at = json.find(&format!("\"{name}\":"))?;
    json.get(at + name.len() + 3..)
}

/// A number.
pub(crate) fn number(json: &str, name: &str) -> Option<u64> {
    let digits = behind(json, name)?;
    let end = digits.find(|it: char| !it.is_ascii_digit()).unwrap_or(digits.len());
    digits.get(..end)?.parse().ok()
}

/// A text, without what would have to be unescaped.
pub(crate) fn text<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    behind(json, name)?.strip_prefix('"')?.split('"').next()
}

/// The names in an object of names and counts.
pub(crate) fn names<'a>(json: &'a str, name: &str) -> Vec<&'a str> {
    let Some(object) = behind(json, name).and_then(|it| it.strip_prefix('{')) else {
        return Vec::new();
    };
    let object = object.split('}').next().unwrap_or_default();
    object.split(',').filter_map(|it| it.strip_prefix('"')?.split('"').next()).collect()
}

/// Bytes in base64, with or without its padding.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0);
    for sign in text.trim_end_matches('=').bytes() {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(((held >> bits) & 0xff) as u8);
        }
    }
    Some(bytes)
}
