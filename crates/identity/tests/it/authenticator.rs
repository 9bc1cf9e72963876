//! A browser and its authenticator, in software: ES256, no attestation.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_CREDENTIAL: u8 = 0x40;

/// One passkey, and where its browser believes to be.
pub(crate) struct Authenticator {
    pub(crate) origin: String,
    pub(crate) host: String,
    pub(crate) counter: u32,
    /// Whether its owner showed a finger or typed a number.
    pub(crate) verifies: bool,
    id: Vec<u8>,
    user: Value,
    keys: EcdsaKeyPair,
    random: SystemRandom,
}

impl Authenticator {
    pub(crate) fn new(host: &str, id: &[u8]) -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let keys = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
        Self {
            origin: format!("https://{host}"),
            host: host.to_owned(),
            counter: 1,
            verifies: true,
            id: id.to_vec(),
            user: Value::Null,
            keys,
            random,
        }
    }

    /// What `navigator.credentials.create` answers.
    pub(crate) fn create(&mut self, question: &str) -> String {
        let asked: Value = serde_json::from_str(question).unwrap();
        let options = asked.get("publicKey").unwrap();
        self.user = options.pointer("/user/id").unwrap().clone();
        let client = self.client_data("webauthn.create", options);
        let data = self.data(WITH_CREDENTIAL);
        let length = u8::try_from(data.len()).unwrap();
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(length);
        attestation.extend(data);
        self.answer(json!({
            "attestationObject": coded(&attestation),
            "clientDataJSON": coded(client.as_bytes()),
        }))
    }

    /// What `navigator.credentials.get` answers.
    pub(crate) fn get(&mut self, question: &str) -> String {
        let asked: Value = serde_json::from_str(question).unwrap();
        let client = self.client_data("webauthn.get", asked.get("publicKey").unwrap());
        let data = self.data(0);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(client.as_bytes()));
        let signature = self.keys.sign(&self.random, &signed).unwrap();
        self.answer(json!({
            "authenticatorData": coded(&data),
            "clientDataJSON": coded(client.as_bytes()),
            "signature": coded(signature.as_ref()),
            "userHandle": self.user,
        }))
    }

    fn answer(&self, response: Value) -> String {
        let id = coded(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {} })
            .to_string()
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        let challenge = options.get("challenge").unwrap();
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
    }

    fn data(&mut self, more: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = Sha256::digest(self.host.as_bytes()).to_vec();
        data.push(PRESENT | verified | more);
        data.extend(self.counter.to_be_bytes());
        self.counter += 1;
        if more == WITH_CREDENTIAL {
            data.extend([0; 16]);
            data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
            data.extend(&self.id);
            data.extend(self.public_key());
        }
        data
    }

    /// As COSE has it.
    fn public_key(&self) -> Vec<u8> {
        let point = self.keys.public_key().as_ref();
        let (x, y) = point.get(1..).unwrap().split_at(32);
        let mut key = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
        key.extend(x);
        key.extend(b"\x22\x58\x20");
        key.extend(y);
        key
    }
}

fn coded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
