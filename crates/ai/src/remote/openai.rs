//! Servers that speak the interface of OpenAI: `/chat/completions`, `/embeddings`, `/models`.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use smartcms_app::ports::{
    Ability, Description, Embedding, Generation, Model, ModelError, ModelProvider, TextEnd,
    TextSink,
};

use super::lines::Lines;
use super::{
    DESCRIPTION_TOKENS_MAX, Server, TEXT_BYTES_MAX, count, fitting, missing, question, vector,
};

/// A server that speaks the interface of OpenAI. Its address ends with the version: `http://127.0.0.1:8080/v1`.
pub struct OpenAi(pub Server);

#[async_trait]
impl ModelProvider for OpenAi {
    async fn models(&self) -> Result<Vec<Model>, ModelError> {
        let listed = self.0.value(self.0.get("/models").await?).await?;
        let listed =
            listed.get("data").and_then(Value::as_array).ok_or_else(|| missing("models"))?;
        Ok(listed.iter().filter_map(|it| Some(model(it.get("id")?.as_str()?))).collect())
    }

    async fn generate(
        &self,
        request: Generation,
        sink: TextSink<'_>,
    ) -> Result<TextEnd, ModelError> {
        let response = self.0.post("/chat/completions", &asked(&request)).await?;
        let mut lines = Lines::of(response.body);
        let mut told = Told::default();
        while let Some(line) = lines.next().await? {
            let Some(data) = line.strip_prefix("data:").map(str::trim) else { continue };
            if data == "[DONE]" {
                return Ok(told.end());
            }
            let event: Value =
                serde_json::from_str(data).map_err(|_| ModelError::Unfit("no JSON".to_owned()))?;
            if let Some(piece) = told.event(&self.0, &event)?
                && sink(&piece).is_break()
            {
                return Ok(TextEnd::default());
            }
        }
        // Some servers close the connection instead of saying that it is over; one that said no reason broke off.
        if told.reason.is_empty() { Err(missing("an end")) } else { Ok(told.end()) }
    }

    async fn embed(&self, request: Embedding) -> Result<Vec<Vec<f32>>, ModelError> {
        let body = json!({ "model": request.model, "input": request.texts });
        let answer = self.0.value(self.0.post("/embeddings", &body).await?).await?;
        let data =
            answer.get("data").and_then(Value::as_array).ok_or_else(|| missing("vectors"))?;
        let mut numbered = Vec::new();
        for (at, it) in data.iter().enumerate() {
            let at = it.get("index").and_then(Value::as_u64).unwrap_or(at as u64);
            numbered.push((at, vector(it.get("embedding").unwrap_or(&Value::Null))?));
        }
        smartcms_domain::sorting::sort_by_key(&mut numbered, |it| it.0);
        fitting(numbered.into_iter().map(|it| it.1).collect(), request.texts.len())
    }

    async fn describe(&self, request: Description) -> Result<String, ModelError> {
        let image = STANDARD.encode(&request.image);
        let image = format!("data:{};base64,{image}", request.media_type);
        let content = json!([
            { "type": "text", "text": question(&request) },
            { "type": "image_url", "image_url": { "url": image } },
        ]);
        let body = json!({
            "model": request.model,
            "messages": [{ "role": "user", "content": content }],
            "max_tokens": DESCRIPTION_TOKENS_MAX,
        });
        let answer = self.0.value(self.0.post("/chat/completions", &body).await?).await?;
        let text = answer.pointer("/choices/0/message/content").and_then(Value::as_str);
        text.map(|it| it.trim().to_owned()).ok_or_else(|| missing("a text"))
    }
}

fn model(name: &str) -> Model {
    Model {
        name: name.to_owned(),
        title: String::new(),
        // A server does not say which of them does what.
        abilities: vec![Ability::Generate, Ability::Embed],
        dimensions: None,
        context_tokens: None,
    }
}

fn asked(request: &Generation) -> Value {
    let message =
        |it: &smartcms_app::ports::Message| json!({ "role": it.role.name(), "content": it.text });
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(request.model));
    body.insert("messages".to_owned(), request.messages.iter().map(message).collect());
    body.insert("max_tokens".to_owned(), json!(request.tokens_max));
    body.insert("stream".to_owned(), json!(true));
    for (name, value) in &request.parameters {
        match name.as_str() {
            "temperature" | "seed" | "stop" => {
                body.insert(name.clone(), value.clone());
            }
            "schema" => {
                let schema = json!({ "name": "answer", "schema": value });
                let format = json!({ "type": "json_schema", "json_schema": schema });
                body.insert("response_format".to_owned(), format);
            }
            _ => {}
        }
    }
    Value::Object(body)
}

/// What came of an answer so far.
#[derive(Default)]
struct Told {
    bytes: usize,
    reason: String,
    read: Option<u32>,
    written: Option<u32>,
}

impl Told {
    fn event(&mut self, server: &Server, event: &Value) -> Result<Option<String>, ModelError> {
        if let Some(error) = event.get("error") {
            let text = error.get("message").unwrap_or(error).as_str().unwrap_or("an error");
            return Err(ModelError::Broken(format!("the server broke off{}", server.shown(text))));
        }
        if let Some(reason) = event.pointer("/choices/0/finish_reason").and_then(Value::as_str) {
            self.reason = if reason == "stop" { "done" } else { reason }.to_owned();
        }
        self.read = count(event.pointer("/usage/prompt_tokens")).or(self.read);
        self.written = count(event.pointer("/usage/completion_tokens")).or(self.written);
        let piece = event.pointer("/choices/0/delta/content").and_then(Value::as_str);
        let Some(piece) = piece.filter(|it| !it.is_empty()) else { return Ok(None) };
        self.bytes += piece.len();
        if self.bytes > TEXT_BYTES_MAX {
            return Err(ModelError::Unfit(format!("more than {TEXT_BYTES_MAX} bytes of text")));
        }
        Ok(Some(piece.to_owned()))
    }

    fn end(self) -> TextEnd {
        let reason = if self.reason.is_empty() { "done".to_owned() } else { self.reason };
        TextEnd { reason, tokens_read: self.read, tokens_written: self.written }
    }
}
