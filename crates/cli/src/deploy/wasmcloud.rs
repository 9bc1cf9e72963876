//! A WorkloadDeployment of wasmCloud 2.x, and the Service that leads to it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Deployment, ManifestError, Metadata, Outgoing, yaml};

/// The port of the Service.
const PORT: u16 = 80;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a, S> {
    api_version: &'a str,
    kind: &'a str,
    metadata: Metadata<'a>,
    spec: S,
}

#[derive(Serialize)]
struct ServiceSpec {
    ports: [ServicePort; 1],
}

#[derive(Serialize)]
struct ServicePort {
    port: u16,
    protocol: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    replicas: u32,
    deploy_policy: &'a str,
    template: Template<'a>,
}

#[derive(Serialize)]
struct Kubernetes<'a> {
    service: Metadata<'a>,
}

#[derive(Serialize)]
struct Template<'a> {
    spec: Workload<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Workload<'a> {
    kubernetes: Kubernetes<'a>,
    components: [Component<'a>; 1],
    host_interfaces: [Interface<'a>; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Component<'a> {
    name: &'a str,
    image: &'a str,
    local_resources: Resources,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resources {
    environment: Environment,
    allowed_hosts: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Environment {
    config: BTreeMap<String, String>,
    secret_from: [SecretRef; 1],
}

#[derive(Serialize)]
struct SecretRef {
    name: String,
}

#[derive(Serialize)]
struct Interface<'a> {
    namespace: &'a str,
    package: &'a str,
    interfaces: Vec<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    config: BTreeMap<&'a str, &'a str>,
}

pub(super) fn manifest(site: &Deployment) -> Result<String, ManifestError> {
    let metadata = || Metadata { name: &site.name };
    let service = Document {
        api_version: "v1",
        kind: "Service",
        metadata: metadata(),
        spec: ServiceSpec { ports: [ServicePort { port: PORT, protocol: "TCP" }] },
    };
    let deployment = Document {
        api_version: "runtime.wasmcloud.dev/v1alpha1",
        kind: "WorkloadDeployment",
        metadata: metadata(),
        spec: Spec {
            // The key-value store has no compare-and-swap: two that write in the same moment lose one of the writes. So one
            // runs, and it ends before the next one begins.
            replicas: 1,
            deploy_policy: "Recreate",
            template: Template { spec: workload(site)? },
        },
    };
    Ok(format!("{}---\n{}", yaml(&service)?, yaml(&deployment)?))
}

fn workload(site: &Deployment) -> Result<Workload<'_>, ManifestError> {
    let allowed_hosts =
        site.outgoing.iter().map(Outgoing::for_wasmcloud).collect::<Result<_, _>>()?;
    let environment = Environment {
        config: site.environment_with_bucket(),
        secret_from: [SecretRef { name: site.secret_name() }],
    };
    // By the Host header of a request the host knows whose it is.
    let host = site.address.domain().ok_or_else(|| ManifestError::Address {
        address: site.address.to_string(),
        manifest: "wasmCloud",
        reason: "requests are told apart by the name of a host, and this is an address of a machine",
    })?;
    Ok(Workload {
        kubernetes: Kubernetes { service: Metadata { name: &site.name } },
        components: [Component {
            name: &site.name,
            image: &site.component,
            local_resources: Resources { environment, allowed_hosts },
        }],
        host_interfaces: [
            Interface {
                namespace: "wasi",
                package: "http",
                interfaces: vec!["incoming-handler"],
                config: BTreeMap::from([("host", host)]),
            },
            Interface {
                namespace: "wasi",
                package: "keyvalue",
                interfaces: vec!["store"],
                config: BTreeMap::new(),
            },
        ],
    })
}
