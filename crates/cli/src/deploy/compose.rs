//! A Compose file: NATS, and `wash dev`, which is wasmCloud 2.x without Kubernetes.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Deployment, ManifestError, Outgoing, yaml};

/// The file with the secrets, beside the Compose file.
pub(super) const SECRETS_FILE: &str = "smartcms.env";
/// The images that were tried together.
const WASH: &str = "wash:2.10.3";
const NATS: &str = "nats:2.15-alpine";
/// Where NATS says how it is.
const HEALTH: &str = "http://127.0.0.1:8222/healthz";
/// The project's folder in the container, and what is in it.
const FOLDER: &str = "/site";
const COMPONENT: &str = "smartcms.wasm";
/// Nobody's number, as images without a shell use it.
const USER: &str = "65532:65532";

#[derive(Serialize)]
struct Compose<'a> {
    name: &'a str,
    services: Services<'a>,
    volumes: BTreeMap<&'a str, BTreeMap<String, String>>,
    configs: BTreeMap<&'a str, Content>,
}

#[derive(Serialize)]
struct Content {
    content: String,
}

#[derive(Serialize)]
struct Services<'a> {
    nats: Nats<'a>,
    site: Site<'a>,
}

#[derive(Serialize)]
struct Nats<'a> {
    image: &'a str,
    command: [&'a str; 5],
    volumes: [&'a str; 1],
    healthcheck: HealthCheck<'a>,
    restart: &'a str,
    #[serde(flatten)]
    limits: Limits<'a>,
}

#[derive(Serialize)]
struct HealthCheck<'a> {
    test: [&'a str; 5],
    interval: &'a str,
    retries: u32,
}

#[derive(Serialize)]
struct Site<'a> {
    image: String,
    command: [&'a str; 1],
    working_dir: &'a str,
    user: &'a str,
    environment: BTreeMap<&'a str, &'a str>,
    env_file: [&'a str; 1],
    configs: [Mount<'a>; 1],
    volumes: [Bind; 1],
    tmpfs: [&'a str; 1],
    ports: [&'a str; 1],
    depends_on: BTreeMap<&'a str, Condition<'a>>,
    restart: &'a str,
    #[serde(flatten)]
    limits: Limits<'a>,
}

/// What a container may not do.
#[derive(Serialize)]
struct Limits<'a> {
    read_only: bool,
    cap_drop: [&'a str; 1],
    security_opt: [&'a str; 1],
}

#[derive(Serialize)]
struct Mount<'a> {
    source: &'a str,
    target: String,
}

/// A file of this machine: in the long form, since the short one has colons between its parts.
#[derive(Serialize)]
struct Bind {
    r#type: &'static str,
    source: String,
    target: String,
    read_only: bool,
}

#[derive(Serialize)]
struct Condition<'a> {
    condition: &'a str,
}

/// What `wash` reads in `.wash/config.yaml`.
#[derive(Serialize)]
struct WashConfig<'a> {
    build: Build<'a>,
    dev: Dev<'a>,
    workload: Workload<'a>,
    secrets: BTreeMap<&'a str, FromEnvironment<'a>>,
}

/// The component is there already, so that the command does nothing.
#[derive(Serialize)]
struct Build<'a> {
    command: &'a str,
    component_path: &'a str,
}

#[derive(Serialize)]
struct Dev<'a> {
    address: &'a str,
    wasi_keyvalue_nats_url: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Workload<'a> {
    environment: Environment<'a>,
    allowed_hosts: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Environment<'a> {
    config: BTreeMap<String, String>,
    secret_from: [&'a str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FromEnvironment<'a> {
    from_env: &'a [String],
}

pub(super) fn manifest(site: &Deployment) -> Result<String, ManifestError> {
    // Compose puts variables in the place of what follows a dollar sign; two are one.
    let config = yaml(&wash(site)?)?.replace('$', "$$");
    yaml(&Compose {
        name: &site.name,
        services: Services { nats: nats(), site: host(site) },
        volumes: BTreeMap::from([("nats", BTreeMap::new())]),
        configs: BTreeMap::from([("wash", Content { content: config })]),
    })
}

fn limits<'a>() -> Limits<'a> {
    Limits { read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] }
}

fn nats<'a>() -> Nats<'a> {
    Nats {
        image: NATS,
        command: ["--jetstream", "--store_dir", "/data", "--http_port", "8222"],
        volumes: ["nats:/data"],
        healthcheck: HealthCheck {
            test: ["CMD", "wget", "--quiet", "--spider", HEALTH],
            interval: "2s",
            retries: 15,
        },
        restart: "unless-stopped",
        limits: limits(),
    }
}

fn host(site: &Deployment) -> Site<'_> {
    let component = site.component.replace('$', "$$");
    let beside = if component.starts_with(['.', '/']) { "" } else { "./" };
    Site {
        image: format!("{}/{WASH}", site.images),
        command: ["dev"],
        working_dir: FOLDER,
        user: USER,
        // Where it keeps what it compiled.
        environment: BTreeMap::from([("HOME", "/tmp")]),
        env_file: [SECRETS_FILE],
        configs: [Mount { source: "wash", target: format!("{FOLDER}/.wash/config.yaml") }],
        volumes: [Bind {
            r#type: "bind",
            source: format!("{beside}{component}"),
            target: format!("{FOLDER}/{COMPONENT}"),
            read_only: true,
        }],
        tmpfs: ["/tmp"],
        ports: ["127.0.0.1:8080:8000"],
        depends_on: BTreeMap::from([("nats", Condition { condition: "service_healthy" })]),
        restart: "unless-stopped",
        limits: limits(),
    }
}

fn wash(site: &Deployment) -> Result<WashConfig<'_>, ManifestError> {
    Ok(WashConfig {
        build: Build { command: "true", component_path: COMPONENT },
        dev: Dev { address: "0.0.0.0:8000", wasi_keyvalue_nats_url: "nats://nats:4222" },
        workload: Workload {
            environment: Environment {
                config: site.environment_with_bucket(),
                secret_from: ["site"],
            },
            // An empty list denies every host; none would allow every one.
            allowed_hosts: site
                .outgoing
                .iter()
                .map(Outgoing::for_wasmcloud)
                .collect::<Result<_, _>>()?,
        },
        secrets: BTreeMap::from([("site", FromEnvironment { from_env: &site.secrets })]),
    })
}
