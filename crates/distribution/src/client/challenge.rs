//! `WWW-Authenticate`: how a registry asks for credentials.

use std::collections::BTreeMap;

/// The longest header that is read, in bytes.
const HEADER_LEN_MAX: usize = 4096;

/// How a registry asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Challenge {
    /// A name and a password with each request.
    Basic,
    /// A token, which the realm gives out.
    Bearer {
        /// The address that gives tokens out.
        realm: String,
        /// What it calls the registry.
        service: Option<String>,
    },
}

impl Challenge {
    /// Reads a header. What scope it names does not matter: this side asks for what it needs and no more.
    pub(super) fn parse(header: &str) -> Option<Self> {
        if header.len() > HEADER_LEN_MAX {
            return None;
        }
        let (scheme, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let mut parameters = parameters(rest)?;
        let realm = parameters.remove("realm")?;
        Some(Self::Bearer { realm, service: parameters.remove("service") })
    }
}

/// `name="value",name=value`, with `\` before a quote inside quotes.
fn parameters(text: &str) -> Option<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let (value, after) = value(after)?;
        found.insert(name.trim().to_ascii_lowercase(), value);
        rest = after.trim_start().strip_prefix(',').unwrap_or(after.trim_start()).trim_start();
    }
    Some(found)
}

fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(',').unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end)?;
        return Some((value.trim().to_owned(), rest));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, quoted.split_at_checked(at + 1)?.1)),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Challenge;

    #[test]
    fn a_challenge_is_read() {
        assert_eq!(Challenge::parse(r#"Basic realm="Registry""#), Some(Challenge::Basic));
        let hub = r#"Bearer realm="https://auth.example.com/token",service="registry.example.com",scope="repository:a/b:pull,push",error="x""#;
        let expected = Challenge::Bearer {
            realm: "https://auth.example.com/token".to_owned(),
            service: Some("registry.example.com".to_owned()),
        };
        assert_eq!(Challenge::parse(hub), Some(expected));
        let plain = Challenge::parse("bearer realm=https://a.example/token");
        let expected =
            Challenge::Bearer { realm: "https://a.example/token".to_owned(), service: None };
        assert_eq!(plain, Some(expected));
    }

    #[test]
    fn what_is_no_challenge_is_not_guessed_at() {
        let long = format!("Bearer realm=\"{}\"", "a".repeat(5000));
        for text in
            ["", "Negotiate abc", "Bearer", "Bearer service=\"x\"", "Bearer realm=\"x", &long]
        {
            assert_eq!(Challenge::parse(text), None, "{text}");
        }
    }
}
