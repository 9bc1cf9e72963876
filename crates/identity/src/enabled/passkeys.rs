//! Passkeys by the crate `webauthn-rs`.

use serde::Serialize;
use serde::de::DeserializeOwned;
use smartcms_app::ports::{
    MadePasskey, PasskeyChallenge, PasskeyError, PasskeyRecord, Passkeys, UserRecord,
};
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder,
};
use webauthn_rs_proto::{AuthenticatorSelectionCriteria, ResidentKeyRequirement};

/// Passkeys of a site whose address has a host name.
pub struct WebauthnPasskeys(Webauthn);

impl WebauthnPasskeys {
    /// Passkeys for the site at this address; `None` where it has no host name, or is not one that browsers give passkeys
    /// to: over TLS, or `localhost`.
    pub fn for_site(base_url: &str, title: &str) -> Option<Self> {
        let origin = Url::parse(base_url).ok()?;
        let host = origin.domain()?.to_owned();
        let is_here = host == "localhost" || host.ends_with(".localhost");
        if origin.scheme() != "https" && !is_here {
            return None;
        }
        let builder = WebauthnBuilder::new(&host, &origin).ok()?;
        builder.rp_name(title).build().ok().map(Self)
    }
}

impl Passkeys for WebauthnPasskeys {
    fn is_available(&self) -> bool {
        true
    }

    fn ask_new(
        &self,
        user: &UserRecord,
        known: &[PasskeyRecord],
    ) -> Result<PasskeyChallenge, PasskeyError> {
        let known: Vec<CredentialID> =
            known.iter().map(|it| CredentialID::from(it.id.clone())).collect();
        let id = *user.id.as_uuid();
        let (name, shown) = (user.email.as_str(), user.name.as_str());
        let asked = self.0.start_passkey_registration(id, name, shown, Some(known));
        let (mut question, state) = asked.map_err(refused)?;
        // The authenticator keeps whose it is: people sign in without saying who they are first.
        let wanted = question.public_key.authenticator_selection.take().unwrap_or_default();
        question.public_key.authenticator_selection = Some(AuthenticatorSelectionCriteria {
            resident_key: Some(ResidentKeyRequirement::Required),
            require_resident_key: true,
            ..wanted
        });
        Ok(PasskeyChallenge { question: text(&question)?, state: text(&state)? })
    }

    fn check_new(&self, state: &str, answer: &str) -> Result<MadePasskey, PasskeyError> {
        let state: PasskeyRegistration = read(state)?;
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let made = self.0.finish_passkey_registration(&answer, &state).map_err(refused)?;
        Ok(MadePasskey { id: made.cred_id().to_vec(), credential: text(&made)? })
    }

    fn ask_any(&self) -> Result<PasskeyChallenge, PasskeyError> {
        let asked = self.0.start_discoverable_authentication();
        let (mut question, state) = asked.map_err(refused)?;
        // Whether the browser asks at once or in its suggestions is the page's to say.
        question.mediation = None;
        Ok(PasskeyChallenge { question: text(&question)?, state: text(&state)? })
    }

    fn claimed(&self, answer: &str) -> Result<Vec<u8>, PasskeyError> {
        let answer: PublicKeyCredential = read(answer)?;
        Ok(answer.get_credential_id().to_vec())
    }

    fn check(&self, state: &str, answer: &str, credential: &str) -> Result<String, PasskeyError> {
        let state: DiscoverableAuthentication = read(state)?;
        let answer: PublicKeyCredential = read(answer)?;
        let mut passkey: Passkey = read(credential)?;
        let checked = self.0.finish_discoverable_authentication_v2(&answer, state, &passkey);
        let result = checked.map_err(refused)?;
        passkey.update_credential(&result);
        text(&passkey)
    }
}

fn text(value: &impl Serialize) -> Result<String, PasskeyError> {
    serde_json::to_string(value).map_err(refused)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, PasskeyError> {
    serde_json::from_str(text).map_err(refused)
}

fn refused(error: impl std::error::Error + Send + Sync + 'static) -> PasskeyError {
    PasskeyError::Refused(Box::new(error))
}
