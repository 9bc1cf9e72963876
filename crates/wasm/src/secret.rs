//! The secret of a site, with which addresses of files are signed.

use smartcms_app::ports::Randomness;
use smartcms_keyed::{Head, Keys, KeysError};

const KEY: &str = "secret";

/// The site's secret; the first call makes it. Where several begin in the same moment, the one that was first counts.
pub(crate) fn secret(keys: &dyn Keys, randomness: &dyn Randomness) -> Result<[u8; 32], KeysError> {
    let kept = |head: Head| {
        let bytes = <[u8; 32]>::try_from(head.value);
        bytes.map_err(|_| KeysError::lasting("the secret of the site is damaged"))
    };
    if let Some(head) = keys.head(KEY)? {
        return kept(head);
    }
    let made = randomness.secret();
    if keys.swap_head(KEY, None, &made)?.is_some() {
        return Ok(made);
    }
    let missing = || KeysError::lasting("the secret of the site cannot be made");
    kept(keys.head(KEY)?.ok_or_else(missing)?)
}

#[cfg(test)]
mod tests {
    use smartcms_keyed::MemoryKeys;

    use super::secret;
    use crate::world::HostRandomness;

    #[test]
    fn a_site_keeps_the_secret_that_was_made_first() {
        let keys = MemoryKeys::default();
        let first = secret(&keys, &HostRandomness).unwrap();
        assert_eq!(secret(&keys, &HostRandomness).unwrap(), first);
        assert_ne!(secret(&MemoryKeys::default(), &HostRandomness).unwrap(), first);
    }
}
