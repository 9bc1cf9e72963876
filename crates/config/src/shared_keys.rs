//! Settings of keys for sites that run elsewhere.

use std::net::SocketAddr;

use smartcms_domain::people::SecretText;

use crate::error::ConfigError;
use crate::reader::{Reader, bad};

/// Where keys for sites elsewhere are offered, and to whom.
#[derive(Debug, Clone)]
pub struct SharedKeysSettings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The token that opens them.
    pub token: SecretText,
}

impl Reader<'_> {
    pub(crate) fn shared_keys(&self) -> Result<Option<SharedKeysSettings>, ConfigError> {
        let (listen, token) = ("keys.listen", "keys.token");
        if self.sources.get(listen).text.is_empty() {
            return Ok(None);
        }
        let listen = self.parsed(listen, "it is an address and a port, like 127.0.0.1:8601")?;
        match self.strong_secret(token)? {
            Some(token) => Ok(Some(SharedKeysSettings { listen, token })),
            None => {
                let reason = "where keys.listen is set it opens the keys, and has to be set, too";
                Err(bad(token, self.sources.get(token), reason))
            }
        }
    }
}
