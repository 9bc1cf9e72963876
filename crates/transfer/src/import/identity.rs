//! Identities that are made from the source's own, so that the same thing is the same whenever it is imported.

use smartcms_domain::entries::EntryId;
use uuid::Builder;

/// The identity of a thing of a source.
///
/// The first half depends on the source alone: everything of one source lies together in the store.
pub(super) fn identity(source: &str, kind: &str, key: &str) -> EntryId {
    let place = blake3::hash(source.as_bytes());
    let thing = blake3::hash(format!("{source}\n{kind}\n{key}").as_bytes());
    let mut bytes = [0_u8; 16];
    let halves = place.as_bytes().iter().take(6).chain(thing.as_bytes().iter().take(10));
    for (to, from) in bytes.iter_mut().zip(halves) {
        *to = *from;
    }
    EntryId::new(Builder::from_custom_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::identity;

    #[test]
    fn the_same_thing_has_the_same_identity_and_others_have_others() {
        let id = identity("wxr:https://a.example", "entry", "post:1");
        assert_eq!(id, identity("wxr:https://a.example", "entry", "post:1"));
        assert_ne!(id, identity("wxr:https://a.example", "entry", "post:2"));
        assert_ne!(id, identity("wxr:https://b.example", "entry", "post:1"));
        assert_ne!(id, identity("wxr:https://a.example", "term", "post:1"));
        assert_eq!(id.as_uuid().get_version_num(), 8);
    }
}
