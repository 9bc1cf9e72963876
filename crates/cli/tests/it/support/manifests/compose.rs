//! Compose files, and the configuration of `wash`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Variables;
use super::wasmcloud::Environment;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Compose {
    pub(crate) name: String,
    pub(crate) services: BTreeMap<String, Service>,
    pub(crate) volumes: BTreeMap<String, Variables>,
    pub(crate) configs: BTreeMap<String, Content>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Content {
    pub(crate) content: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    pub(crate) image: String,
    #[serde(rename = "command")]
    pub(crate) _command: Vec<String>,
    #[serde(rename = "working_dir")]
    pub(crate) _working_dir: Option<String>,
    pub(crate) user: Option<String>,
    #[serde(default, rename = "environment")]
    pub(crate) _environment: Variables,
    #[serde(default)]
    pub(crate) env_file: Vec<String>,
    #[serde(default)]
    pub(crate) configs: Vec<Mount>,
    pub(crate) volumes: Vec<Volume>,
    #[serde(default, rename = "tmpfs")]
    pub(crate) _tmpfs: Vec<String>,
    #[serde(default)]
    pub(crate) ports: Vec<String>,
    #[serde(default)]
    pub(crate) depends_on: BTreeMap<String, Condition>,
    pub(crate) healthcheck: Option<HealthCheck>,
    #[serde(rename = "restart")]
    pub(crate) _restart: String,
    pub(crate) read_only: bool,
    pub(crate) cap_drop: Vec<String>,
    pub(crate) security_opt: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Volume {
    /// `nats:/data`
    Named(String),
    File(Bind),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bind {
    pub(crate) r#type: String,
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) read_only: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mount {
    pub(crate) source: String,
    pub(crate) target: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Condition {
    pub(crate) condition: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HealthCheck {
    #[serde(rename = "test")]
    pub(crate) _test: Vec<String>,
    #[serde(rename = "interval")]
    pub(crate) _interval: String,
    #[serde(rename = "retries")]
    pub(crate) _retries: u32,
}

/// `.wash/config.yaml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wash {
    pub(crate) build: Build,
    pub(crate) dev: Dev,
    pub(crate) workload: Workload,
    pub(crate) secrets: BTreeMap<String, FromEnvironment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Build {
    #[serde(rename = "command")]
    pub(crate) _command: String,
    pub(crate) component_path: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dev {
    pub(crate) address: String,
    pub(crate) wasi_keyvalue_nats_url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Workload {
    pub(crate) environment: Environment<String>,
    pub(crate) allowed_hosts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct FromEnvironment {
    pub(crate) from_env: Vec<String>,
}
