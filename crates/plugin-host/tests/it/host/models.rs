//! Models of a real plugin: text piece by piece, vectors, and what becomes of one that misbehaves.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use smartcms_app::ports::{Generation, ModelError, ModelProvider, PluginFailureKind, Plugins};
use smartcms_plugin_host::{CallTimes, PluginLimits};
use smartcms_testkit::builders::plugin;

use super::guest::built_case;
use super::site::Site;

async fn site() -> Site {
    let times = CallTimes { model: Duration::from_millis(500), ..CallTimes::default() };
    let limits = PluginLimits { times, ..PluginLimits::default() };
    Site::limited(limits, &[("models", &built_case("models"), &[])]).await
}

fn provider(site: &Site) -> Arc<dyn ModelProvider> {
    site.host.model_provider(&plugin("models")).unwrap()
}

/// The pieces that a model writes, at most so many.
async fn pieces(site: &Site, model: &str, most: usize) -> Result<Vec<String>, ModelError> {
    let mut pieces = Vec::new();
    let request = Generation {
        model: model.to_owned(),
        system: None,
        prompt: "one two three".to_owned(),
        tokens_max: 100,
        temperature: None,
    };
    let mut sink = |piece: &str| {
        pieces.push(piece.to_owned());
        if pieces.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    provider(site).generate(request, &mut sink).await?;
    Ok(pieces)
}

#[tokio::test]
async fn a_text_comes_piece_by_piece_as_far_as_it_is_wanted() {
    let site = site().await;
    assert_eq!(site.host.model_providers(), [plugin("models")]);
    assert_eq!(provider(&site).models().await.unwrap()[0].name, "echo");
    assert_eq!(pieces(&site, "echo", 10).await.unwrap(), ["one ", "two ", "three"]);
    assert_eq!(pieces(&site, "echo", 2).await.unwrap(), ["one ", "two "]);
    assert_eq!(pieces(&site, "endless", 3).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_model_that_misbehaves_is_contained_and_the_next_request_works() {
    let site = site().await;
    for (model, expected) in
        [("loop", PluginFailureKind::TimedOut), ("trap", PluginFailureKind::Trapped)]
    {
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
}

#[tokio::test]
async fn vectors_have_one_length_and_the_length_one() {
    let site = site().await;
    let provider = provider(&site);
    let texts = ["abc".to_owned(), "abcdef".to_owned()];
    let vectors = provider.embed("echo", &texts).await.unwrap();
    assert_eq!(vectors[0], [0.6, 0.8]);
    for model in ["odd", "none"] {
        let outcome = provider.embed(model, &texts).await;
        assert!(matches!(&outcome, Err(ModelError::Unfit(_))), "{model}: {outcome:?}");
    }
    let outcome = provider.embed("echo", &vec![String::new(); 300]).await;
    assert!(matches!(&outcome, Err(ModelError::Refused(_))), "{outcome:?}");
}

#[tokio::test]
async fn an_image_is_described() {
    let site = site().await;
    let image = Bytes::from_static(&[1, 2, 3]);
    let told = provider(&site).describe("echo", "image/png", image).await.unwrap();
    assert_eq!(told, "3 bytes of image/png");
    assert!(site.host.model_provider(&plugin("absent")).is_none());
}
