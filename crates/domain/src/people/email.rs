//! Addresses of mail.

use std::fmt;

/// The longest address, in bytes: what fits into a path of SMTP.
pub const EMAIL_LEN_MAX: usize = 254;
const LOCAL_LEN_MAX: usize = 64;
const LABEL_LEN_MAX: usize = 63;

/// A mail address in the one form under which it is looked for: trimmed, and in small letters.
///
/// Letters of both cases are told apart by no provider that people use, and an account that differs from another in them
/// alone would be a trap. Addresses are ASCII; a domain with other letters is written in its `xn--` form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String); // Invariant: checked by `parse`.

/// The text is not a mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a mail address like ada@example.com")]
pub struct EmailError(String);

impl EmailAddress {
    /// Checks a text and brings it into its form.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let small = text.trim().to_ascii_lowercase();
        let known = small.len() <= EMAIL_LEN_MAX
            && small.rsplit_once('@').is_some_and(|(local, domain)| {
                is_local(local) && domain.contains('.') && domain.split('.').all(is_label)
            });
        if known { Ok(Self(small)) } else { Err(EmailError(shortened(text))) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A dot-atom of RFC 5322. Quoted forms exist in no account that people have.
fn is_local(text: &str) -> bool {
    let known = |it: u8| it.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-.".contains(&it);
    (1..=LOCAL_LEN_MAX).contains(&text.len())
        && text.bytes().all(known)
        && text.split('.').all(|it| !it.is_empty())
}

fn is_label(text: &str) -> bool {
    (1..=LABEL_LEN_MAX).contains(&text.len())
        && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// A message repeats no megabytes.
fn shortened(text: &str) -> String {
    text.chars().filter(|it| !it.is_control()).take(EMAIL_LEN_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::EmailAddress;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let got = EmailAddress::parse(text).ok();
        assert_eq!(got.as_ref().map(EmailAddress::as_str), expected, "{text}");
    }

    #[test]
    fn an_address_has_one_form() {
        check(" Ada.Lovelace@Example.COM ", Some("ada.lovelace@example.com"));
        check("ada+cms@mail.example.com", Some("ada+cms@mail.example.com"));
        check("a@xn--mnchen-3ya.de", Some("a@xn--mnchen-3ya.de"));
    }

    #[test]
    fn what_could_lead_mail_elsewhere_is_no_address() {
        for bad in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@localhost",
            "ada@example..com",
            "ada@-example.com",
            "a da@example.com",
            "ada@example.com\r\nBcc: eve@evil.test",
            "ada@example.com,eve@evil.test",
            "\"ada\"@example.com",
            "ada@evil.test@example.com",
            ".ada@example.com",
            "äda@example.com",
            "<ada@example.com>",
        ] {
            check(bad, None);
        }
        check(&format!("{}@example.com", "a".repeat(65)), None);
        check(&format!("a@{}.com", "b".repeat(64)), None);
    }
}
