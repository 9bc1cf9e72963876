//! What browsers send of forms without files: `application/x-www-form-urlencoded`.

/// The pairs of a form; what is no UTF-8 is replaced, as browsers do.
pub(crate) fn url_pairs(bytes: &[u8]) -> Vec<(String, String)> {
    let parts = bytes.split(|it| *it == b'&').filter(|it| !it.is_empty());
    let pair = |part: &[u8]| {
        let at = part.iter().position(|it| *it == b'=').unwrap_or(part.len());
        let (name, value) = part.split_at(at);
        (decoded(name), decoded(value.strip_prefix(b"=").unwrap_or(value)))
    };
    parts.map(pair).collect()
}

fn decoded(text: &[u8]) -> String {
    let digit = |it: Option<&u8>| char::from(*it?).to_digit(16);
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => match (digit(after.first()), digit(after.get(1))) {
                (Some(high), Some(low)) => {
                    bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                    rest = after.get(2..).unwrap_or_default();
                }
                _ => bytes.push(b'%'),
            },
            other => bytes.push(*other),
        }
    }
    String::from_utf8(bytes)
        .unwrap_or_else(|it| String::from_utf8_lossy(it.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::url_pairs;

    #[test]
    fn pairs_are_read_as_browsers_write_them() {
        let pairs = url_pairs(b"a=1+2&b=%C3%A9%0D%0A&c&=x&d=%zz%");
        let expected = [("a", "1 2"), ("b", "é\r\n"), ("c", ""), ("", "x"), ("d", "%zz%")];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
