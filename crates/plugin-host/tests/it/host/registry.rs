//! The host follows the registry of plugins.

use smartcms_app::ports::{Plugins, RouteError, plugin_body};
use smartcms_domain::actors::Actor;
use smartcms_plugin_host::{Condition, Point};
use smartcms_testkit::builders::plugin;

use super::guest::{CHANGES_A_FIELD, REFUSES, save_hook};
use super::site::Site;

#[tokio::test]
async fn a_plugin_works_from_the_refresh_on_and_not_before() {
    let site = Site::with(&[]).await;
    assert!(!site.host.refresh().await.unwrap());
    site.add("refuser", &save_hook(REFUSES), &[]).await;
    site.save("One").await.unwrap();
    assert!(site.host.refresh().await.unwrap());
    site.save("Two").await.unwrap_err();
    let health = site.host.health();
    assert_eq!(
        (health[0].condition.clone(), health[0].points.clone()),
        (Condition::Ready, vec![Point::BeforeSave])
    );
}

#[tokio::test]
async fn another_version_takes_the_place_of_the_one_before() {
    let site = Site::with(&[("hook", &save_hook(REFUSES), &[])]).await;
    site.save("One").await.unwrap_err();
    site.add("hook", &save_hook(CHANGES_A_FIELD), &[]).await;
    site.host.refresh().await.unwrap();
    site.save("Two").await.unwrap();
}

#[tokio::test]
async fn a_hook_that_cannot_be_loaded_fails_closed() {
    let unknown = wat::parse_str(
        r#"(component (import "unknown:package/thing@1.0.0" (instance))
             (instance $empty) (export "smartcms:plugin/before-save@0.1.0" (instance $empty)))"#,
    );
    let site = Site::with(&[("strange", &unknown.unwrap(), &[])]).await;
    let error = site.save("One").await.unwrap_err();
    assert!(error.to_string().contains("strange imports unknown:package/thing@1.0.0"), "{error}");
}

#[tokio::test]
async fn there_are_routes_only_where_a_plugin_has_them() {
    let site = Site::with(&[("hook", &save_hook(REFUSES), &[])]).await;
    for id in ["hook", "nobody"] {
        let request = http::Request::new(plugin_body(http_body_util::Empty::new()));
        let outcome = site.host.route(&plugin(id), &Actor::Anonymous, request).await;
        assert_eq!(outcome.err(), Some(RouteError::NoRoute), "{id}");
    }
}
