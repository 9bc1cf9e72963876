//! What hosts take as manifests, as far as we write them: a key that is not here was not looked up.
//!
//! Said again in our own types, from what is published: Spin's manifest schema (spinframework/spin,
//! `spin/manifest-v2/latest.json`, 59d983f), the CRDs of SpinKube (spinframework/spin-operator, 1e0366d) and of wasmCloud
//! (wasmCloud/wasmCloud, `runtime.wasmcloud.dev_workloaddeployments.yaml`, 2d52e3d), the types of wadm (the crate wadm-types
//! 0.8.3), the configuration of `wash` (wasmCloud/wasmCloud, `crates/wash/src/config.rs`, 02add6d) and the Compose
//! specification (compose-spec, 00655e2).

pub(crate) mod compose;

use std::collections::BTreeMap;

use serde::Deserialize;

type Variables = BTreeMap<String, String>;

pub(crate) mod spin {
    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Manifest {
        pub(crate) spin_manifest_version: u32,
        pub(crate) application: Application,
        pub(crate) variables: BTreeMap<String, Variable>,
        pub(crate) trigger: Triggers,
        pub(crate) component: BTreeMap<String, Component>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Application {
        pub(crate) name: String,
        #[serde(rename = "version")]
        pub(crate) _version: String,
        #[serde(rename = "description")]
        pub(crate) _description: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Variable {
        pub(crate) default: String,
        pub(crate) secret: bool,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Triggers {
        pub(crate) http: Vec<HttpTrigger>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct HttpTrigger {
        pub(crate) route: String,
        pub(crate) component: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Component {
        pub(crate) source: String,
        pub(crate) key_value_stores: Vec<String>,
        pub(crate) allowed_outbound_hosts: Vec<String>,
        pub(crate) variables: Variables,
        pub(crate) environment: Variables,
    }
}

pub(crate) mod kubernetes {
    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub(crate) struct Document<S> {
        pub(crate) api_version: String,
        pub(crate) kind: String,
        pub(crate) metadata: Named,
        pub(crate) spec: S,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Named {
        pub(crate) name: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Service {
        pub(crate) ports: Vec<Port>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Port {
        pub(crate) port: u16,
        pub(crate) protocol: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub(crate) struct SpinApp {
        pub(crate) image: String,
        pub(crate) executor: String,
        pub(crate) replicas: u32,
        pub(crate) checks: Checks,
        pub(crate) variables: Vec<Referred>,
        pub(crate) runtime_config: RuntimeConfig,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Checks {
        pub(crate) readiness: Probe,
        pub(crate) liveness: Probe,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub(crate) struct Probe {
        pub(crate) http_get: HttpGet,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct HttpGet {
        pub(crate) path: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub(crate) struct RuntimeConfig {
        pub(crate) key_value_stores: Vec<Store>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Store {
        pub(crate) name: String,
        pub(crate) r#type: String,
        pub(crate) options: Vec<Referred>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub(crate) struct Referred {
        pub(crate) name: String,
        pub(crate) value_from: ValueFrom,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub(crate) struct ValueFrom {
        pub(crate) secret_key_ref: SecretKey,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct SecretKey {
        pub(crate) name: String,
        pub(crate) key: String,
    }
}

pub(crate) mod wasmcloud {
    use super::kubernetes::Named;
    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub(crate) struct Deployment {
        pub(crate) replicas: u32,
        pub(crate) deploy_policy: String,
        pub(crate) template: Template,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Template {
        pub(crate) spec: Workload,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub(crate) struct Workload {
        pub(crate) kubernetes: Kubernetes,
        pub(crate) components: Vec<Component>,
        pub(crate) host_interfaces: Vec<Interface>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Kubernetes {
        pub(crate) service: Named,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub(crate) struct Component {
        #[serde(rename = "name")]
        pub(crate) _name: String,
        pub(crate) image: String,
        pub(crate) local_resources: Resources,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub(crate) struct Resources {
        pub(crate) environment: Environment<Named>,
        pub(crate) allowed_hosts: Vec<String>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub(crate) struct Environment<S> {
        pub(crate) config: Variables,
        pub(crate) secret_from: Vec<S>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Interface {
        pub(crate) namespace: String,
        pub(crate) package: String,
        pub(crate) interfaces: Vec<String>,
        #[serde(default)]
        pub(crate) config: Variables,
    }
}

pub(crate) mod wadm {
    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    pub(crate) struct Application {
        pub(crate) api_version: String,
        pub(crate) kind: String,
        pub(crate) metadata: Metadata,
        pub(crate) spec: Spec,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Metadata {
        pub(crate) name: String,
        pub(crate) annotations: Variables,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Spec {
        pub(crate) components: Vec<Component>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Component {
        pub(crate) name: String,
        pub(crate) r#type: String,
        pub(crate) properties: Properties,
        #[serde(default)]
        pub(crate) traits: Vec<Trait>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Properties {
        pub(crate) image: String,
        #[serde(default)]
        pub(crate) config: Vec<Config>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Config {
        pub(crate) name: String,
        /// Without them it is one that somebody has put there.
        pub(crate) properties: Option<Variables>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, tag = "type", content = "properties", rename_all = "lowercase")]
    pub(crate) enum Trait {
        Spreadscaler(Spread),
        Link(Link),
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Spread {
        pub(crate) instances: u32,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Link {
        pub(crate) namespace: String,
        pub(crate) package: String,
        pub(crate) interfaces: Vec<String>,
        pub(crate) source: Option<Source>,
        pub(crate) target: Target,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Source {
        pub(crate) config: Vec<Config>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Target {
        pub(crate) name: String,
        #[serde(default)]
        pub(crate) config: Vec<Config>,
    }
}
