//! From the host that a plugin names to the addresses that it may reach.

use std::io;
use std::net::SocketAddr;

use async_trait::async_trait;

use super::address::{AddressKind, classify};
use super::rule::{Permit, Target};

/// Finds the addresses of a name. The host asks once, checks the answer and connects to what it checked,
/// so a name that changes its mind between two questions gains nothing.
#[async_trait]
pub trait Resolver: Send + Sync {
    /// The addresses of `host`, each with `port`.
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

/// The resolver of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

/// Why no address of a target may be reached.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreachable {
    /// The name could not be looked up.
    #[error("could not look up `{host}`")]
    Lookup {
        /// The name.
        host: String,
        /// What the resolver said.
        source: io::Error,
    },
    /// The name has no address.
    #[error("`{0}` has no address")]
    Unknown(String),
    /// Every address of the name is of a kind that a name may not lead to.
    #[error("`{host}` leads to {address}, {}, which only a grant of that very address allows", .kind.describe())]
    Prohibited {
        /// The name.
        host: String,
        /// The first address found.
        address: std::net::IpAddr,
        /// Its kind.
        kind: AddressKind,
    },
}

#[async_trait]
impl Resolver for SystemResolver {
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((host, port)).await?.collect())
    }
}

/// The addresses to try for a target, in the resolver's order; never empty.
pub(crate) async fn addresses(
    resolver: &dyn Resolver,
    target: &Target,
    permit: Permit,
) -> Result<Vec<SocketAddr>, Unreachable> {
    if let Permit::Address(address) = permit {
        return Ok(vec![SocketAddr::new(address, target.port)]);
    }
    let host = || target.host.clone();
    let found = match target.host.parse() {
        Ok(address) => Ok(vec![SocketAddr::new(address, target.port)]),
        Err(_) => resolver.resolve(&target.host, target.port).await,
    };
    let mut found = found.map_err(|source| Unreachable::Lookup { host: host(), source })?;
    let first = found.first().ok_or_else(|| Unreachable::Unknown(host()))?.ip();
    if permit == Permit::Anywhere {
        return Ok(found);
    }
    found.retain(|it| classify(it.ip()) == AddressKind::Public);
    if found.is_empty() {
        return Err(Unreachable::Prohibited {
            host: host(),
            address: first,
            kind: classify(first),
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{Permit, Resolver, SocketAddr, Target, Unreachable, addresses, async_trait, io};

    struct Table(&'static [&'static str]);

    #[async_trait]
    impl Resolver for Table {
        async fn resolve(&self, _: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
            Ok(self.0.iter().map(|it| SocketAddr::new(it.parse().unwrap(), port)).collect())
        }
    }

    fn target() -> Target {
        Target { host: "name.test".into(), port: 80, secure: false }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_and_the_message_says_where() {
        for inside in [&["127.0.0.1"], &["10.1.2.3"], &["169.254.169.254"], &["::ffff:10.0.0.1"]] {
            let refused = addresses(&Table(inside), &target(), Permit::Name).await.unwrap_err();
            assert!(matches!(&refused, Unreachable::Prohibited { .. }), "{refused}");
            assert!(refused.to_string().contains(inside[0]), "{refused}");
        }
    }

    #[tokio::test]
    async fn only_the_public_addresses_of_a_name_are_tried() {
        let mixed = Table(&["10.0.0.1", "1.1.1.1", "::1"]);
        let found = addresses(&mixed, &target(), Permit::Name).await.unwrap();
        assert_eq!(found, ["1.1.1.1:80".parse().unwrap()]);
    }

    #[tokio::test]
    async fn a_granted_address_is_not_looked_up() {
        let permit = Permit::Address("127.0.0.1".parse().unwrap());
        let found = addresses(&Table(&[]), &target(), permit).await.unwrap();
        assert_eq!(found, ["127.0.0.1:80".parse().unwrap()]);
    }
}
