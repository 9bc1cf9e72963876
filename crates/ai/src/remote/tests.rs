//! Both kinds of servers, answered by what tests say.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::HeaderMap;
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};
use smartcms_app::ports::{
    Description, Embedding, Generation, Message, ModelError, ModelProvider, Outbound,
    OutboundError, OutboundRequest, OutboundResponse, Role, TextEnd,
};

use super::{Ollama, OpenAi, Server};

/// Answers everything with this, and keeps what was asked.
struct Answers {
    status: u16,
    text: &'static str,
    asked: Mutex<Vec<OutboundRequest>>,
}

#[async_trait]
impl Outbound for Answers {
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        let url = request.url.clone();
        self.asked.lock().unwrap().push(request);
        let body = Full::new(Bytes::from_static(self.text.as_bytes()));
        let body = body.map_err(|it| match it {}).boxed_unsync();
        Ok(OutboundResponse { status: self.status, headers: HeaderMap::new(), url, body })
    }
}

/// A server of each kind, and what was asked of it.
fn server(status: u16, text: &'static str) -> (Server, Arc<Answers>) {
    let answers = Arc::new(Answers { status, text, asked: Mutex::default() });
    let server = Server {
        outbound: answers.clone(),
        address: "http://ai.test/v1".to_owned(),
        key: Some("sesame".to_owned()),
        time_max: Duration::from_secs(1),
    };
    (server, answers)
}

fn generation() -> Generation {
    Generation {
        model: "m".to_owned(),
        messages: vec![Message { role: Role::User, text: "Once".to_owned() }],
        tokens_max: 7,
        parameters: vec![("seed".to_owned(), json!(3)), ("odd".to_owned(), json!(1))],
    }
}

async fn told(provider: &dyn ModelProvider) -> (String, Result<TextEnd, ModelError>) {
    let mut text = String::new();
    let mut sink = |piece: &str| {
        text.push_str(piece);
        ControlFlow::Continue(())
    };
    let end = provider.generate(generation(), &mut sink).await;
    (text, end)
}

fn asked(answers: &Answers) -> Value {
    let asked = answers.asked.lock().unwrap();
    serde_json::from_slice(&asked.last().unwrap().body).unwrap()
}

const SSE: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"a \"}}]}\r\n\r\n\
    data: {\"choices\":[{\"delta\":{\"content\":\"story\"},\"finish_reason\":\"length\"}]}\n\n\
    data: {\"choices\":[],\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":5}}\n\ndata: [DONE]\n\n";
const NDJSON: &str = "{\"message\":{\"content\":\"a \"}}\n{\"message\":{\"content\":\"story\"}}\n\
    {\"done\":true,\"done_reason\":\"length\",\"prompt_eval_count\":2,\"eval_count\":5}";

#[tokio::test]
async fn a_text_comes_piece_by_piece_and_says_how_it_ended() {
    let (openai, to_openai) = server(200, SSE);
    let (ollama, to_ollama) = server(200, NDJSON);
    let providers: [Box<dyn ModelProvider>; 2] =
        [Box::new(OpenAi(openai)), Box::new(Ollama(ollama))];
    for provider in &providers {
        let (text, end) = told(provider.as_ref()).await;
        let end = end.unwrap();
        assert_eq!((text.as_str(), end.reason.as_str()), ("a story", "length"));
        assert_eq!((end.tokens_read, end.tokens_written), (Some(2), Some(5)));
    }
    let expected = json!({
        "model": "m", "stream": true, "max_tokens": 7, "seed": 3,
        "messages": [{ "role": "user", "content": "Once" }],
    });
    assert_eq!(asked(&to_openai), expected);
    let expected = json!({
        "model": "m", "stream": true, "options": { "num_predict": 7, "seed": 3 },
        "messages": [{ "role": "user", "content": "Once" }],
    });
    assert_eq!(asked(&to_ollama), expected);
}

#[tokio::test]
async fn nobody_is_asked_for_more_than_they_want() {
    let (openai, _) = server(200, SSE);
    let mut count = 0;
    let mut sink = |_: &str| {
        count += 1;
        ControlFlow::Break(())
    };
    assert!(OpenAi(openai).generate(generation(), &mut sink).await.is_ok());
    assert_eq!(count, 1);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_an_error() {
    let (openai, _) = server(200, "data: {\"choices\":[{\"delta\":{\"content\":\"a \"}}]}\n\n");
    assert!(matches!(told(&OpenAi(openai)).await.1, Err(ModelError::Unfit(_))));
    let (ollama, _) = server(200, "{\"message\":{\"content\":\"a \"}}\n");
    assert!(matches!(told(&Ollama(ollama)).await.1, Err(ModelError::Unfit(_))));
    let (openai, _) = server(200, "data: {\"error\":{\"message\":\"no sesame\"}}\n\n");
    let error = told(&OpenAi(openai)).await.1.unwrap_err().to_string();
    assert!(error.contains("no …"), "{error}");
}

#[tokio::test]
async fn statuses_are_told_apart_and_the_key_is_in_no_message() {
    let said = |status: u16| async move {
        let (openai, _) = server(status, "{\"error\":\"not with sesame\"}");
        let error = told(&OpenAi(openai)).await.1.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("sesame"), "{error:?}");
        error
    };
    assert!(matches!(said(404).await, ModelError::UnknownModel(_)));
    assert!(matches!(said(400).await, ModelError::Invalid(_)));
    assert!(matches!(said(401).await, ModelError::Broken(_)));
    assert!(matches!(said(429).await, ModelError::Limit(_)));
    assert!(matches!(said(503).await, ModelError::Unavailable(_)));
    assert!(matches!(said(302).await, ModelError::Broken(_)), "the key is not sent on");
}

#[tokio::test]
async fn vectors_have_the_length_one_and_the_order_of_the_texts() {
    let request = || Embedding {
        model: "e".to_owned(),
        texts: vec!["a".to_owned(), "b".to_owned()],
        parameters: Vec::new(),
    };
    let text = "{\"data\":[{\"index\":1,\"embedding\":[2,0]},{\"index\":0,\"embedding\":[3,4]}]}";
    let vectors = OpenAi(server(200, text).0).embed(request()).await.unwrap();
    assert_eq!(vectors, [[0.6, 0.8], [1.0, 0.0]]);
    for wrong in [
        "{\"embeddings\":[[1]]}",
        "{\"embeddings\":[[1],[1,2]]}",
        "{\"embeddings\":[[0],[1]]}",
        "{}",
    ] {
        let outcome = Ollama(server(200, wrong).0).embed(request()).await;
        assert!(matches!(outcome, Err(ModelError::Unfit(_))), "{wrong}");
    }
}

#[tokio::test]
async fn an_image_goes_along_as_text() {
    let request = || Description {
        model: "m".to_owned(),
        media_type: "image/png".to_owned(),
        image: Bytes::from_static(b"png"),
        parameters: vec![("language".to_owned(), json!("de"))],
    };
    let (openai, answers) =
        server(200, "{\"choices\":[{\"message\":{\"content\":\" A boat. \"}}]}");
    assert_eq!(OpenAi(openai).describe(request()).await.unwrap(), "A boat.");
    let told = asked(&answers);
    let content = &told["messages"][0]["content"];
    assert_eq!(content[1]["image_url"]["url"], "data:image/png;base64,cG5n");
    assert!(content[0]["text"].as_str().unwrap().contains("language `de`"), "{told}");
    assert_eq!(told["max_tokens"], 200, "a model that goes on and on is stopped");

    let (ollama, answers) = server(200, "{\"message\":{\"content\":\"A boat.\"},\"done\":true}");
    assert_eq!(Ollama(ollama).describe(request()).await.unwrap(), "A boat.");
    let told = asked(&answers);
    assert_eq!(told["messages"][0]["images"], json!(["cG5n"]));
    assert_eq!((&told["stream"], &told["options"]["num_predict"]), (&json!(false), &json!(200)));

    let (openai, _) = server(200, "{\"choices\":[{\"message\":{\"content\":null}}]}");
    assert!(matches!(OpenAi(openai).describe(request()).await, Err(ModelError::Unfit(_))));
    let (ollama, _) = server(404, "{\"error\":\"model 'm' not found\"}");
    assert!(matches!(Ollama(ollama).describe(request()).await, Err(ModelError::UnknownModel(_))));
}
