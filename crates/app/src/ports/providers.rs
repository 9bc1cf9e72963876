//! Identity providers: others who say who somebody is, by OpenID Connect.

use async_trait::async_trait;
use smartcms_domain::people::EmailAddress;

/// Identity providers that the operator chose.
#[async_trait]
pub trait IdentityProviders: Send + Sync {
    /// Which there are.
    fn list(&self) -> Vec<ProviderName>;

    /// Where somebody is sent to say who they are, and how the answer is checked.
    async fn start(&self, provider: &str, back: &str) -> Result<ProviderStart, ProviderError>;

    /// Who came back with this code.
    async fn finish(
        &self,
        provider: &str,
        back: &str,
        state: &str,
        code: &str,
    ) -> Result<ProvidedIdentity, ProviderError>;
}

/// An identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderName {
    /// Its word in addresses.
    pub id: String,
    /// What people know it as.
    pub name: String,
}

/// The way to an identity provider.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderStart {
    /// Where to send the browser, but for the parameter `state`.
    pub url: String,
    /// What the answer is checked with; never for the browser.
    pub state: String,
}

/// Who somebody is, as a provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvidedIdentity {
    /// Who says it.
    pub issuer: String,
    /// Who it is there; never another one.
    pub subject: String,
    /// Their mail address, if the provider has made sure that it is theirs.
    pub email: Option<EmailAddress>,
}

/// A provider did not say who somebody is.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// There is none of the name.
    #[error("there is no identity provider `{0}`")]
    Unknown(String),
    /// It cannot be reached, or answers nonsense.
    #[error("the identity provider `{provider}` could not be asked")]
    Failed {
        /// Which.
        provider: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What it answered proves nothing.
    #[error("what the identity provider `{provider}` answered does not fit")]
    Refused {
        /// Which.
        provider: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// For sites without identity providers.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProviders;

#[async_trait]
impl IdentityProviders for NoProviders {
    fn list(&self) -> Vec<ProviderName> {
        Vec::new()
    }

    async fn start(&self, provider: &str, _: &str) -> Result<ProviderStart, ProviderError> {
        Err(ProviderError::Unknown(provider.to_owned()))
    }

    async fn finish(
        &self,
        provider: &str,
        _: &str,
        _: &str,
        _: &str,
    ) -> Result<ProvidedIdentity, ProviderError> {
        Err(ProviderError::Unknown(provider.to_owned()))
    }
}
