//! Writing help by models in order: all of them have to follow instructions.

use async_trait::async_trait;
use smartcms_app::ports::{Answered, Assistant, Message, ModelError, TextSink};

use crate::InOrder;

#[async_trait]
impl Assistant for InOrder {
    fn models(&self) -> Vec<String> {
        self.choices().iter().map(|it| it.name.clone()).collect()
    }

    async fn answer(
        &self,
        messages: &[Message],
        tokens_max: u32,
        sink: TextSink<'_>,
    ) -> Result<Answered, ModelError> {
        let (model, end) = self.write_by(messages, tokens_max, &Vec::new(), sink).await?;
        Ok(Answered { model, end })
    }
}
