//! Signatures of Standard Webhooks: HMAC-SHA256 over id, time and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::ports::WebhookSecret;

/// What secrets begin with, so that people and scanners know one when they see it.
pub const SECRET_PREFIX: &str = "whsec_";

/// A secret as its owner keeps it.
pub fn secret_text(secret: &WebhookSecret) -> String {
    format!("{SECRET_PREFIX}{}", STANDARD.encode(&secret.0))
}

/// How the id of a delivery is written in `webhook-id`.
pub(super) fn message_id(id: Uuid) -> String {
    format!("msg_{}", id.as_simple())
}

/// One signature, `v1,…`, of a message. The time is in seconds since 1970.
pub fn signature(secret: &WebhookSecret, message_id: &str, seconds: i64, body: &str) -> String {
    // HMAC takes keys of every length; without a signature a receiver would refuse the message.
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(&secret.0) else { return String::new() };
    let mac = mac.chain_update(format!("{message_id}.{seconds}.")).chain_update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{secret_text, signature};
    use crate::ports::WebhookSecret;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn a_signature_is_the_one_that_other_libraries_make() {
        // The example of the libraries of Standard Webhooks.
        let text = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let secret = WebhookSecret(STANDARD.decode(text).unwrap());
        assert_eq!(secret_text(&secret), format!("whsec_{text}"));
        let signed = signature(
            &secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
