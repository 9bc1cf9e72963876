//! An application of wadm, for wasmCloud 1.x: the component, and the providers that it is linked to.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::{DESCRIPTION, Deployment, ManifestError, yaml};

/// The providers that the manifest names, as wasmCloud 1.9 has them.
const HTTP_SERVER: &str = "http-server:0.27.0";
const HTTP_CLIENT: &str = "http-client:0.13.1";
const KEY_VALUE: &str = "keyvalue-nats:0.4.1";
/// Where the HTTP server listens.
const LISTEN: &str = "0.0.0.0:8000";
/// The HTTP server answers browsers' questions about other origins itself, for every path, and lets every page of the web read
/// where it is told of none. These are what the component would answer: crates/http/src/api_edge/origins.rs.
const CORS_METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const CORS_HEADERS: [&str; 5] =
    ["authorization", "content-type", "if-match", "if-none-match", "idempotency-key"];
const CORS_EXPOSED: [&str; 6] =
    ["etag", "location", "retry-after", "ratelimit", "ratelimit-policy", "idempotency-replayed"];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Application<'a> {
    api_version: &'a str,
    kind: &'a str,
    metadata: Metadata<'a>,
    spec: Spec<'a>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    name: &'a str,
    annotations: BTreeMap<&'a str, String>,
}

#[derive(Serialize)]
struct Spec<'a> {
    components: Vec<Component<'a>>,
}

#[derive(Serialize)]
struct Component<'a> {
    name: String,
    r#type: &'a str,
    properties: Properties<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    traits: Vec<Trait<'a>>,
}

#[derive(Serialize)]
struct Properties<'a> {
    image: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    config: Vec<Config<'a>>,
}

#[derive(Serialize)]
struct Config<'a> {
    name: String,
    /// What is not said here, somebody has put there already.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    properties: BTreeMap<&'a str, Cow<'a, str>>,
}

#[derive(Serialize)]
struct Trait<'a> {
    r#type: &'a str,
    properties: TraitProperties<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum TraitProperties<'a> {
    Spread { instances: u32 },
    Link(Link<'a>),
}

#[derive(Serialize)]
struct Link<'a> {
    namespace: &'a str,
    package: &'a str,
    interfaces: [&'a str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source<'a>>,
    target: Target<'a>,
}

#[derive(Serialize)]
struct Source<'a> {
    config: [Config<'a>; 1],
}

#[derive(Serialize)]
struct Target<'a> {
    name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    config: Vec<Config<'a>>,
}

pub(super) fn manifest(site: &Deployment) -> Result<String, ManifestError> {
    let mut components = vec![site_component(site), http_server(site)];
    components.push(provider(site, "keyvalue", KEY_VALUE));
    if !site.outgoing.is_empty() {
        components.push(provider(site, "httpclient", HTTP_CLIENT));
    }
    let annotations = BTreeMap::from([
        ("version", format!("v{}", env!("CARGO_PKG_VERSION"))),
        ("description", DESCRIPTION.to_owned()),
    ]);
    yaml(&Application {
        api_version: "core.oam.dev/v1beta1",
        kind: "Application",
        metadata: Metadata { name: &site.name, annotations },
        spec: Spec { components },
    })
}

/// The component with its settings, and what it asks.
fn site_component(site: &Deployment) -> Component<'_> {
    let settings =
        site.environment.iter().map(|(name, value)| (name.as_str(), value.as_str().into()));
    let bucket = Config {
        name: named(site, "bucket"),
        properties: BTreeMap::from([
            ("bucket", site.bucket.as_str().into()),
            ("enable_bucket_auto_create", "true".into()),
        ]),
    };
    // The key-value store has no compare-and-swap: two that write in the same moment lose one of the writes.
    let one =
        Trait { r#type: "spreadscaler", properties: TraitProperties::Spread { instances: 1 } };
    let mut traits = vec![one, link_to(site, "keyvalue", ("keyvalue", "store"), vec![bucket])];
    // The models, and whom webhooks tell, are asked over HTTP.
    if !site.outgoing.is_empty() {
        traits.push(link_to(site, "httpclient", ("http", "outgoing-handler"), Vec::new()));
    }
    Component {
        name: site.name.clone(),
        r#type: "component",
        properties: Properties {
            image: site.component.clone(),
            config: vec![
                Config { name: named(site, "settings"), properties: settings.collect() },
                Config { name: site.secret_name(), properties: BTreeMap::new() },
            ],
        },
        traits,
    }
}

fn http_server(site: &Deployment) -> Component<'_> {
    let mut properties = BTreeMap::from([
        ("address", LISTEN.into()),
        ("cors_allowed_methods", json!(CORS_METHODS).to_string().into()),
        ("cors_allowed_headers", json!(CORS_HEADERS).to_string().into()),
        ("cors_exposed_headers", json!(CORS_EXPOSED).to_string().into()),
    ]);
    if let Some(origins) = origins(site) {
        properties.insert("cors_allowed_origins", json!(origins).to_string().into());
    }
    let listen = Config { name: named(site, "listen"), properties };
    let link = Link {
        namespace: "wasi",
        package: "http",
        interfaces: ["incoming-handler"],
        source: Some(Source { config: [listen] }),
        target: Target { name: site.name.clone(), config: Vec::new() },
    };
    let traits = vec![Trait { r#type: "link", properties: TraitProperties::Link(link) }];
    Component { traits, ..provider(site, "httpserver", HTTP_SERVER) }
}

/// Whose pages may read answers; `None` for everybody's. An empty list means everybody to the HTTP server, so that the site
/// itself stands in it where there are no others.
fn origins(site: &Deployment) -> Option<Vec<String>> {
    if site.origins.iter().any(|it| it == "*") {
        return None;
    }
    match &*site.origins {
        [] => Some(vec![site.address.origin().ascii_serialization()]),
        origins => Some(origins.to_vec()),
    }
}

fn provider<'a>(site: &Deployment, what: &str, image: &str) -> Component<'a> {
    let properties = Properties { image: format!("{}/{image}", site.images), config: Vec::new() };
    Component { name: named(site, what), r#type: "capability", properties, traits: Vec::new() }
}

fn link_to<'a>(
    site: &Deployment,
    provider: &str,
    (package, interface): (&'a str, &'a str),
    config: Vec<Config<'a>>,
) -> Trait<'a> {
    let target = Target { name: named(site, provider), config };
    let link = Link { namespace: "wasi", package, interfaces: [interface], source: None, target };
    Trait { r#type: "link", properties: TraitProperties::Link(link) }
}

/// A name that no other application of the lattice has: configurations are shared by all.
fn named(site: &Deployment, what: &str) -> String {
    format!("{}-{what}", site.name)
}
