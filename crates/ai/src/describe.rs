//! What images show, by models in order.

use async_trait::async_trait;
use serde_json::json;
use smartcms_app::ports::{Described, Description, ImageDescriber, ModelError, Picture};

use crate::InOrder;
use crate::in_order::is_away;

#[async_trait]
impl ImageDescriber for InOrder {
    fn models(&self) -> Vec<String> {
        self.choices().iter().map(|it| it.name.clone()).collect()
    }

    async fn describe(&self, picture: Picture) -> Result<Described, ModelError> {
        let mut choices = self.choices().iter().peekable();
        while let Some(choice) = choices.next() {
            let request = Description {
                model: choice.model.clone(),
                media_type: "image/jpeg".to_owned(),
                image: picture.jpeg.clone(),
                parameters: vec![("language".to_owned(), json!(picture.language))],
            };
            let said = choice.provider.describe(request).await.and_then(|text| {
                let is_said = !text.trim().is_empty();
                is_said.then_some(text).ok_or_else(|| ModelError::Unfit("no words".to_owned()))
            });
            match said {
                Err(error) if choices.peek().is_some() && is_away(&error) => {
                    tracing::warn!(model = choice.name, %error, "a model does not answer");
                }
                said => return said.map(|text| Described { model: choice.name.clone(), text }),
            }
        }
        Err(ModelError::NotConfigured { task: self.task() })
    }
}
