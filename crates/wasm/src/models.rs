//! The models of a server, over outgoing HTTP.

use std::sync::Arc;

use smartcms_ai::{Choice, InOrder, Ollama, OpenAi, Server};
use smartcms_app::ports::{
    Assistant, Embedder, ModelProvider, NoAssistant, NoWriter, Outbound, TextGenerator,
};
use smartcms_config::{AiServer, AiServerKind, Settings};

/// What writes, what helps to write, and what measures meaning.
pub(crate) struct Models {
    pub(crate) writer: Arc<dyn TextGenerator>,
    pub(crate) assistant: Arc<dyn Assistant>,
    /// With its name; `None` for letters and words.
    pub(crate) embedder: Option<(String, Arc<dyn Embedder>)>,
}

/// The model of the server that the settings name; models of plugins are not there.
pub(crate) fn models(settings: &Settings, outbound: &Arc<dyn Outbound>) -> Models {
    let Some(server) = &settings.ai.server else {
        let (writer, assistant) = (Arc::new(NoWriter), Arc::new(NoAssistant));
        return Models { writer, assistant, embedder: None };
    };
    let chosen = choice(server, &server.model, outbound);
    let embedder = server.embedding_model.as_ref().map(|model| {
        let chosen = choice(server, model, outbound);
        let name = chosen.name.clone();
        (name, Arc::new(InOrder::new(vec![chosen], "embeddings")) as Arc<dyn Embedder>)
    });
    Models {
        writer: Arc::new(InOrder::new(vec![chosen.clone()], "generating text")),
        assistant: Arc::new(InOrder::new(vec![chosen], "writing help")),
        embedder,
    }
}

fn choice(server: &AiServer, model: &str, outbound: &Arc<dyn Outbound>) -> Choice {
    let of = Server {
        outbound: Arc::clone(outbound),
        address: server.address.clone(),
        key: server.key.clone(),
        time_max: server.timeout,
    };
    let provider: Arc<dyn ModelProvider> = match server.kind {
        AiServerKind::OpenAi => Arc::new(OpenAi(of)),
        AiServerKind::Ollama => Arc::new(Ollama(of)),
    };
    let name = format!("{}/{model}", server.kind.name());
    Choice { name, provider, model: model.to_owned() }
}
