//! The hosts that a site reaches, and how hosts of components write them.

use smartcms_config::{MailTransport, Settings};
use url::Url;

use super::ManifestError;

/// A host that the site sends requests to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Outgoing {
    /// A name or an address; IPv6 without brackets.
    host: String,
    port: u16,
    /// `http` or `https`; `None` where nobody knows.
    scheme: Option<&'static str>,
}

impl Outgoing {
    /// Those of the settings: the server of models, the service that sends mail, and `outbound.allow`.
    pub(super) fn of(settings: &Settings) -> Vec<Self> {
        let (server, mail) = (settings.ai.server.as_ref(), &settings.mail);
        let mail = Some(&mail.http_address).filter(|_| mail.transport == MailTransport::Http);
        let addresses = server.map(|it| &it.address).into_iter().chain(mail);
        let addresses = addresses.filter_map(|it| Url::parse(it).ok());
        let mut found: Vec<Self> = addresses.filter_map(|it| Self::of_address(&it)).collect();
        for grant in &settings.outbound_allow {
            let is_known = |it: &Self| it.host == grant.host && it.port == grant.port;
            if !found.iter().any(is_known) {
                let scheme = match grant.port {
                    80 => Some("http"),
                    443 => Some("https"),
                    _ => None,
                };
                found.push(Self { host: grant.host.clone(), port: grant.port, scheme });
            }
        }
        found.sort();
        found.dedup();
        found
    }

    fn of_address(address: &Url) -> Option<Self> {
        let scheme = if address.scheme() == "https" { "https" } else { "http" };
        let host = address.host_str()?.trim_start_matches('[').trim_end_matches(']').to_owned();
        Some(Self { host, port: address.port_or_known_default()?, scheme: Some(scheme) })
    }

    /// Whether it is the machine itself, which is another one for who runs in a container.
    pub(super) fn is_loopback(&self) -> bool {
        let address = self.host.parse::<std::net::IpAddr>();
        self.host == "localhost" || address.is_ok_and(|it| it.is_loopback())
    }

    /// `https://ai.example.com:443`; `*` for every scheme.
    pub(super) fn for_spin(&self) -> String {
        format!("{}://{}", self.scheme.unwrap_or("*"), self.with_port())
    }

    /// `https://ai.example.com:443`, without a scheme for every one. IPv6 is refused where manifests are taken in.
    pub(super) fn for_wasmcloud(&self) -> Result<String, ManifestError> {
        if self.host.contains(':') {
            return Err(ManifestError::Outgoing {
                host: self.host.clone(),
                manifest: "wasmCloud",
                reason: "it takes names and IPv4 addresses; give the host a name",
            });
        }
        let before = self.scheme.map(|it| format!("{it}://")).unwrap_or_default();
        Ok(format!("{before}{}", self.with_port()))
    }

    fn with_port(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }
}

impl std::fmt::Display for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.with_port())
    }
}

#[cfg(test)]
mod tests {
    use smartcms_config::{Settings, Sources};

    use super::Outgoing;

    fn outgoing(variables: &[(&str, &str)]) -> Vec<Outgoing> {
        let owned = variables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let sources = Sources::of_variables(owned).unwrap();
        Outgoing::of(&Settings::from_sources(&sources).unwrap())
    }

    #[test]
    fn a_host_is_named_once_and_its_scheme_where_that_is_known() {
        let found = outgoing(&[
            ("SMARTCMS_AI_PROVIDER", "openai"),
            ("SMARTCMS_AI_ADDRESS", "http://ai.test:8081/v1"),
            ("SMARTCMS_AI_MODEL", "m"),
            ("SMARTCMS_OUTBOUND_ALLOW", "ai.test:8081, hooks.test:443, [::1]:9000"),
        ]);
        let spin: Vec<String> = found.iter().map(Outgoing::for_spin).collect();
        assert_eq!(spin, ["*://[::1]:9000", "http://ai.test:8081", "https://hooks.test:443"]);
        let wasmcloud: Vec<Option<String>> =
            found.iter().map(|it| it.for_wasmcloud().ok()).collect();
        let expected = [None, Some("http://ai.test:8081"), Some("https://hooks.test:443")];
        assert_eq!(wasmcloud.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
        assert!(found[0].is_loopback() && !found[1].is_loopback());
    }

    #[test]
    fn the_service_that_sends_mail_is_named_where_mail_goes_there() {
        let address = ("SMARTCMS_MAIL_HTTP_ADDRESS", "https://mail.test/emails");
        let sent = outgoing(&[("SMARTCMS_MAIL_TRANSPORT", "http"), address]);
        let spin: Vec<String> = sent.iter().map(Outgoing::for_spin).collect();
        assert_eq!(spin, ["https://mail.test:443"]);
        assert!(outgoing(&[("SMARTCMS_MAIL_TRANSPORT", "log"), address]).is_empty());
    }

    #[test]
    fn a_site_that_reaches_nobody_names_nobody() {
        assert!(outgoing(&[]).is_empty());
    }
}
