//! Which network addresses a plugin's outgoing request may reach: a pure rule over an address.
//!
//! Everything that is not an ordinary public unicast address is refused, whatever name led to it.
//! IPv6 forms that carry an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo, ISATAP) are judged by both.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is not one that a name may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddressKind {
    /// An ordinary public address.
    Public,
    /// `0.0.0.0/8` or `::`.
    Unspecified,
    /// `127.0.0.0/8` or `::1`.
    Loopback,
    /// `169.254.0.0/16` or `fe80::/10`.
    LinkLocal,
    /// RFC 1918, unique local (`fc00::/7`) or the old site-local (`fec0::/10`).
    Private,
    /// Carrier-grade address translation: `100.64.0.0/10`.
    SharedTranslation,
    /// Multicast or broadcast.
    Multicast,
    /// An address where clouds answer with a machine's own secrets.
    Metadata,
    /// Documentation, benchmarking, future use and other special ranges.
    Reserved,
}

impl AddressKind {
    /// The word for messages: `a loopback address`.
    #[must_use]
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Public => "a public address",
            Self::Unspecified => "an unspecified address",
            Self::Loopback => "a loopback address",
            Self::LinkLocal => "a link-local address",
            Self::Private => "a private address",
            Self::SharedTranslation => "a carrier-grade translation address",
            Self::Multicast => "a multicast or broadcast address",
            Self::Metadata => "a cloud metadata address",
            Self::Reserved => "a reserved address",
        }
    }
}

/// Classifies an address; only [`AddressKind::Public`] may be reached through a name.
#[must_use]
pub(crate) fn classify(address: IpAddr) -> AddressKind {
    match address {
        IpAddr::V4(address) => classify_v4(address),
        IpAddr::V6(address) => classify_v6(address),
    }
}

fn classify_v4(address: Ipv4Addr) -> AddressKind {
    if METADATA_V4.contains(&address) {
        return AddressKind::Metadata;
    }
    match address.octets() {
        [0, ..] => AddressKind::Unspecified,
        [127, ..] => AddressKind::Loopback,
        [169, 254, ..] => AddressKind::LinkLocal,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => AddressKind::Private,
        [100, 64..=127, ..] => AddressKind::SharedTranslation,
        [224..=239, ..] | [255, 255, 255, 255] => AddressKind::Multicast,
        // IETF protocol assignments, documentation, the retired 6to4 relays, benchmarking, future use.
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => AddressKind::Reserved,
        [198, 51, 100, _] | [203, 0, 113, _] | [240..=255, ..] => AddressKind::Reserved,
        _ => AddressKind::Public,
    }
}

fn classify_v6(address: Ipv6Addr) -> AddressKind {
    if METADATA_V6.contains(&address) {
        return AddressKind::Metadata;
    }
    if address.is_unspecified() {
        return AddressKind::Unspecified;
    }
    if address.is_loopback() {
        return AddressKind::Loopback;
    }
    let carried = carried_v4(address).map(classify_v4);
    match (carried, address.segments()) {
        (Some(kind), _) if kind != AddressKind::Public => kind,
        // The whole address is the IPv4 address (mapped) or its translation (NAT64 of an IPv6-only network).
        (Some(kind), [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, ..]) => kind,
        (_, segments) => classify_segments(segments),
    }
}

fn classify_segments(segments: [u16; 8]) -> AddressKind {
    match segments {
        [0xff00..=0xffff, ..] => AddressKind::Multicast,
        [0xfe80..=0xfebf, ..] => AddressKind::LinkLocal,
        [0xfec0..=0xfeff, ..] | [0xfc00..=0xfdff, ..] => AddressKind::Private,
        // Protocol assignments (2001::/23), documentation (two ranges) and discard-only.
        [0x2001, 0x0000..=0x01ff, ..] | [0x2001, 0x0db8, ..] => AddressKind::Reserved,
        [0x3fff, 0x0000..=0x0fff, ..] | [0x0100, 0, 0, 0, ..] => AddressKind::Reserved,
        // Only 2000::/3 is given out as public unicast.
        [0x2000..=0x3fff, ..] => AddressKind::Public,
        _ => AddressKind::Reserved,
    }
}

/// The IPv4 address that an IPv6 address carries, when it is of a form that leads to one.
fn carried_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let carried = match segments {
        // ::ffff:a.b.c.d (mapped) and ::a.b.c.d (compatible, retired).
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] => (high, low),
        // ::ffff:0:a.b.c.d (translated, RFC 2765).
        [0, 0, 0, 0, 0xffff, 0, high, low] => (high, low),
        // 64:ff9b::a.b.c.d and 64:ff9b:1::/48 (NAT64).
        [0x64, 0xff9b, 0 | 1, _, _, _, high, low] => (high, low),
        // 2002:aabb:ccdd::/48 (6to4).
        [0x2002, high, low, ..] => (high, low),
        // 2001::/32 (Teredo): the client's address, inverted, stands last.
        [0x2001, 0, _, _, _, _, high, low] => (!high, !low),
        // …:0:5efe:a.b.c.d and …:200:5efe:a.b.c.d (ISATAP).
        [_, _, _, _, 0 | 0x200, 0x5efe, high, low] => (high, low),
        _ => return None,
    };
    let [a, b] = carried.0.to_be_bytes();
    let [c, d] = carried.1.to_be_bytes();
    Some(Ipv4Addr::new(a, b, c, d))
}

/// Addresses where large clouds serve credentials to whoever asks from the machine.
const METADATA_V4: [Ipv4Addr; 4] = [
    Ipv4Addr::new(169, 254, 169, 254),
    Ipv4Addr::new(169, 254, 170, 2),
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
];
const METADATA_V6: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254),
    Ipv6Addr::new(0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254),
];

#[cfg(test)]
mod tests {
    use super::{AddressKind, classify};

    #[track_caller]
    fn check(expected: AddressKind, addresses: &[&str]) {
        for address in addresses {
            assert_eq!(classify(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn public_addresses_are_public() {
        check(
            AddressKind::Public,
            &["1.1.1.1", "93.184.216.34", "172.15.0.1", "172.32.0.1", "100.128.0.1", "192.0.1.1"],
        );
        check(AddressKind::Public, &["2606:4700:4700::1111", "2a00:1450:4001:81b::200e"]);
    }

    #[test]
    fn addresses_of_this_machine_are_refused() {
        check(AddressKind::Loopback, &["127.0.0.1", "127.255.255.254", "::1"]);
        check(AddressKind::Unspecified, &["0.0.0.0", "0.1.2.3", "::"]);
    }

    #[test]
    fn addresses_of_this_network_are_refused() {
        check(AddressKind::Private, &["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"]);
        check(AddressKind::Private, &["fc00::1", "fdff::1", "fec0::1"]);
        check(AddressKind::LinkLocal, &["169.254.0.1", "fe80::1", "febf::1"]);
        check(AddressKind::SharedTranslation, &["100.64.0.1", "100.127.255.255"]);
        check(AddressKind::Multicast, &["224.0.0.1", "239.1.1.1", "255.255.255.255", "ff02::1"]);
    }

    #[test]
    fn metadata_services_are_refused() {
        check(
            AddressKind::Metadata,
            &["169.254.169.254", "169.254.170.2", "fd00:ec2::254", "::ffff:169.254.169.254"],
        );
    }

    #[test]
    fn an_address_inside_an_address_is_judged_by_what_it_carries() {
        check(AddressKind::Loopback, &["::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1"]);
        check(AddressKind::Loopback, &["2002:7f00:1::", "2002:7f00:1::1", "::ffff:0:127.0.0.1"]);
        check(AddressKind::Private, &["::ffff:10.0.0.1", "2002:c0a8:0101::1", "64:ff9b:1::a00:1"]);
        // Teredo for 192.168.1.1, and ISATAP for 10.0.0.1.
        check(AddressKind::Private, &["2001:0:1:2:3:4:3f57:fefe", "2a00::5efe:a00:1"]);
        check(AddressKind::Public, &["::ffff:1.1.1.1"]);
    }

    #[test]
    fn special_ranges_are_refused() {
        check(AddressKind::Reserved, &["192.0.2.1", "198.51.100.1", "203.0.113.1", "240.0.0.1"]);
        check(AddressKind::Reserved, &["198.18.0.1", "192.88.99.1", "192.0.0.8"]);
        check(AddressKind::Reserved, &["2001:db8::1", "3fff::1", "100::1", "4000::1", "2001:1::1"]);
    }
}
