//! Ollama's own interface: `/api/chat`, `/api/embed`, `/api/tags`.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use smartcms_app::ports::{
    Ability, Description, Embedding, Generation, Message, Model, ModelError, ModelProvider,
    TextEnd, TextSink,
};

use super::lines::Lines;
use super::{
    DESCRIPTION_TOKENS_MAX, Server, TEXT_BYTES_MAX, count, fitting, missing, question, vector,
};

/// An Ollama server: `http://127.0.0.1:11434`.
pub struct Ollama(pub Server);

#[async_trait]
impl ModelProvider for Ollama {
    async fn models(&self) -> Result<Vec<Model>, ModelError> {
        let listed = self.0.value(self.0.get("/api/tags").await?).await?;
        let listed = listed.get("models").and_then(Value::as_array);
        let listed = listed.ok_or_else(|| missing("models"))?;
        Ok(listed.iter().filter_map(|it| Some(model(it.get("name")?.as_str()?))).collect())
    }

    async fn generate(
        &self,
        request: Generation,
        sink: TextSink<'_>,
    ) -> Result<TextEnd, ModelError> {
        let response = self.0.post("/api/chat", &asked(&request)).await?;
        let mut lines = Lines::of(response.body);
        let mut bytes = 0;
        while let Some(line) = lines.next().await? {
            if line.trim().is_empty() {
                continue;
            }
            let event: Value =
                serde_json::from_str(&line).map_err(|_| ModelError::Unfit("no JSON".to_owned()))?;
            if let Some(error) = event.get("error").and_then(Value::as_str) {
                let text = format!("the server broke off{}", self.0.shown(error));
                return Err(ModelError::Broken(text));
            }
            let piece = event.pointer("/message/content").and_then(Value::as_str);
            let piece = piece.unwrap_or_default();
            bytes += piece.len();
            if bytes > TEXT_BYTES_MAX {
                return Err(ModelError::Unfit(format!("more than {TEXT_BYTES_MAX} bytes of text")));
            }
            if !piece.is_empty() && sink(piece).is_break() {
                return Ok(TextEnd::default());
            }
            if event.get("done").and_then(Value::as_bool) == Some(true) {
                return Ok(end(&event));
            }
        }
        Err(missing("an end"))
    }

    async fn embed(&self, request: Embedding) -> Result<Vec<Vec<f32>>, ModelError> {
        let body = json!({ "model": request.model, "input": request.texts });
        let answer = self.0.value(self.0.post("/api/embed", &body).await?).await?;
        let vectors = answer.get("embeddings").and_then(Value::as_array);
        let vectors = vectors.ok_or_else(|| missing("vectors"))?;
        let vectors = vectors.iter().map(vector).collect::<Result<Vec<_>, _>>()?;
        fitting(vectors, request.texts.len())
    }

    async fn describe(&self, request: Description) -> Result<String, ModelError> {
        let image = STANDARD.encode(&request.image);
        let message = json!({ "role": "user", "content": question(&request), "images": [image] });
        let body = json!({
            "model": request.model,
            "messages": [message],
            "stream": false,
            "options": { "num_predict": DESCRIPTION_TOKENS_MAX },
        });
        let answer = self.0.value(self.0.post("/api/chat", &body).await?).await?;
        let text = answer.pointer("/message/content").and_then(Value::as_str);
        text.map(|it| it.trim().to_owned()).ok_or_else(|| missing("a text"))
    }
}

fn model(name: &str) -> Model {
    Model {
        name: name.to_owned(),
        title: String::new(),
        abilities: vec![Ability::Generate, Ability::Embed],
        dimensions: None,
        context_tokens: None,
    }
}

fn asked(request: &Generation) -> Value {
    let message = |it: &Message| json!({ "role": it.role.name(), "content": it.text });
    let messages: Value = request.messages.iter().map(message).collect();
    let mut options = Map::new();
    options.insert("num_predict".to_owned(), json!(request.tokens_max));
    let mut body = json!({ "model": request.model, "messages": messages, "stream": true });
    for (name, value) in &request.parameters {
        match name.as_str() {
            "temperature" | "seed" | "stop" | "top_k" => {
                options.insert(name.clone(), value.clone());
            }
            "schema" => {
                if let Value::Object(body) = &mut body {
                    body.insert("format".to_owned(), value.clone());
                }
            }
            _ => {}
        }
    }
    if let Value::Object(body) = &mut body {
        body.insert("options".to_owned(), Value::Object(options));
    }
    body
}

fn end(event: &Value) -> TextEnd {
    let reason = event.get("done_reason").and_then(Value::as_str).unwrap_or("stop");
    TextEnd {
        reason: if reason == "stop" { "done" } else { reason }.to_owned(),
        tokens_read: count(event.get("prompt_eval_count")),
        tokens_written: count(event.get("eval_count")),
    }
}
