//! Models of a real plugin: text piece by piece, vectors, and what becomes of one that misbehaves.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use smartcms_app::ports::{
    Ability, Description, Embedding, Generation, Message, ModelError, ModelProvider,
    PluginFailureKind, Plugins, Role, TextEnd,
};
use smartcms_plugin_host::{CallTimes, PluginLimits};
use smartcms_testkit::builders::plugin;

use super::guest::built_case;
use super::site::Site;

async fn site() -> Site {
    granted(&["kv"]).await
}

async fn granted(grants: &[&str]) -> Site {
    let times = CallTimes { model: Duration::from_millis(500), ..CallTimes::default() };
    let limits = PluginLimits { times, ..PluginLimits::default() };
    Site::limited(limits, &[("models", &built_case("models"), grants)]).await
}

fn provider(site: &Site) -> Arc<dyn ModelProvider> {
    site.host.model_provider(&plugin("models")).unwrap()
}

fn request(model: &str, prompt: &str) -> Generation {
    let said = |role, text: &str| Message { role, text: text.to_owned() };
    Generation {
        model: model.to_owned(),
        messages: vec![said(Role::System, "be brief"), said(Role::User, prompt)],
        tokens_max: 100,
        parameters: vec![("temperature".to_owned(), json!(0.5))],
    }
}

/// The pieces that a model writes, at most so many, and how its text ended.
async fn written(
    site: &Site,
    request: Generation,
    most: usize,
) -> Result<(Vec<String>, TextEnd), ModelError> {
    let mut pieces = Vec::new();
    let mut sink = |piece: &str| {
        pieces.push(piece.to_owned());
        if pieces.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let end = provider(site).generate(request, &mut sink).await?;
    Ok((pieces, end))
}

async fn pieces(site: &Site, model: &str, most: usize) -> Result<Vec<String>, ModelError> {
    written(site, request(model, "one two three"), most).await.map(|it| it.0)
}

fn embedding(model: &str, texts: Vec<String>) -> Embedding {
    Embedding { model: model.to_owned(), texts, parameters: Vec::new() }
}

#[tokio::test]
async fn a_text_comes_piece_by_piece_as_far_as_it_is_wanted() {
    let site = site().await;
    assert_eq!(site.host.model_providers(), [plugin("models")]);
    let listed = provider(&site).models().await.unwrap();
    assert_eq!((listed[0].name.as_str(), listed[0].dimensions), ("echo", Some(2)));
    assert_eq!(listed[0].abilities, Ability::ALL, "words that are not known are left out");
    assert_eq!(listed[0].title, "A model that is called echo", "it cannot steer the terminal");
    let (pieces, end) = written(&site, request("echo", "one two three"), 10).await.unwrap();
    assert_eq!(pieces, ["one ", "two ", "three"]);
    assert_eq!((end.reason.as_str(), end.tokens_written), ("done", Some(3)));
    let short = Generation { tokens_max: 2, ..request("echo", "one two three") };
    let (pieces, end) = written(&site, short, 10).await.unwrap();
    assert_eq!((pieces.len(), end.reason.as_str()), (2, "length"));
    let (pieces, end) = written(&site, request("endless", "go"), 3).await.unwrap();
    assert_eq!((pieces.len(), end), (3, TextEnd::default()), "nobody read to its end");
}

#[tokio::test]
async fn a_model_that_misbehaves_is_contained_and_the_next_request_works() {
    let site = site().await;
    for (model, expected) in [
        ("loop", PluginFailureKind::TimedOut),
        ("slow-start", PluginFailureKind::TimedOut),
        ("trap", PluginFailureKind::Trapped),
        ("grow", PluginFailureKind::Limit),
    ] {
        match pieces(&site, model, 10).await {
            Err(ModelError::Failed(failure)) => assert_eq!(failure.kind, expected, "{failure}"),
            other => panic!("{model} should have failed: {other:?}"),
        }
        assert_eq!(pieces(&site, "echo", 10).await.unwrap().len(), 3);
    }
    let endless = pieces(&site, "endless", usize::MAX).await;
    assert!(matches!(&endless, Err(ModelError::Unfit(_))), "{endless:?}");
    let late = pieces(&site, "late", 10).await;
    assert!(matches!(&late, Err(ModelError::Unavailable(it)) if it == "tired"), "{late:?}");
    let absent = pieces(&site, "absent", 10).await;
    assert!(matches!(&absent, Err(ModelError::UnknownModel(_))), "{absent:?}");
    let parameters = vec![("schema".to_owned(), json!({ "type": "object" }))];
    let odd = written(&site, Generation { parameters, ..request("echo", "go") }, 10).await;
    assert!(
        matches!(&odd, Err(ModelError::Invalid(it)) if it.contains(r#"{"type":"object"}"#)),
        "{odd:?}"
    );
}

#[tokio::test]
async fn vectors_have_one_length_and_the_length_one() {
    let site = site().await;
    let provider = provider(&site);
    let texts = ["abc".to_owned(), "abcdef".to_owned()].to_vec();
    let vectors = provider.embed(embedding("echo", texts.clone())).await.unwrap();
    assert_eq!(vectors[0], [0.6, 0.8]);
    for model in ["odd", "none"] {
        let outcome = provider.embed(embedding(model, texts.clone())).await;
        assert!(matches!(&outcome, Err(ModelError::Unfit(_))), "{model}: {outcome:?}");
    }
    let outcome = provider.embed(embedding("echo", vec![String::new(); 300])).await;
    assert!(matches!(&outcome, Err(ModelError::Invalid(_))), "{outcome:?}");
    match provider.embed(embedding("loop", texts)).await {
        Err(ModelError::Failed(failure)) => assert_eq!(failure.kind, PluginFailureKind::TimedOut),
        other => panic!("it should have been stopped: {other:?}"),
    }
}

#[tokio::test]
async fn an_image_is_described() {
    let site = site().await;
    let description = Description {
        model: "echo".to_owned(),
        media_type: "image/png".to_owned(),
        image: Bytes::from_static(&[1, 2, 3]),
        parameters: Vec::new(),
    };
    let told = provider(&site).describe(description).await.unwrap();
    assert_eq!(told, "3 bytes of image/png");
    assert!(site.host.model_provider(&plugin("absent")).is_none());
}

#[tokio::test]
async fn a_provider_without_its_grant_is_refused_before_it_runs() {
    let site = granted(&["kv"]).await;
    assert_eq!(pieces(&site, "counted", 10).await.unwrap().len(), 3);
    let site = granted(&[]).await;
    for outcome in [pieces(&site, "echo", 10).await.err(), provider(&site).models().await.err()] {
        match outcome {
            Some(ModelError::Failed(failure)) => {
                assert_eq!(failure.kind, PluginFailureKind::Denied, "{failure}");
                assert!(failure.message.contains("plugin grant models kv"), "{failure}");
            }
            other => panic!("it should have been refused: {other:?}"),
        }
    }
}
