//! Who really asks, when a proxy stands in between.

use std::net::IpAddr;

use hyper::header::{HeaderMap, HeaderName};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the one who asks: the peer's, or what a trusted peer says in `X-Forwarded-For`, read from its end, where
/// each proxy adds whom it heard. `None` for a program on this machine.
pub(super) fn client_address(
    peer: IpAddr,
    headers: &HeaderMap,
    trusted: &[IpAddr],
) -> Option<IpAddr> {
    let peer = peer.to_canonical();
    let said = if trusted.contains(&peer) { first_untrusted(headers, trusted) } else { None };
    Some(said.unwrap_or(peer)).filter(|it| !it.is_loopback())
}

/// Whoever wrote something that is no address is not believed, nor what stands before it.
fn first_untrusted(headers: &HeaderMap, trusted: &[IpAddr]) -> Option<IpAddr> {
    let lists = headers.get_all(FORWARDED_FOR).iter().rev();
    let addresses = lists.flat_map(|it| it.to_str().unwrap_or_default().rsplit(','));
    addresses
        .map_while(|it| it.trim().parse::<IpAddr>().ok())
        .map(|it| it.to_canonical())
        .find(|it| !trusted.contains(it))
}

#[cfg(test)]
mod tests {
    use hyper::header::{HeaderMap, HeaderValue};

    use super::client_address;

    #[track_caller]
    fn check(peer: &str, forwarded: &[&'static str], expected: Option<&str>) {
        let trusted = ["127.0.0.1", "10.0.0.9"].map(|it| it.parse().unwrap());
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        let found = client_address(peer.parse().unwrap(), &headers, &trusted);
        assert_eq!(found, expected.map(|it| it.parse().unwrap()));
    }

    #[test]
    fn without_a_proxy_it_is_the_peer() {
        check("192.0.2.1", &[], Some("192.0.2.1"));
        check("::ffff:192.0.2.1", &[], Some("192.0.2.1"));
        check("127.0.0.1", &[], None);
    }

    #[test]
    fn a_stranger_cannot_say_who_it_is() {
        check("192.0.2.1", &["198.51.100.7"], Some("192.0.2.1"));
        check("192.0.2.1", &["127.0.0.1"], Some("192.0.2.1"));
    }

    #[test]
    fn a_trusted_proxy_says_whom_it_heard_and_not_what_it_was_told() {
        check("127.0.0.1", &["198.51.100.7"], Some("198.51.100.7"));
        check("127.0.0.1", &["203.0.113.1, 198.51.100.7"], Some("198.51.100.7"));
        check("127.0.0.1", &["203.0.113.1", "198.51.100.7"], Some("198.51.100.7"));
        check("127.0.0.1", &["198.51.100.7, 10.0.0.9"], Some("198.51.100.7"));
        check("10.0.0.9", &["198.51.100.7, nonsense"], Some("10.0.0.9"));
    }
}
