//! From a challenge to the header that answers it.
//!
//! Credentials go to the registry's own host, and to a host that gives tokens out when the operator named it. Any
//! other realm is asked without them: a registry cannot have them sent where it likes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use serde::Deserialize;
use smartcms_app::ports::OutboundRequest;
use url::Url;
use url::form_urlencoded::Serializer;

use super::challenge::Challenge;
use super::{Access, RegistryClient};
use crate::credentials::Credentials;
use crate::error::RegistryError;

/// The largest answer of a realm, in bytes.
const TOKEN_BYTES_MAX: u64 = 64 * 1024;
/// How this program is called by realms that give refresh tokens out.
const CLIENT_ID: &str = "smartcms";

/// A header that answered a challenge.
pub(super) struct Authorization {
    access: Access,
    header: HeaderValue,
}

impl RegistryClient {
    /// What answered the last challenge, if it is enough for this.
    pub(super) async fn known_authorization(&self, access: Access) -> Option<HeaderValue> {
        let known = self.authorization.lock().await;
        known.as_ref().filter(|it| it.access >= access).map(|it| it.header.clone())
    }

    /// Answers the challenges of a response; `None` when there is nothing to answer with.
    pub(super) async fn authorize(
        &self,
        access: Access,
        headers: &HeaderMap,
    ) -> Result<Option<HeaderValue>, RegistryError> {
        let challenges = headers.get_all(header::WWW_AUTHENTICATE).iter();
        let challenges = challenges.filter_map(|it| it.to_str().ok()).filter_map(Challenge::parse);
        let mut challenges: Vec<Challenge> = challenges.collect();
        // A token is worth less to a thief than a password.
        challenges.sort_by_key(|it| matches!(it, Challenge::Basic));
        let Some(challenge) = challenges.first() else {
            return Err(self.bad_challenge("it names no way of authentication that is spoken here"));
        };
        let answer = match challenge {
            Challenge::Basic => self.basic().await?,
            Challenge::Bearer { realm, service } => {
                Some(self.token(access, realm, service.as_deref()).await?)
            }
        };
        if let Some(header) = &answer {
            let header = header.clone();
            *self.authorization.lock().await = Some(Authorization { access, header });
        }
        Ok(answer)
    }

    async fn basic(&self) -> Result<Option<HeaderValue>, RegistryError> {
        match self.parts.credentials.find(self.registry.as_str()).await? {
            Some(Credentials::Password { name, secret }) => basic_header(&name, &secret).map(Some),
            // A refresh token is for a realm, and no password.
            Some(Credentials::Refresh { .. }) | None => Ok(None),
        }
    }

    /// Asks a realm for a token that allows this and no more.
    async fn token(
        &self,
        access: Access,
        realm: &str,
        service: Option<&str>,
    ) -> Result<HeaderValue, RegistryError> {
        let realm = self.realm(realm)?;
        let credentials = match self.may_have_credentials(&realm) {
            true => self.parts.credentials.find(self.registry.as_str()).await?,
            false => None,
        };
        let request = self.token_request(access, realm.clone(), service, credentials)?;
        let port = if self.is_home(&realm) { &self.parts.home } else { &self.parts.away };
        let outbound = |source| RegistryError::Outbound { registry: realm.to_string(), source };
        let response = port.send(request).await.map_err(outbound)?;
        let status = response.status;
        if status != 200 {
            let other = (!self.may_have_credentials(&realm)).then(|| {
                let host = authority(&realm);
                format!(
                    ", asked without credentials; `--token-host {host}` permits that it gets them"
                )
            });
            let other = other.unwrap_or_default();
            return Err(RegistryError::Denied {
                registry: self.registry.to_string(),
                what: format!(
                    "a token for {}, which {} gives out",
                    self.repository,
                    authority(&realm)
                ),
                status,
                said: other,
            });
        }
        let outbound = |source| RegistryError::Outbound { registry: realm.to_string(), source };
        let body = response.into_bytes().await.map_err(outbound)?;
        let token = serde_json::from_slice::<TokenAnswer>(&body).ok();
        let token = token.and_then(|it| it.token.or(it.access_token)).filter(|it| !it.is_empty());
        let token =
            token.ok_or_else(|| self.bad_challenge("its realm answered without a token"))?;
        let mut header = HeaderValue::try_from(format!("Bearer {token}"))
            .map_err(|_| self.bad_challenge("its realm gave out a token that is none"))?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// The address of a realm: encrypted, but for that of a registry which is not encrypted itself.
    fn realm(&self, text: &str) -> Result<Url, RegistryError> {
        let url = Url::parse(text).map_err(|_| self.bad_challenge("its realm is no address"))?;
        let plain_home = url.scheme() == "http" && self.parts.is_plain && self.is_home(&url);
        if url.scheme() != "https" && !plain_home {
            return Err(self.bad_challenge("its realm is not encrypted"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(self.bad_challenge("its realm carries a user name"));
        }
        Ok(url)
    }

    fn is_home(&self, realm: &Url) -> bool {
        self.url("/").is_ok_and(|it| it.origin() == realm.origin())
    }

    fn may_have_credentials(&self, realm: &Url) -> bool {
        let host = authority(realm);
        self.is_home(realm) || self.parts.token_hosts.contains(&host)
    }

    fn token_request(
        &self,
        access: Access,
        mut realm: Url,
        service: Option<&str>,
        credentials: Option<Credentials>,
    ) -> Result<OutboundRequest, RegistryError> {
        let actions = if access == Access::Push { "pull,push" } else { "pull" };
        let scope = format!("repository:{}:{actions}", self.repository);
        let mut headers = HeaderMap::new();
        let (method, body) = match credentials {
            Some(Credentials::Refresh { token }) => {
                let form = Serializer::new(String::new())
                    .append_pair("grant_type", "refresh_token")
                    .append_pair("refresh_token", &token)
                    .append_pair("client_id", CLIENT_ID)
                    .append_pair("service", service.unwrap_or_default())
                    .append_pair("scope", &scope)
                    .finish();
                let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
                headers.insert(header::CONTENT_TYPE, kind);
                (Method::POST, Bytes::from(form))
            }
            other => {
                if let Some(Credentials::Password { name, secret }) = other {
                    headers.insert(header::AUTHORIZATION, basic_header(&name, &secret)?);
                }
                let mut query = realm.query_pairs_mut();
                if let Some(service) = service {
                    query.append_pair("service", service);
                }
                query.append_pair("scope", &scope);
                drop(query);
                (Method::GET, Bytes::new())
            }
        };
        Ok(OutboundRequest {
            method,
            url: realm.to_string(),
            headers,
            body,
            time_max: self.parts.limits.exchange_time_max,
            bytes_max: TOKEN_BYTES_MAX,
            redirects_max: 0,
        })
    }

    fn bad_challenge(&self, reason: &str) -> RegistryError {
        RegistryError::Challenge { registry: self.registry.to_string(), reason: reason.to_owned() }
    }
}

/// What a realm answers.
#[derive(Deserialize)]
struct TokenAnswer {
    token: Option<String>,
    access_token: Option<String>,
}

/// `host`, or `host:port` where the port is not the usual one.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn basic_header(name: &str, secret: &str) -> Result<HeaderValue, RegistryError> {
    let encoded = STANDARD.encode(format!("{name}:{secret}"));
    let mut header = HeaderValue::try_from(format!("Basic {encoded}"))
        .map_err(|_| RegistryError::malformed("the credentials", "they fit in no header"))?;
    header.set_sensitive(true);
    Ok(header)
}
