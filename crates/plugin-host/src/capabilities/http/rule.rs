//! Whether the grants of a plugin name the host that it asks for: a pure rule.

use std::net::IpAddr;

use http::Uri;
use http::uri::Scheme;
use smartcms_domain::plugins::HostGrant;

/// Where a request goes, taken from its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// The name or address, lower case, without brackets and without a closing dot.
    pub host: String,
    /// The port, that of the scheme where none was given.
    pub port: u16,
    /// Whether the connection is encrypted.
    pub secure: bool,
}

impl Target {
    /// Reads the target of a request; `None` when the address names no host or carries a user name.
    #[must_use]
    pub(crate) fn of(uri: &Uri) -> Option<Self> {
        let authority = uri.authority()?;
        let secure = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return None,
        };
        if authority.as_str().contains('@') {
            return None;
        }
        // A port that is written and cannot be one must not fall back to the scheme's.
        let written = authority.as_str().rsplit_once(':').filter(|(_, port)| !port.ends_with(']'));
        let port = match (authority.port_u16(), written) {
            (Some(port), _) => port,
            (None, Some(_)) => return None,
            (None, None) if secure => 443,
            (None, None) => 80,
        };
        let host = authority.host();
        let host = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(host);
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        (!host.is_empty() && port != 0).then_some(Self { host, port, secure })
    }

    /// `host:port`, as a grant names it.
    #[must_use]
    pub(crate) fn authority(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }
}

/// What a grant allows for one target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permit {
    /// The grant names this very address, so it may be any kind of address.
    Address(IpAddr),
    /// The grant names the host: it may only lead to public addresses.
    Name,
    /// The operator named this host as an exception: it may lead anywhere.
    Anywhere,
}

/// Finds the grant that allows a target.
#[must_use]
pub(crate) fn permit<'a>(
    mut grants: impl Iterator<Item = &'a HostGrant>,
    target: &Target,
) -> Option<Permit> {
    let asked: Option<IpAddr> = target.host.parse().ok();
    let allowed =
        grants.any(|grant| grant.port == target.port && names(&grant.host, &target.host, asked));
    match (allowed, asked) {
        (false, _) => None,
        (true, Some(address)) => Some(Permit::Address(address)),
        (true, None) => Some(Permit::Name),
    }
}

fn names(granted: &str, host: &str, asked: Option<IpAddr>) -> bool {
    if let Some(asked) = asked {
        return granted.parse() == Ok(asked);
    }
    match granted.strip_prefix("*.") {
        // Names below the granted one, and never the granted one itself.
        Some(parent) => host
            .strip_suffix(parent)
            .and_then(|it| it.strip_suffix('.'))
            .is_some_and(|it| !it.is_empty()),
        None => granted == host,
    }
}

#[cfg(test)]
mod tests {
    use super::{Permit, Target, permit};
    use smartcms_domain::plugins::{Grant, HostGrant};

    fn grant(text: &str) -> HostGrant {
        match format!("http={text}").parse().unwrap() {
            Grant::Http(grant) => grant,
            other => panic!("{other} is not a host"),
        }
    }

    fn decide(granted: &[&str], uri: &str) -> Option<Permit> {
        let grants: Vec<HostGrant> = granted.iter().copied().map(grant).collect();
        permit(grants.iter(), &Target::of(&uri.parse().unwrap())?)
    }

    #[test]
    fn a_named_host_is_allowed_on_its_port_alone() {
        let granted = ["api.example.com:443"];
        assert_eq!(decide(&granted, "https://api.example.com/x"), Some(Permit::Name));
        assert_eq!(decide(&granted, "https://API.Example.com./x"), Some(Permit::Name));
        assert_eq!(decide(&granted, "http://api.example.com:443/"), Some(Permit::Name));
        for refused in [
            "http://api.example.com/",
            "https://api.example.com:444/",
            "https://example.com/",
            "https://x.api.example.com/",
            "https://api.example.com.evil.test/",
            "https://1.1.1.1/",
        ] {
            assert_eq!(decide(&granted, refused), None, "{refused}");
        }
    }

    #[test]
    fn a_wildcard_allows_names_below_it() {
        let granted = ["*.example.com:443"];
        assert_eq!(decide(&granted, "https://a.example.com/"), Some(Permit::Name));
        assert_eq!(decide(&granted, "https://a.b.example.com/"), Some(Permit::Name));
        for refused in ["https://example.com/", "https://.example.com/", "https://evilexample.com/"]
        {
            assert_eq!(decide(&granted, refused), None, "{refused}");
        }
    }

    #[test]
    fn an_address_is_allowed_only_when_the_grant_names_it() {
        let local = "127.0.0.1".parse().unwrap();
        assert_eq!(
            decide(&["127.0.0.1:9000"], "http://127.0.0.1:9000/"),
            Some(Permit::Address(local))
        );
        assert_eq!(decide(&["127.0.0.1:9000"], "http://127.0.0.1:9001/"), None);
        assert_eq!(decide(&["127.0.0.1:9000"], "http://localhost:9000/"), None);
        let six = "::1".parse().unwrap();
        assert_eq!(decide(&["[::1]:9000"], "http://[0:0::1]:9000/"), Some(Permit::Address(six)));
    }

    #[test]
    fn addresses_that_hide_their_host_name_no_target() {
        for uri in
            ["http://good.test@127.0.0.1/", "http://good.test:99999/", "/path", "ftp://good.test/"]
        {
            assert_eq!(Target::of(&uri.parse().unwrap()), None, "{uri}");
        }
    }
}
