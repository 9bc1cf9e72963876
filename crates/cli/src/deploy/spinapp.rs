//! A SpinApp of SpinKube.
//!
//! The settings and the hosts that the site reaches are in the image, which `spin registry push` makes of `spin.toml`. Here
//! stands what the cluster decides: the image, how many run, what the secrets are, and what keeps the keys.

use serde::Serialize;

use super::{Deployment, ManifestError, Metadata, spin_name, yaml};

/// The executor that SpinKube installs.
const EXECUTOR: &str = "containerd-shim-spin";
/// Where Redis is, in the Secret: its address may have a password.
const STORE_KEY: &str = "REDIS_URL";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SpinApp<'a> {
    api_version: &'a str,
    kind: &'a str,
    metadata: Metadata<'a>,
    spec: Spec<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    image: &'a str,
    executor: &'a str,
    replicas: u32,
    checks: Checks,
    variables: Vec<Variable>,
    runtime_config: RuntimeConfig<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Variable {
    name: String,
    value_from: ValueFrom,
}

#[derive(Serialize)]
struct Checks {
    readiness: Probe,
    liveness: Probe,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Probe {
    http_get: HttpGet,
}

#[derive(Serialize)]
struct HttpGet {
    path: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuntimeConfig<'a> {
    key_value_stores: [Store<'a>; 1],
}

#[derive(Serialize)]
struct Store<'a> {
    name: &'a str,
    r#type: &'a str,
    options: [StoreOption; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StoreOption {
    name: &'static str,
    value_from: ValueFrom,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ValueFrom {
    secret_key_ref: SecretKey,
}

#[derive(Serialize)]
struct SecretKey {
    name: String,
    key: String,
}

pub(super) fn manifest(site: &Deployment) -> Result<String, ManifestError> {
    let probe = |path| Probe { http_get: HttpGet { path } };
    let from_secret = |key: &str| ValueFrom {
        secret_key_ref: SecretKey { name: site.secret_name(), key: key.to_owned() },
    };
    let variable = |it: &String| Variable { name: spin_name(it), value_from: from_secret(it) };
    // What Spin keeps keys in by itself is a file in the pod, which ends with the pod.
    let store = Store {
        name: &site.bucket,
        r#type: "redis",
        options: [StoreOption { name: "url", value_from: from_secret(STORE_KEY) }],
    };
    yaml(&SpinApp {
        api_version: "core.spinkube.dev/v1alpha1",
        kind: "SpinApp",
        metadata: Metadata { name: &site.name },
        spec: Spec {
            image: &site.component,
            executor: EXECUTOR,
            replicas: 1,
            checks: Checks { readiness: probe("/readyz"), liveness: probe("/healthz") },
            variables: site.secrets.iter().map(variable).collect(),
            runtime_config: RuntimeConfig { key_value_stores: [store] },
        },
    })
}
