//! Who mail is from.

use std::net::IpAddr;

use http::Uri;

/// Who mail is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// From which address.
    pub address: String,
    /// Under which name.
    pub name: String,
}

impl Sender {
    /// The address that is set, or one at the site's own host, under the site's title.
    #[must_use]
    pub fn of_site(set: &str, base_url: &str, title: &str) -> Self {
        let address = match set {
            "" => format!("smartcms@{}", host_of(base_url)),
            set => set.to_owned(),
        };
        Self { address, name: title.chars().filter(|it| !it.is_control()).collect() }
    }

    /// `Name <name@example.com>`, as the header `From` has it; letters of other scripts are themselves.
    pub(super) fn mailbox(&self) -> String {
        let (name, address) = (self.name.trim(), &self.address);
        let is_word = |it: char| it.is_alphanumeric() || it == ' ';
        if name.is_empty() {
            address.clone()
        } else if name.chars().all(is_word) {
            format!("{name} <{address}>")
        } else {
            let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
            format!("\"{quoted}\" <{address}>")
        }
    }

    /// Whether the address can be one. Whether it is, the service that sends knows.
    pub(super) fn is_plausible(&self) -> bool {
        let plain = |it: u8| it.is_ascii_graphic() && !b"<>()[],;:\\\"".contains(&it);
        let parts = self.address.split_once('@');
        parts.is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@')
        }) && self.address.bytes().all(plain)
    }
}

/// The host in an address; mail takes no number for one.
fn host_of(base_url: &str) -> String {
    let uri: Option<Uri> = base_url.parse().ok();
    let host = uri.as_ref().and_then(Uri::host).unwrap_or("localhost");
    let is_number = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    if is_number { "localhost".to_owned() } else { host.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::Sender;

    #[track_caller]
    fn check(set: &str, base_url: &str, title: &str, expected: &str) {
        let sender = Sender::of_site(set, base_url, title);
        assert_eq!(sender.mailbox(), expected);
        assert!(sender.is_plausible(), "{sender:?}");
    }

    #[test]
    fn mail_is_from_the_site_unless_it_is_set() {
        check("", "https://cms.example:8443/a", "A site", "A site <smartcms@cms.example>");
        check("", "http://[::1]:80", "Mørk", "Mørk <smartcms@localhost>");
        check("", "http://127.0.0.1:8080", "", "smartcms@localhost");
        check("cms@b.example", "https://a.example", "A\r\nB", "AB <cms@b.example>");
    }

    #[test]
    fn what_a_title_holds_is_no_further_address() {
        let quoted = r#""a\"b\\ <x@y.example>, C" <c@d.example>"#;
        check("c@d.example", "", r#"a"b\ <x@y.example>, C"#, quoted);
    }

    #[test]
    fn what_cannot_be_an_address_is_not_one() {
        for set in ["nobody", "@a.example", "a@", "a@b@c", "a <a@b.example>", "a@b\n"] {
            assert!(!Sender::of_site(set, "", "").is_plausible(), "{set}");
        }
    }
}
