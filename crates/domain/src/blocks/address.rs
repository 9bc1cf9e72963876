//! Which addresses may stand in a document.

/// The longest address, in bytes.
pub const ADDRESS_BYTES_MAX: usize = 8192;

/// An address as text, not checked for what it leads to: see [`safe_address`].
pub type Address = String;

/// Schemes a reader's browser may be sent to.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// The address without space around it, where it may be linked to: relative, or of the web, of mail or of the telephone.
///
/// Browsers leave tabs and line ends out of addresses, so an address with any control character is refused.
pub fn safe_address(text: &str) -> Option<&str> {
    let text = text.trim();
    if text.len() > ADDRESS_BYTES_MAX || text.chars().any(char::is_control) {
        return None;
    }
    match scheme(text) {
        Some(scheme) => SCHEMES.iter().any(|it| scheme.eq_ignore_ascii_case(it)).then_some(text),
        None => Some(text),
    }
}

/// Whether the address is of the web and complete: what can be embedded.
pub fn is_web_address(text: &str) -> bool {
    let of_web =
        |scheme: &str| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    safe_address(text).and_then(scheme).is_some_and(of_web)
}

/// What stands before the first `:`, where no part of a path begins before it.
fn scheme(text: &str) -> Option<&str> {
    let end = text.find([':', '/', '?', '#', '\\'])?;
    let (before, rest) = text.split_at(end);
    rest.starts_with(':').then_some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_mail_telephone_and_relative_addresses_are_safe() {
        for good in [
            "https://example.com/a:b",
            "HTTP://x",
            "mailto:a@example.com",
            "tel:+1",
            "/a",
            "a/b:c",
            "#a",
            "?a=b:c",
            "",
            "//example.com",
            "ä.html",
        ] {
            assert_eq!(safe_address(good), Some(good));
        }
        assert_eq!(safe_address("  /a "), Some("/a"));
    }

    #[test]
    fn other_schemes_are_not() {
        for bad in [
            "javascript:alert(1)",
            " JavaScript:alert(1)",
            "java\nscript:x",
            "java\tscript:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "\u{1}javascript:x",
            "x y:z",
        ] {
            assert_eq!(safe_address(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_complete_web_addresses_are_embedded() {
        assert!(is_web_address("https://example.com/v"));
        assert!(!is_web_address("/v") && !is_web_address("mailto:a@b.c"));
    }
}
