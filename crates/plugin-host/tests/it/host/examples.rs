//! The example plugins as routes of a site, as `cargo xtask plugins` builds them.

use std::path::Path;

use http_body_util::{BodyExt, Empty};
use smartcms_app::ports::{PluginFailureKind, Plugins, RouteError, plugin_body};
use smartcms_domain::actors::Actor;
use smartcms_testkit::builders::plugin;

use super::site::Site;

fn built(name: &str) -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist/plugins").join(name);
    std::fs::read(file).expect("build the example plugins first: cargo xtask plugins")
}

async fn get(site: &Site, id: &str, path: &str) -> Result<(u16, String), RouteError> {
    let mut request = http::Request::new(plugin_body(Empty::new()));
    *request.uri_mut() = path.parse().unwrap();
    let response = site.host.route(&plugin(id), &Actor::Anonymous, request).await?;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    Ok((status, String::from_utf8(body.to_vec()).unwrap()))
}

#[tokio::test]
async fn visits_are_counted_once_the_keys_are_granted() {
    let visits = built("visits.wasm");
    let site = Site::with(&[("visits", &visits, &[])]).await;
    let Err(RouteError::Failed(failure)) = get(&site, "visits", "/a").await else {
        panic!("it should have been refused");
    };
    assert_eq!(failure.kind, PluginFailureKind::Denied);
    assert!(
        failure.message.ends_with("grant it with `smartcms plugin grant visits kv`"),
        "{failure}"
    );
    site.add("visits", &visits, &["kv"]).await;
    site.host.refresh().await.unwrap();
    for count in 1..=3 {
        let expected = format!(r#"{{"path":"/a","visits":{count}}}"#);
        let (status, body) = get(&site, "visits", "/a").await.unwrap();
        assert_eq!((status, body.trim()), (200, expected.as_str()));
    }
}

#[tokio::test]
async fn a_handler_of_wasi_0_3_streams_its_body() {
    let hello = built("hello3.wasm");
    let site = Site::with(&[("hello3", &hello, &[])]).await;
    for _ in 0..3 {
        let answer = get(&site, "hello3", "/").await.unwrap();
        assert_eq!(answer, (200, "Hello from WASI 0.3!\n".to_owned()));
    }
}
