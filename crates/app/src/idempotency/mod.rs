//! Requests that are done once however often they are sent.
//!
//! A client names a request by a key. The key is taken, durably, before anything is done; the answer is kept under it
//! afterwards. A request that comes again is not done again: it gets the answer, or hears that the first one is under
//! way, or that nobody knows what became of it. What cannot be known is never tried a second time.

use smartcms_domain::Timestamp;
use smartcms_domain::actors::Actor;

use crate::App;
use crate::ports::{Claim, Claimed, KeptAnswer, RequestKey, StoreError};

/// The longest key, in characters.
pub const KEY_LEN_MAX: usize = 255;
/// How long a key and its answer are kept, in milliseconds.
pub const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;
/// The most keys of one token.
pub const KEYS_MAX: u64 = 10_000;
/// The largest body of an answer that is kept, in bytes.
pub const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// The key of a request of this actor; `None` for those without credentials.
pub fn request_key(actor: &Actor, key: &str) -> Option<RequestKey> {
    match actor {
        Actor::Token { name, .. } => Some(RequestKey { bearer: name.clone(), key: key.to_owned() }),
        // No name of a token has such a character.
        Actor::User { id, .. } => {
            Some(RequestKey { bearer: format!("\u{1f}user {id}"), key: key.to_owned() })
        }
        Actor::Anonymous | Actor::Plugin { .. } | Actor::Operator | Actor::Schedule => None,
    }
}

/// A digest of the parts of a request. No part can run into the next: each goes with its length.
pub fn fingerprint(actor: &Actor, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    // Another token of the same name is another bearer where its role or its maker is another.
    let role = match actor {
        Actor::Token { role, .. } | Actor::User { role, .. } => role.name(),
        _ => "",
    };
    let bearer = [role.to_owned(), actor.author()];
    let bearer = bearer.iter().map(String::as_bytes);
    for part in bearer.chain(parts.iter().copied()) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

/// Takes a key for a request, or says what is known of the one that took it.
pub async fn claim_request(
    app: &App,
    key: &RequestKey,
    fingerprint: [u8; 32],
) -> Result<Claimed, StoreError> {
    let at = app.clock.now();
    let before = Timestamp::from_millis(at.as_millis().saturating_sub(KEPT_MS));
    let claim = Claim { fingerprint, at };
    let before = before.unwrap_or(Timestamp::EPOCH);
    app.idempotency.claim(key, claim, before, KEYS_MAX).await
}

/// Keeps what a request was answered, without a body that is too large.
pub async fn keep_answer(
    app: &App,
    key: &RequestKey,
    mut answer: KeptAnswer,
) -> Result<(), StoreError> {
    answer.body = answer.body.filter(|it| it.len() <= ANSWER_BYTES_MAX);
    app.idempotency.keep(key, answer).await
}

/// Gives the key of a request back that was not done.
pub async fn release_request(app: &App, key: &RequestKey) -> Result<(), StoreError> {
    app.idempotency.release(key).await
}

#[cfg(test)]
mod tests {
    use smartcms_domain::actors::{Actor, Role};

    use super::{fingerprint, request_key};

    #[test]
    fn parts_do_not_run_into_one_another() {
        let actor = Actor::Operator;
        assert_ne!(fingerprint(&actor, &[b"ab", b"c"]), fingerprint(&actor, &[b"a", b"bc"]));
        assert_ne!(fingerprint(&actor, &[b"a"]), fingerprint(&actor, &[b"a", b""]));
        assert_eq!(fingerprint(&actor, &[b"a"]), fingerprint(&actor, &[b"a"]));
    }

    #[test]
    fn a_key_belongs_to_its_token_and_to_the_role_of_it() {
        let token = |role| Actor::token("ci", role);
        let [editor, owner] = [token(Role::EDITOR), token(Role::OWNER)];
        assert_eq!(request_key(&editor, "k"), request_key(&owner, "k"));
        assert_ne!(fingerprint(&editor, &[b"a"]), fingerprint(&owner, &[b"a"]));
        assert_eq!(request_key(&Actor::Anonymous, "k"), None);
    }
}
