//! Questions to a model: a text, or vectors.

use std::ops::ControlFlow;
use std::time::Instant;

use serde_json::{Map, Value, json};
use smartcms_app::ports::{
    Embedding, Generation, Message, ModelError, ModelProvider, Plugins, Role,
};

use super::super::super::case::CaseCall;
use super::{Called, failed, one};
use crate::compose::Stage;

/// Has a model write, or measure the meaning of texts.
pub(super) async fn model(stage: &Stage, call: &CaseCall) -> anyhow::Result<Called> {
    let begun = Instant::now();
    let answer = match stage.host.model_provider(&stage.id) {
        None => Ok(one("unknown", json!("it brings no models"))),
        Some(provider) => match &call.prompt {
            Some(prompt) => written(&*provider, call, prompt).await,
            None => measured(&*provider, call).await,
        },
    };
    Ok((begun.elapsed(), answer.unwrap_or_else(|error| told(&error))))
}

async fn written(
    provider: &dyn ModelProvider,
    call: &CaseCall,
    prompt: &str,
) -> Result<Map<String, Value>, ModelError> {
    let request = Generation {
        model: call.model.clone(),
        messages: vec![Message { role: Role::User, text: prompt.to_owned() }],
        tokens_max: call.tokens,
        parameters: Vec::new(),
    };
    let mut text = String::new();
    let mut sink = |piece: &str| {
        text.push_str(piece);
        ControlFlow::Continue(())
    };
    let end = provider.generate(request, &mut sink).await?;
    let mut result = one("text", json!(text));
    result.insert("ended".to_owned(), json!(end.reason));
    Ok(result)
}

async fn measured(
    provider: &dyn ModelProvider,
    call: &CaseCall,
) -> Result<Map<String, Value>, ModelError> {
    let (model, texts) = (call.model.clone(), call.texts.clone());
    let vectors = provider.embed(Embedding { model, texts, parameters: Vec::new() }).await?;
    Ok(one("vectors", json!(vectors)))
}

/// An error by the name that it has in the contract.
fn told(error: &ModelError) -> Map<String, Value> {
    let (word, text) = match error {
        ModelError::Failed(failure) => return failed(failure),
        ModelError::UnknownModel(text) => ("unknown-model", text.clone()),
        ModelError::Invalid(text) => ("invalid", text.clone()),
        ModelError::Refused(text) => ("refused", text.clone()),
        ModelError::Limit(text) => ("limit", text.clone()),
        ModelError::Unavailable(text) => ("unavailable", text.clone()),
        ModelError::Broken(text) => ("failed", text.clone()),
        ModelError::Unfit(_) | ModelError::NotConfigured { .. } => ("unfit", error.to_string()),
    };
    let mut result = one("error", json!(word));
    result.insert("message".to_owned(), json!(text));
    result
}
