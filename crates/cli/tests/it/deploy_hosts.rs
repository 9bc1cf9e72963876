//! Every manifest is what its host takes, and says the same of the site.

use std::collections::BTreeMap;
use std::fs;

use serde::de::DeserializeOwned;
use smartcms_config::{SETTINGS, Setting, Settings, Sources, has_effect_in_portable};

use crate::deploy::{WRITTEN, deploy};
use crate::support::component::root;
use crate::support::manifests::{compose, kubernetes, spin, wadm, wasmcloud};

type Variables = BTreeMap<String, String>;

/// A site whose every text would be something else if it were pasted.
const ODD: &str = r#"
stories = true
[site]
title = "\"Quoted\": $HOME ${X} {{ y }} 100 %\n# not a comment\n- no: list\n---"
base_url = "https://cms.example.com"
[ai]
provider = "openai"
address = "https://ai.example.com/v1"
model = "yes"
help = ["editor=50000"]
[outbound]
allow = ["hooks.example.com:443", "10.0.0.7:9000"]
"#;

fn parsed<T: DeserializeOwned>(yaml: &str) -> T {
    serde_saphyr::from_str(yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"))
}

/// What `smartcms deploy` writes of the odd site, and that it is not read when a key is spelt another way.
#[track_caller]
fn written(words: &str) -> String {
    let site = tempfile::tempdir().unwrap();
    fs::write(site.path().join("smartcms.toml"), ODD).unwrap();
    deploy(site.path(), words, &[]).expect_success().to_owned()
}

/// The settings of the manifest are those of the site.
#[track_caller]
fn check_settings(variables: &Variables, bucket: &str) {
    let mut variables = variables.clone();
    let told = variables.remove("SMARTCMS_HOST_BUCKET");
    assert_eq!(told.as_deref().unwrap_or("default"), bucket);
    let read = Settings::from_sources(&Sources::of_variables(variables).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("smartcms.toml"), ODD).unwrap();
    let none: [(String, String); 0] = [];
    let site = Settings::from_sources(&Sources::read(folder.path(), none).unwrap()).unwrap();
    assert_eq!(read.site.title, site.site.title);
    assert_eq!(read.site.base_url, site.site.base_url);
    assert_eq!(read.ai.server, site.ai.server);
    assert_eq!(read.outbound_allow, site.outbound_allow);
    assert!(read.stories && site.stories);
    assert_eq!(format!("{:?}", read.ai.help), format!("{:?}", site.ai.help));
}

const HOSTS: [&str; 3] =
    ["*://10.0.0.7:9000", "https://ai.example.com:443", "https://hooks.example.com:443"];

/// The same, where no scheme is every scheme.
const HOSTS_WITHOUT_STAR: [&str; 3] =
    ["10.0.0.7:9000", "https://ai.example.com:443", "https://hooks.example.com:443"];

#[test]
fn spin_gets_a_manifest_of_version_2() {
    let text = written("spin --name my-site --bucket content --component site.wasm");
    let manifest: spin::Manifest = toml::from_str(&text).unwrap();
    assert_eq!(
        (manifest.spin_manifest_version, manifest.application.name.as_str()),
        (2, "my-site")
    );
    let [trigger] = &*manifest.trigger.http else { panic!("{text}") };
    assert_eq!(trigger.route, "/...");
    let component = &manifest.component[&trigger.component];
    assert_eq!(component.source, "site.wasm");
    assert_eq!(component.key_value_stores, ["content"]);
    assert_eq!(component.allowed_outbound_hosts, HOSTS);
    check_settings(&component.environment, "content");
    let secret = "smartcms_people_owner_token";
    assert_eq!(component.variables[secret], "{{ smartcms_people_owner_token }}");
    let variable = &manifest.variables[secret];
    assert!(variable.secret && variable.default.is_empty());
    let misspelt = text.replace("key_value_stores", "key_value_store");
    assert!(toml::from_str::<spin::Manifest>(&misspelt).is_err());
}

#[test]
fn spinkube_gets_an_app_whose_keys_outlive_its_pod() {
    let text = written("spinapp --component r.example.com/a/b:1");
    let app: kubernetes::Document<kubernetes::SpinApp> = parsed(&text);
    assert_eq!(
        (app.api_version.as_str(), app.kind.as_str()),
        ("core.spinkube.dev/v1alpha1", "SpinApp")
    );
    assert_eq!(app.metadata.name, "smartcms");
    let spec = app.spec;
    assert_eq!((spec.image.as_str(), spec.replicas), ("r.example.com/a/b:1", 1));
    assert_eq!(spec.executor, "containerd-shim-spin");
    assert_eq!(spec.checks.readiness.http_get.path, "/readyz");
    assert_eq!(spec.checks.liveness.http_get.path, "/healthz");
    let [token] = &*spec.variables else { panic!("{text}") };
    let secret = &token.value_from.secret_key_ref;
    let told = (token.name.as_str(), secret.name.as_str(), secret.key.as_str());
    let variable = "SMARTCMS_PEOPLE_OWNER_TOKEN";
    assert_eq!(told, ("smartcms_people_owner_token", "smartcms-secrets", variable));
    let [store] = &*spec.runtime_config.key_value_stores else { panic!("{text}") };
    assert_eq!((store.name.as_str(), store.r#type.as_str()), ("default", "redis"));
    let [url] = &*store.options else { panic!("{text}") };
    let secret = &url.value_from.secret_key_ref;
    let told = (url.name.as_str(), secret.name.as_str(), secret.key.as_str());
    assert_eq!(told, ("url", "smartcms-secrets", "REDIS_URL"));
}

#[test]
fn wasmcloud_2_gets_one_workload_and_the_service_that_leads_to_it() {
    let text = written("wasmcloud --component r.example.com/a/b:1 --bucket content");
    let (service, deployment) = text.split_once("\n---\n").unwrap();
    let service: kubernetes::Document<kubernetes::Service> = parsed(service);
    assert_eq!((service.api_version.as_str(), service.kind.as_str()), ("v1", "Service"));
    assert_eq!((service.spec.ports[0].port, service.spec.ports[0].protocol.as_str()), (80, "TCP"));
    let found: kubernetes::Document<wasmcloud::Deployment> = parsed(deployment);
    assert_eq!(found.api_version, "runtime.wasmcloud.dev/v1alpha1");
    assert_eq!(found.kind, "WorkloadDeployment");
    // Two at once could lose a write of each other.
    assert_eq!((found.spec.replicas, found.spec.deploy_policy.as_str()), (1, "Recreate"));
    let workload = found.spec.template.spec;
    assert_eq!(workload.kubernetes.service.name, service.metadata.name);
    let [component] = &*workload.components else { panic!("{text}") };
    assert_eq!(component.image, "r.example.com/a/b:1");
    let resources = &component.local_resources;
    assert_eq!(resources.allowed_hosts, HOSTS_WITHOUT_STAR);
    assert_eq!(resources.environment.secret_from[0].name, "smartcms-secrets");
    check_settings(&resources.environment.config, "content");
    let interfaces = workload.host_interfaces.iter();
    let named: Vec<String> = interfaces
        .map(|it| format!("{}:{}/{}", it.namespace, it.package, it.interfaces.join("+")))
        .collect();
    assert_eq!(named, ["wasi:http/incoming-handler", "wasi:keyvalue/store"]);
    assert_eq!(workload.host_interfaces[0].config["host"], "cms.example.com");
}

#[test]
fn wadm_gets_components_whose_links_lead_to_one_another() {
    let images = "--images r.example.com/wasmcloud/";
    let text = written(&format!("wadm --component r.example.com/a/b:1 --bucket content {images}"));
    let application: wadm::Application = parsed(&text);
    assert_eq!(application.api_version, "core.oam.dev/v1beta1");
    assert_eq!(
        (application.kind.as_str(), application.metadata.name.as_str()),
        ("Application", "smartcms")
    );
    assert!(application.metadata.annotations["version"].starts_with('v'));
    let components = &application.spec.components;
    let kinds: Vec<(&str, &str)> =
        components.iter().map(|it| (it.name.as_str(), it.r#type.as_str())).collect();
    let expected = [
        ("smartcms", "component"),
        ("smartcms-httpserver", "capability"),
        ("smartcms-keyvalue", "capability"),
        ("smartcms-httpclient", "capability"),
    ];
    assert_eq!(kinds, expected);
    let mut links = Vec::new();
    for component in components {
        for trait_ in &component.traits {
            match trait_ {
                wadm::Trait::Spreadscaler(spread) => assert_eq!(spread.instances, 1),
                wadm::Trait::Link(link) => {
                    assert!(components.iter().any(|it| it.name == link.target.name), "{text}");
                    let interface = link.interfaces.join("+");
                    links.push(format!("{}:{}/{interface}", link.namespace, link.package));
                    let configs = link.source.iter().flat_map(|it| &it.config);
                    for config in configs.chain(&link.target.config) {
                        assert!(
                            config.name.starts_with("smartcms-") && config.properties.is_some()
                        );
                    }
                }
            }
        }
    }
    links.sort();
    assert_eq!(
        links,
        ["wasi:http/incoming-handler", "wasi:http/outgoing-handler", "wasi:keyvalue/store"]
    );
    assert!(text.contains("bucket: content"), "{text}");
    // Told of no origins, wasmCloud's HTTP server would let every page of the web read.
    let own = r#"cors_allowed_origins: "[\"https://cms.example.com\"]""#;
    assert!(text.contains(own), "{text}");
    assert!(components[1].properties.image.starts_with("r.example.com/wasmcloud/http-server:"));
    let [settings, secrets] = &*components[0].properties.config else { panic!("{text}") };
    check_settings(settings.properties.as_ref().unwrap(), "default");
    assert_eq!((secrets.name.as_str(), &secrets.properties), ("smartcms-secrets", &None));
}

#[test]
fn compose_gets_nats_and_a_host_that_may_do_little() {
    let text = written("compose --images r.example.com/wasmcloud --component site.wasm");
    let file: compose::Compose = parsed(&text);
    let (nats, site) = (&file.services["nats"], &file.services["site"]);
    assert_eq!(file.name, "smartcms");
    for service in [nats, site] {
        assert!(service.read_only);
        assert_eq!(
            (service.cap_drop.join(" "), service.security_opt.join(" ")),
            ("ALL".into(), "no-new-privileges:true".into())
        );
    }
    assert!(nats.image.starts_with("nats:") && nats.healthcheck.is_some());
    assert!(nats.ports.is_empty(), "NATS is reached by the host alone");
    let [compose::Volume::Named(volume)] = &*nats.volumes else { panic!("{text}") };
    assert!(file.volumes.contains_key(volume.split(':').next().unwrap()), "{volume}");
    assert!(site.image.starts_with("r.example.com/wasmcloud/wash:"));
    assert_ne!(site.user.as_deref().unwrap().split(':').next(), Some("0"));
    assert_eq!(site.env_file, ["smartcms.env"]);
    let [compose::Volume::File(bind)] = &*site.volumes else { panic!("{text}") };
    let told = (bind.r#type.as_str(), bind.source.as_str(), bind.target.as_str());
    assert_eq!(told, ("bind", "./site.wasm", "/site/smartcms.wasm"));
    assert!(bind.read_only);
    assert_eq!(site.depends_on["nats"].condition, "service_healthy");
    assert!(site.ports.iter().all(|it| it.starts_with("127.0.0.1:")));
    let [mount] = &*site.configs else { panic!("{text}") };
    assert_eq!(mount.target, "/site/.wash/config.yaml");
    // Compose makes one dollar sign of two, and a variable of what follows one.
    let content = &file.configs[&mount.source].content;
    assert!(!content.replace("$$", "").contains('$'), "{content}");
    let wash: compose::Wash = parsed(&content.replace("$$", "$"));
    assert_eq!(wash.build.component_path, "smartcms.wasm");
    assert_eq!(wash.dev.address, "0.0.0.0:8000");
    assert_eq!(wash.dev.wasi_keyvalue_nats_url, "nats://nats:4222");
    assert_eq!(wash.workload.allowed_hosts, HOSTS_WITHOUT_STAR);
    let [secret] = &*wash.workload.environment.secret_from else { panic!("{text}") };
    assert_eq!(wash.secrets[secret].from_env, ["SMARTCMS_PEOPLE_OWNER_TOKEN"]);
    check_settings(&wash.workload.environment.config, "default");
}

#[test]
fn systemd_gets_a_unit_with_no_line_of_a_setting() {
    let text = written("wasmtime --name my-site");
    let lines: Vec<&str> = text.lines().filter(|it| it.starts_with("Environment=")).collect();
    assert!(
        lines.iter().any(|it| it.contains("SMARTCMS_SITE_TITLE=\\\"Quoted\\\": $HOME")),
        "{text}"
    );
    assert!(lines.iter().all(|it| !it.contains("% ") || it.contains("%% ")), "{text}");
    assert!(!text.lines().any(|it| it.starts_with("- no") || it.starts_with("# not")), "{text}");
    assert!(text.contains("EnvironmentFile=/etc/my-site/env\n"), "{text}");
    for variable in ["SMARTCMS_SITE_TITLE", "SMARTCMS_PEOPLE_OWNER_TOKEN"] {
        assert!(text.contains(&format!("  --env {variable} \\\n")), "{text}");
    }
}

#[test]
fn the_adapter_for_spin_asks_for_every_secret() {
    let adapter = fs::read_to_string(root().join("adapters/spin-variables/src/lib.rs")).unwrap();
    let secrets = SETTINGS.iter().filter(|it| it.is_secret() && has_effect_in_portable(it.key));
    let variables: Vec<String> = secrets.map(Setting::variable).collect();
    assert!(variables.len() >= 2);
    for variable in variables {
        assert!(adapter.contains(&format!("\"{variable}\"")), "{variable}");
    }
}

#[test]
fn a_key_that_a_host_does_not_know_is_found_in_every_manifest() {
    let reads = |file: &str, text: &str| match file {
        "spin/spin.toml" => toml::from_str::<spin::Manifest>(text).is_ok(),
        "spinkube/spinapp.yaml" => {
            serde_saphyr::from_str::<kubernetes::Document<kubernetes::SpinApp>>(text).is_ok()
        }
        "wasmcloud/workload.yaml" => {
            let deployment = text.split_once("\n---\n").unwrap().1;
            serde_saphyr::from_str::<kubernetes::Document<wasmcloud::Deployment>>(deployment)
                .is_ok()
        }
        "wasmcloud/wadm.yaml" => serde_saphyr::from_str::<wadm::Application>(text).is_ok(),
        "compose/compose.yaml" => serde_saphyr::from_str::<compose::Compose>(text).is_ok(),
        _ => panic!("nothing reads {file}"),
    };
    let keys = [
        ("spin/spin.toml", "allowed_outbound_hosts"),
        ("spinkube/spinapp.yaml", "runtimeConfig"),
        ("wasmcloud/workload.yaml", "allowedHosts"),
        ("wasmcloud/wadm.yaml", "namespace"),
        ("compose/compose.yaml", "read_only"),
    ];
    for (file, key) in keys {
        assert!(WRITTEN.iter().any(|(it, _)| *it == file), "{file}");
        let text = fs::read_to_string(root().join("deploy").join(file)).unwrap();
        assert!(reads(file, &text), "{file}");
        assert!(!reads(file, &text.replace(key, &format!("{key}x"))), "{file} with {key}x");
    }
}
