//! `spin.toml`, version 2 of the manifest.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{DESCRIPTION, Deployment, ManifestError, Outgoing, spin_name};

#[derive(Serialize)]
struct Manifest<'a> {
    spin_manifest_version: u32,
    application: Application<'a>,
    variables: BTreeMap<String, Variable>,
    trigger: Triggers<'a>,
    component: BTreeMap<&'a str, Component<'a>>,
}

#[derive(Serialize)]
struct Application<'a> {
    name: &'a str,
    version: &'a str,
    description: &'a str,
}

/// Whoever starts the application says what it is; without it the component is not told of it.
#[derive(Serialize)]
struct Variable {
    default: &'static str,
    secret: bool,
}

#[derive(Serialize)]
struct Triggers<'a> {
    http: [HttpTrigger<'a>; 1],
}

#[derive(Serialize)]
struct HttpTrigger<'a> {
    route: &'a str,
    component: &'a str,
}

#[derive(Serialize)]
struct Component<'a> {
    source: &'a str,
    key_value_stores: [&'a str; 1],
    allowed_outbound_hosts: Vec<String>,
    variables: BTreeMap<String, String>,
    environment: BTreeMap<String, String>,
}

pub(super) fn manifest(site: &Deployment) -> Result<String, ManifestError> {
    let names = || site.secrets.iter().map(|it| spin_name(it));
    let component = Component {
        source: &site.component,
        key_value_stores: [&site.bucket],
        allowed_outbound_hosts: site.outgoing.iter().map(Outgoing::for_spin).collect(),
        variables: names().map(|it| (it.clone(), format!("{{{{ {it} }}}}"))).collect(),
        environment: site.environment_with_bucket(),
    };
    let manifest = Manifest {
        spin_manifest_version: 2,
        application: Application {
            name: &site.name,
            version: env!("CARGO_PKG_VERSION"),
            description: DESCRIPTION,
        },
        variables: names().map(|it| (it, Variable { default: "", secret: true })).collect(),
        trigger: Triggers { http: [HttpTrigger { route: "/...", component: &site.name }] },
        component: BTreeMap::from([(site.name.as_str(), component)]),
    };
    Ok(toml::to_string(&manifest)?)
}
