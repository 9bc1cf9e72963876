//! A server with models that always says the same, as OpenAI's interface or as Ollama's own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speaks {
    OpenAi,
    Ollama,
}

impl Speaks {
    /// The word in the settings.
    pub(crate) fn provider(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Ollama => "ollama",
        }
    }
}

/// A server; it ends with the test's process.
pub(crate) struct ModelServer {
    speaks: Speaks,
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// The last request, its head and its body.
    asked: String,
    /// What is said instead of an answer.
    refusal: Option<String>,
    /// A word by which texts are told apart, where they are.
    word: Option<&'static str>,
    /// Whether connections are held and never answered.
    is_silent: bool,
    held: Vec<TcpStream>,
}

impl ModelServer {
    pub(crate) fn start(speaks: Speaks) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                answer(stream, &shared);
            }
        });
        Self { speaks, address, state }
    }

    pub(crate) fn speaks(&self) -> Speaks {
        self.speaks
    }

    pub(crate) fn address(&self) -> String {
        let path = if self.speaks == Speaks::OpenAi { "/v1" } else { "" };
        format!("http://{}{path}", self.address)
    }

    /// The last request.
    pub(crate) fn asked(&self) -> String {
        self.state.lock().unwrap().asked.clone()
    }

    /// Answers nothing but 401 from now on.
    pub(crate) fn refuse(&self, why: &str) {
        self.state.lock().unwrap().refusal = Some(why.to_owned());
    }
}

impl ModelServer {
    /// Answers nobody from now on, and keeps them waiting.
    pub(crate) fn say_nothing(&self) {
        self.state.lock().unwrap().is_silent = true;
    }

    /// Answers again. Texts that have this word mean the same from now on, and all others something else.
    pub(crate) fn measure_by(&self, word: &'static str) {
        let mut state = self.state.lock().unwrap();
        (state.refusal, state.word) = (None, Some(word));
    }
}

fn answer(stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(&stream);
    let mut head = String::new();
    while reader.read_line(&mut head).is_ok_and(|it| it > 2) {}
    let length = head
        .lines()
        .find_map(|it| it.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    let mut state = state.lock().unwrap();
    state.asked = format!("{head}{}", String::from_utf8(body).unwrap());
    if state.is_silent {
        let held = stream.try_clone().unwrap();
        state.held.push(held);
        return;
    }
    let path = head.split(' ').nth(1).unwrap_or_default();
    let (status, text) = match &state.refusal {
        Some(why) => {
            ("401 Unauthorized", serde_json::json!({ "error": { "message": why } }).to_string())
        }
        None => (
            "200 OK",
            obeyed(&state.asked)
                .or_else(|| seen(&state.asked))
                .or_else(|| measured(&state.asked, state.word?))
                .unwrap_or_else(|| said(path).to_owned()),
        ),
    };
    let len = text.len();
    let answer =
        format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {len}\r\n\r\n{text}");
    (&stream).write_all(answer.as_bytes()).unwrap();
}

/// What stands before words that a server says back instead of its own.
pub(crate) const ORDER: &str = "SAY THIS:";

/// The words behind an order, wherever in a conversation that stands.
fn obeyed(asked: &str) -> Option<String> {
    let (_, body) = asked.split_once("\r\n\r\n")?;
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    let texts = body["messages"].as_array()?.iter().filter_map(|it| it["content"].as_str());
    let order = texts.flat_map(str::lines).find_map(|it| Some(it.split_once(ORDER)?.1.trim()))?;
    let piece = serde_json::json!({ "choices": [{ "delta": { "content": order } }] });
    Some(format!("data: {piece}\n\ndata: [DONE]\n\n"))
}

/// What is said of an image, all at once, as those want it who ask about one.
fn seen(asked: &str) -> Option<String> {
    let message = serde_json::json!({ "content": "A lighthouse by the sea." });
    if asked.contains("\"image_url\"") {
        return Some(serde_json::json!({ "choices": [{ "message": message }] }).to_string());
    }
    let is_image = asked.contains("\"images\"");
    is_image.then(|| serde_json::json!({ "message": message, "done": true }).to_string())
}

/// A vector for each text of a request, where that is what it is about.
fn measured(asked: &str, word: &str) -> Option<String> {
    let (_, body) = asked.split_once("\r\n\r\n")?;
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    let texts = body["input"].as_array()?.iter().filter_map(|it| it.as_str());
    let vector = |text: &str| if text.contains(word) { [1, 0] } else { [0, 1] };
    let vectors = texts.enumerate();
    let vectors: Vec<_> = vectors
        .map(|(index, it)| serde_json::json!({ "index": index, "embedding": vector(it) }))
        .collect();
    Some(serde_json::json!({ "data": vectors }).to_string())
}

fn said(path: &str) -> &'static str {
    match path {
        "/v1/chat/completions" => {
            "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"Once there \"}}]}\n\n\
             : a comment\n\n\
             data: {\"choices\":[{\"delta\":{\"content\":\"was a server.\"},\"finish_reason\":null}]}\n\n\
             data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
        }
        "/v1/embeddings" => {
            "{\"data\":[{\"index\":1,\"embedding\":[2,0]},{\"index\":0,\"embedding\":[3,4]}]}"
        }
        "/v1/models" => "{\"data\":[{\"id\":\"m\"},{\"id\":\"e\"}]}",
        "/api/chat" => {
            "{\"message\":{\"content\":\"Once there \"},\"done\":false}\n\
             {\"message\":{\"content\":\"was a server.\"},\"done\":false}\n\
             {\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"eval_count\":5}\n"
        }
        "/api/embed" => "{\"embeddings\":[[3,4],[2,0]]}",
        "/api/tags" => "{\"models\":[{\"name\":\"m:latest\"},{\"name\":\"e:latest\"}]}",
        _ => "{}",
    }
}
