//! Several models, of which the next is asked where one does not answer.

use std::ops::ControlFlow;
use std::sync::Arc;

use async_trait::async_trait;
use smartcms_app::ports::{
    Embedder, Embedding, Generation, Message, ModelError, ModelProvider, Parameters, Role, TextEnd,
    TextGenerator, TextSink,
};

/// A model of a provider.
#[derive(Clone)]
pub struct Choice {
    /// What people call it: `storyteller/storyteller`.
    pub name: String,
    /// Whose it is.
    pub provider: Arc<dyn ModelProvider>,
    /// What the provider calls it.
    pub model: String,
}

/// Models in the order in which they are asked.
///
/// The next one is asked only where that can do no harm: the one before gave nothing yet, and its error says that it
/// does not answer now, or not any more. Who refuses, or cannot use the request, is not asked again by another name.
#[derive(Clone)]
pub struct InOrder {
    choices: Vec<Choice>,
    task: &'static str,
}

impl InOrder {
    /// These models, for what messages call `task`.
    #[must_use]
    pub fn new(choices: Vec<Choice>, task: &'static str) -> Self {
        Self { choices, task }
    }

    /// The models, the first one first.
    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// What messages call the task.
    pub(crate) fn task(&self) -> &'static str {
        self.task
    }

    /// Goes on with a conversation.
    pub async fn write(
        &self,
        messages: &[Message],
        tokens_max: u32,
        parameters: &Parameters,
        sink: TextSink<'_>,
    ) -> Result<TextEnd, ModelError> {
        let by = self.write_by(messages, tokens_max, parameters, sink).await;
        by.map(|(_, end)| end)
    }

    /// The same, and which model wrote it.
    pub(crate) async fn write_by(
        &self,
        messages: &[Message],
        tokens_max: u32,
        parameters: &Parameters,
        sink: TextSink<'_>,
    ) -> Result<(String, TextEnd), ModelError> {
        let mut choices = self.choices.iter().peekable();
        while let Some(choice) = choices.next() {
            let request = Generation {
                model: choice.model.clone(),
                messages: messages.to_vec(),
                tokens_max,
                parameters: parameters.clone(),
            };
            let mut given = false;
            let mut watched = |piece: &str| {
                given = given || !piece.is_empty();
                sink(piece)
            };
            match choice.provider.generate(request, &mut watched).await {
                Err(error) if choices.peek().is_some() && !given && is_away(&error) => {
                    tracing::warn!(model = choice.name, %error, "a model does not answer");
                }
                answered => return answered.map(|end| (choice.name.clone(), end)),
            }
        }
        Err(ModelError::NotConfigured { task: self.task })
    }
}

/// Whether somebody else may answer.
pub(crate) fn is_away(error: &ModelError) -> bool {
    match error {
        ModelError::Unavailable(_)
        | ModelError::Limit(_)
        | ModelError::Failed(_)
        | ModelError::Broken(_)
        | ModelError::UnknownModel(_)
        | ModelError::Unfit(_)
        | ModelError::NotConfigured { .. } => true,
        ModelError::Invalid(_) | ModelError::Refused(_) => false,
    }
}

#[async_trait]
impl TextGenerator for InOrder {
    async fn generate(&self, prompt: &str, tokens_max: u32) -> Result<String, ModelError> {
        let mut text = String::new();
        let mut collect = |piece: &str| {
            text.push_str(piece);
            ControlFlow::Continue(())
        };
        self.stream(prompt, tokens_max, &mut collect).await?;
        Ok(text)
    }

    async fn stream(
        &self,
        prompt: &str,
        tokens_max: u32,
        sink: TextSink<'_>,
    ) -> Result<TextEnd, ModelError> {
        let messages = [Message { role: Role::User, text: prompt.to_owned() }];
        self.write(&messages, tokens_max, &Vec::new(), sink).await
    }
}

#[async_trait]
impl Embedder for InOrder {
    /// Only the first model is asked: vectors of two models cannot be compared.
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelError> {
        let first = self.choices.first().ok_or(ModelError::NotConfigured { task: self.task })?;
        let (model, texts) = (first.model.clone(), texts.to_vec());
        first.provider.embed(Embedding { model, texts, parameters: Vec::new() }).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use smartcms_app::ports::{
        Description, Embedding, Generation, Model, ModelError, ModelProvider, TextEnd,
        TextGenerator as _, TextSink,
    };

    use super::{Choice, InOrder};

    /// Says its pieces, then fails or not.
    struct Says(&'static [&'static str], fn() -> Option<ModelError>);

    #[async_trait]
    impl ModelProvider for Says {
        async fn models(&self) -> Result<Vec<Model>, ModelError> {
            Ok(Vec::new())
        }

        async fn generate(&self, _: Generation, sink: TextSink<'_>) -> Result<TextEnd, ModelError> {
            for piece in self.0 {
                let _ = sink(piece);
            }
            self.1().map_or_else(|| Ok(TextEnd::default()), Err)
        }

        async fn embed(&self, _: Embedding) -> Result<Vec<Vec<f32>>, ModelError> {
            Ok(Vec::new())
        }

        async fn describe(&self, _: Description) -> Result<String, ModelError> {
            Ok(String::new())
        }
    }

    async fn outcome(models: Vec<Says>) -> Result<String, String> {
        let choice = |it: Says| Choice {
            name: "a".to_owned(),
            provider: Arc::new(it),
            model: "a".to_owned(),
        };
        let models = InOrder::new(models.into_iter().map(choice).collect(), "generating text");
        models.generate("Once", 10).await.map_err(|error| error.to_string())
    }

    fn away() -> Option<ModelError> {
        Some(ModelError::Unavailable("busy".to_owned()))
    }

    #[tokio::test]
    async fn the_next_is_asked_where_one_is_away() {
        let second = || Says(&["a ", "story"], || None);
        assert_eq!(outcome(vec![Says(&[], away), second()]).await.as_deref(), Ok("a story"));
        assert!(outcome(vec![Says(&[], away)]).await.is_err());
        assert!(outcome(Vec::new()).await.is_err_and(|it| it.contains("no model is configured")));
    }

    #[tokio::test]
    async fn nobody_else_is_asked_once_something_was_said_or_refused() {
        let second = || Says(&["another"], || None);
        assert!(outcome(vec![Says(&["half a "], away), second()]).await.is_err());
        let refuses = Says(&[], || Some(ModelError::Refused("no".to_owned())));
        assert!(outcome(vec![refuses, second()]).await.is_err());
    }
}
