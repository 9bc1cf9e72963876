//! One identity provider by OpenID Connect, with the crate `openidconnect`: the code flow with PKCE and a nonce.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderMap, HeaderValue, header};
use openidconnect::core::{CoreClient, CoreProviderMetadata, CoreResponseType};
use openidconnect::{
    AsyncHttpClient, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    Scope, TokenResponse,
};
use serde::{Deserialize, Serialize};
use smartcms_app::ports::{
    IdentityProviders, Outbound, OutboundError, OutboundRequest, ProvidedIdentity, ProviderError,
    ProviderName, ProviderStart,
};
use smartcms_domain::people::EmailAddress;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long one request to the provider may take.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(10);
/// The largest answer of a provider.
const ANSWER_BYTES_MAX: u64 = 512 * 1024;
/// How long what a provider says of itself, its keys included, is used before it is asked again.
const METADATA_LIFETIME: Duration = Duration::from_secs(10 * 60);
/// The one provider's word in addresses.
const PROVIDER_ID: &str = "oidc";

/// An identity provider.
#[derive(Clone, PartialEq, Eq)]
pub struct OidcSettings {
    /// Its address.
    pub issuer: String,
    /// Who we are there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: String,
    /// What people know it as.
    pub name: String,
}

/// The provider cannot be used as it is set.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not the address of an identity provider")]
pub struct OidcSetupError(String);

/// Signing in by one provider.
pub struct OidcProvider {
    settings: OidcSettings,
    issuer: IssuerUrl,
    client: ProviderClient,
    metadata: Mutex<Option<(Instant, CoreProviderMetadata)>>,
}

/// What is kept until somebody is back.
#[derive(Serialize, Deserialize)]
struct Begun {
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

#[derive(Debug, thiserror::Error)]
enum RequestFailed {
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    #[error("the answer cannot be read")]
    Answer(#[from] http::Error),
}

#[derive(Debug, thiserror::Error)]
#[error("there is no token that says who it is")]
struct NoIdToken;

/// What the crate asks the provider through.
struct ProviderClient(Arc<dyn Outbound>);

impl ProviderClient {
    async fn request(&self, request: HttpRequest) -> Result<HttpResponse, RequestFailed> {
        let (head, body) = request.into_parts();
        let asked = OutboundRequest {
            method: head.method,
            url: head.uri.to_string(),
            headers: with_accept(head.headers),
            body: body.into(),
            time_max: REQUEST_TIME_MAX,
            bytes_max: ANSWER_BYTES_MAX,
            // A provider answers itself.
            redirects_max: 0,
        };
        let answer = self.0.send(asked).await?;
        let mut response = http::Response::builder().status(answer.status);
        if let Some(headers) = response.headers_mut() {
            headers.clone_from(&answer.headers);
        }
        let body = answer.into_bytes().await?;
        Ok(response.body(body.to_vec())?)
    }
}

impl<'c> AsyncHttpClient<'c> for ProviderClient {
    type Error = RequestFailed;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, RequestFailed>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.request(request))
    }
}

impl OidcProvider {
    /// A provider, which is not asked for anything yet.
    pub fn new(
        settings: OidcSettings,
        outbound: Arc<dyn Outbound>,
    ) -> Result<Self, OidcSetupError> {
        let issuer = IssuerUrl::new(settings.issuer.clone())
            .map_err(|_| OidcSetupError(settings.issuer.clone()))?;
        Ok(Self { settings, issuer, client: ProviderClient(outbound), metadata: Mutex::new(None) })
    }

    /// What the provider says of itself.
    async fn metadata(&self) -> Result<CoreProviderMetadata, ProviderError> {
        let mut held = self.metadata.lock().await;
        if let Some((at, known)) = held.as_ref()
            && at.elapsed() < METADATA_LIFETIME
        {
            return Ok(known.clone());
        }
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.client).await;
        let found = found.map_err(|error| self.failed(error))?;
        *held = Some((Instant::now(), found.clone()));
        Ok(found)
    }

    fn known(&self, provider: &str) -> Result<(), ProviderError> {
        if provider == PROVIDER_ID {
            return Ok(());
        }
        Err(ProviderError::Unknown(provider.to_owned()))
    }

    fn failed(&self, error: impl std::error::Error + Send + Sync + 'static) -> ProviderError {
        ProviderError::Failed { provider: self.settings.name.clone(), source: Box::new(error) }
    }

    fn refused(&self, error: impl std::error::Error + Send + Sync + 'static) -> ProviderError {
        ProviderError::Refused { provider: self.settings.name.clone(), source: Box::new(error) }
    }

    fn credentials(&self) -> (ClientId, Option<ClientSecret>) {
        let secret = Some(self.settings.client_secret.clone()).filter(|it| !it.is_empty());
        (ClientId::new(self.settings.client_id.clone()), secret.map(ClientSecret::new))
    }
}

#[async_trait]
impl IdentityProviders for OidcProvider {
    fn list(&self) -> Vec<ProviderName> {
        vec![ProviderName { id: PROVIDER_ID.to_owned(), name: self.settings.name.clone() }]
    }

    async fn start(&self, provider: &str, back: &str) -> Result<ProviderStart, ProviderError> {
        self.known(provider)?;
        let (id, secret) = self.credentials();
        let back = RedirectUrl::new(back.to_owned()).map_err(|error| self.failed(error))?;
        let client = CoreClient::from_provider_metadata(self.metadata().await?, id, secret)
            .set_redirect_uri(back);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        // The state is the ticket of the one who begins: it is put in place of this one.
        let (mut url, _, nonce) = client
            .authorize_url(flow, || CsrfToken::new(String::new()), Nonce::new_random)
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let kept: Vec<(String, String)> =
            url.query_pairs().filter(|(key, _)| key != "state").map(owned).collect();
        url.query_pairs_mut().clear().extend_pairs(kept);
        let begun = serde_json::to_string(&Begun { nonce, verifier });
        Ok(ProviderStart { url: url.into(), state: begun.map_err(|error| self.failed(error))? })
    }

    async fn finish(
        &self,
        provider: &str,
        back: &str,
        state: &str,
        code: &str,
    ) -> Result<ProvidedIdentity, ProviderError> {
        self.known(provider)?;
        let Begun { nonce, verifier } =
            serde_json::from_str(state).map_err(|error| self.refused(error))?;
        let (id, secret) = self.credentials();
        let back = RedirectUrl::new(back.to_owned()).map_err(|error| self.failed(error))?;
        let client = CoreClient::from_provider_metadata(self.metadata().await?, id, secret)
            .set_redirect_uri(back);
        let asked = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| self.failed(error))?
            .set_pkce_verifier(verifier);
        let tokens =
            asked.request_async(&self.client).await.map_err(|error| self.refused(error))?;
        let token = tokens.id_token().ok_or_else(|| self.refused(NoIdToken))?;
        let claims = token.claims(&client.id_token_verifier(), &nonce);
        let claims = claims.map_err(|error| self.refused(error))?;
        // An address that nobody has made sure of is anybody's.
        let verified = claims.email().filter(|_| claims.email_verified() == Some(true));
        Ok(ProvidedIdentity {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
            email: verified.and_then(|it| EmailAddress::parse(it).ok()),
        })
    }
}

fn with_accept(mut headers: HeaderMap) -> HeaderMap {
    headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static("application/json"));
    headers
}

fn owned((key, value): (Cow<'_, str>, Cow<'_, str>)) -> (String, String) {
    (key.into_owned(), value.into_owned())
}
