//! Docker's file of credentials, which other tools of registries read and write too.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::helper::{self, HELPER_TIME_MAX};
use super::{CredentialError, CredentialSource, Credentials};

/// The largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// The name that a helper gives with a refresh token.
const TOKEN_NAME: &str = "<token>";

/// The credentials of `config.json` in Docker's folder.
pub struct DockerCredentials {
    file: PathBuf,
}

/// What of the file matters here.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DockerFile {
    auths: BTreeMap<String, Entry>,
    cred_helpers: BTreeMap<String, String>,
    creds_store: Option<String>,
}

/// One registry in the file.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
}

impl DockerCredentials {
    /// Reads `config.json` in this folder whenever it is asked; without the file there are no credentials.
    pub fn in_folder(folder: &Path) -> Self {
        Self { file: folder.join("config.json") }
    }

    fn read(&self) -> Result<DockerFile, CredentialError> {
        let failed = |reason: String| CredentialError::File { path: self.file.clone(), reason };
        let file = match std::fs::File::open(&self.file) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(DockerFile::default());
            }
            Err(error) => return Err(failed(error.to_string())),
        };
        let mut bytes = Vec::new();
        let read = file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes);
        read.map_err(|error| failed(error.to_string()))?;
        if bytes.len() as u64 > FILE_BYTES_MAX {
            return Err(failed(format!("it has more than {FILE_BYTES_MAX} bytes")));
        }
        // What the parser says can quote a secret: where it stumbled is enough.
        serde_json::from_slice(&bytes).map_err(|error| {
            failed(format!("it cannot be read at line {} column {}", error.line(), error.column()))
        })
    }
}

#[async_trait]
impl CredentialSource for DockerCredentials {
    async fn find(&self, registry: &str) -> Result<Option<Credentials>, CredentialError> {
        let file = self.read()?;
        if let Some(name) = file.cred_helpers.get(registry).or(file.creds_store.as_ref()) {
            let found = helper::ask(name, registry, HELPER_TIME_MAX).await?;
            if let Some(found) = found {
                return Ok(Some(of_helper(found)));
            }
        }
        let entry = file.auths.iter().find(|(name, _)| host(name) == registry).map(|it| it.1);
        Ok(entry.and_then(Entry::credentials))
    }
}

impl Entry {
    fn credentials(&self) -> Option<Credentials> {
        let filled = |it: &Option<String>| it.clone().filter(|it| !it.is_empty());
        if let Some(token) = filled(&self.identitytoken) {
            return Some(Credentials::Refresh { token });
        }
        if let (Some(name), Some(secret)) = (filled(&self.username), filled(&self.password)) {
            return Some(Credentials::Password { name, secret });
        }
        let decoded = STANDARD.decode(filled(&self.auth)?.trim()).ok()?;
        let text = String::from_utf8(decoded).ok()?;
        let (name, secret) = text.trim_end_matches('\0').split_once(':')?;
        Some(Credentials::Password { name: name.to_owned(), secret: secret.to_owned() })
    }
}

fn of_helper(found: helper::Found) -> Credentials {
    if found.username == TOKEN_NAME {
        return Credentials::Refresh { token: found.secret };
    }
    Credentials::Password { name: found.username, secret: found.secret }
}

/// `one.example.com` of `https://one.example.com/v1/`: the file knows both forms.
fn host(key: &str) -> &str {
    let bare = key.strip_prefix("https://").or(key.strip_prefix("http://")).unwrap_or(key);
    bare.split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{CredentialSource, Credentials, DockerCredentials};

    async fn find(file: &str, registry: &str) -> Result<Option<Credentials>, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.json"), file).unwrap();
        let found = DockerCredentials::in_folder(folder.path()).find(registry).await;
        found.map_err(|error| error.to_string())
    }

    fn password(name: &str, secret: &str) -> Option<Credentials> {
        Some(Credentials::Password { name: name.to_owned(), secret: secret.to_owned() })
    }

    #[tokio::test]
    async fn each_registry_has_its_own_credentials_and_others_have_none() {
        // ada:a secret
        let file = r#"{"auths": {"one.example.com": {"auth": "YWRhOmEgc2VjcmV0"},
            "https://two.example.com/v1/": {"username": "u", "password": "p"},
            "third.example.com": {"identitytoken": "t"}, "empty.example.com": {}}}"#;
        assert_eq!(find(file, "one.example.com").await, Ok(password("ada", "a secret")));
        assert_eq!(find(file, "two.example.com").await, Ok(password("u", "p")));
        let refresh = Some(Credentials::Refresh { token: "t".to_owned() });
        assert_eq!(find(file, "third.example.com").await, Ok(refresh));
        for other in
            ["empty.example.com", "evil.example.com", "example.com", "one.example.com:5000"]
        {
            assert_eq!(find(file, other).await, Ok(None), "{other}");
        }
    }

    #[tokio::test]
    async fn a_broken_file_is_told_without_its_secrets() {
        let error =
            find(r#"{"auths": {"one.example.com": {"auth": TOPSECRET}}}"#, "one.example.com")
                .await
                .unwrap_err();
        assert!(error.contains("config.json") && error.contains("line 1"), "{error}");
        assert!(!error.contains("TOPSECRET"), "{error}");
    }

    #[tokio::test]
    async fn a_folder_without_the_file_has_no_credentials() {
        let folder = tempfile::tempdir().unwrap();
        let found =
            DockerCredentials::in_folder(folder.path()).find("one.example.com").await.unwrap();
        assert_eq!(found, None);
    }

    #[tokio::test]
    async fn the_name_of_a_helper_is_no_path() {
        for name in ["../evil", "a b", "", "/bin/sh"] {
            let file = serde_json::json!({ "credsStore": name }).to_string();
            let error = find(&file, "one.example.com").await.unwrap_err();
            assert!(error.contains("not the name of a credential helper"), "{error}");
        }
    }
}
