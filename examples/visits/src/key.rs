//! Keys that every key-value store takes.

/// How long a key may be. Stores of other hosts stop at 256.
const MAX_KEY_BYTES: usize = 256;

/// The key that counts a path: none when it would be too long.
///
/// Letters, digits, `_`, `-` and `/` stay; any other byte becomes `=` and two hexadecimal digits, so two
/// paths never share a key.
pub(crate) fn of_path(path: &str) -> Option<String> {
    let mut key = String::from("visits");
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'/' => {
                key.push(char::from(byte));
            }
            other => key.push_str(&format!("={other:02X}")),
        }
    }
    (key.len() <= MAX_KEY_BYTES).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_stay_readable() {
        assert_eq!(of_path("/posts/first-one").as_deref(), Some("visits/posts/first-one"));
    }

    #[test]
    fn other_bytes_are_encoded_so_that_keys_never_meet() {
        assert_eq!(of_path("/a.b").as_deref(), Some("visits/a=2Eb"));
        assert_eq!(of_path("/a=2Eb").as_deref(), Some("visits/a=3D2Eb"));
        assert_eq!(of_path("/é").as_deref(), Some("visits/=C3=A9"));
    }

    #[test]
    fn a_path_too_long_for_a_key_has_none() {
        assert!(of_path(&"/".repeat(250)).is_some());
        assert!(of_path(&"/".repeat(251)).is_none());
    }
}
