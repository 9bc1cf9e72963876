//! Which models serve a site: a server's, a plugin's, or those of plugins in the executable.

use std::path::Path;
use std::sync::Arc;

use smartcms_ai::{Choice, Classifier, ClassifierForm, InOrder, OfPlugin, Ollama, OpenAi, Server};
use smartcms_app::ports::{Embedder, ModelProvider, NeuralModels, Outbound, Plugins};
use smartcms_config::{
    AiServer, AiServerKind, ClassifierSettings, ImageModel, ModelChoice, Settings,
};
use smartcms_domain::assets::Dimensions;
use smartcms_domain::plugins::HostGrant;
use smartcms_plugin_host::{ComponentLoader, GuardedOutbound, Network};
use smartcms_store_sql::SqliteStore;
use tokio::sync::OnceCell;
use url::Url;

use super::built_in::{BuiltIn, BuiltInModels, MINILM, STORYTELLER};
use super::plugins::limits;
use super::{media, neural};

/// What messages call it when no model is there for images.
pub(crate) const DESCRIBING: &str = "describing images";

/// The models of a site, in the order in which they are asked.
#[derive(Clone)]
pub(crate) struct Ai {
    pub(crate) text: InOrder,
    /// Those that follow instructions.
    pub(crate) assistant: InOrder,
    pub(crate) embeddings: InOrder,
    /// Those that say what images show.
    pub(crate) images: InOrder,
    plugins: Arc<dyn Plugins>,
    /// The models of plugins in the executable, with the plugins' ids.
    built_in: [(&'static str, Arc<dyn ModelProvider>); 2],
}

/// What a site writes with that chose nothing.
const STORYTELLER_MODEL: &str = "storyteller/storyteller";

/// What models stand on.
pub(super) struct Ground<'a> {
    /// The folder of the site.
    pub(super) site: &'a Path,
    pub(super) settings: &'a Settings,
    pub(super) store: &'a Arc<SqliteStore>,
    pub(super) loader: &'a Arc<ComponentLoader>,
    pub(super) models: &'a Arc<dyn NeuralModels>,
    pub(super) plugins: Arc<dyn Plugins>,
}

impl Ground<'_> {
    fn built_in(&self, plugin: BuiltIn) -> Arc<dyn ModelProvider> {
        Arc::new(BuiltInModels {
            plugin,
            loader: Arc::clone(self.loader),
            store: Arc::clone(self.store),
            models: Arc::clone(self.models),
            limits: limits(&self.settings.plugins),
            provider: OnceCell::new(),
        })
    }
}

impl Ai {
    pub(super) fn of(ground: Ground<'_>) -> anyhow::Result<Self> {
        let built_in = [STORYTELLER, MINILM].map(|it| (it.id, ground.built_in(it)));
        let Ground { site, settings, models, plugins, .. } = ground;
        let (text, embeddings) =
            (InOrder::new(Vec::new(), "generating text"), InOrder::new(Vec::new(), "embeddings"));
        let assistant = InOrder::new(Vec::new(), "writing help");
        let images = InOrder::new(Vec::new(), DESCRIBING);
        let mut ai = Self { text, assistant, embeddings, images, plugins, built_in };
        let server =
            settings.ai.server.as_ref().map(|it| server_choices(settings, it)).transpose()?;
        let chosen = settings.models.text.iter().map(|it| ai.choice(it));
        let fallback = settings.ai.fallback.iter().map(|it| ai.choice(it));
        let served = server.iter().map(|(text, _)| text.clone());
        let mut text: Vec<Choice> = served.chain(chosen).chain(fallback).collect();
        if text.is_empty() {
            text.push(ai.choice(&STORYTELLER_MODEL.parse()?));
        }
        let embeddings = settings.models.embeddings.iter().map(|it| ai.choice(it));
        let embeddings = server.and_then(|(_, it)| it).into_iter().chain(embeddings).collect();
        // The storyteller goes on with stories, whatever it is told. Of any other model the operator is believed.
        let follow = text.iter().filter(|it| it.name != STORYTELLER_MODEL).cloned().collect();
        ai.assistant = InOrder::new(follow, "writing help");
        ai.text = InOrder::new(text, "generating text");
        let images = settings.models.images.iter();
        let images = images.map(|it| ai.image_choice(it, site, settings, models));
        ai.images = InOrder::new(images.collect::<anyhow::Result<_>>()?, DESCRIBING);
        ai.embeddings = InOrder::new(embeddings, "embeddings");
        Ok(ai)
    }

    /// The model that measures meaning, by its name; `None` where none is configured.
    pub(super) fn embedder(&self) -> Option<(String, Arc<dyn Embedder>)> {
        let first = self.embeddings.choices().first()?;
        Some((first.name.clone(), Arc::new(self.embeddings.clone())))
    }

    /// A model of a plugin. The names of those in the executable are their own unless a plugin of the site has them.
    pub(crate) fn choice(&self, choice: &ModelChoice) -> Choice {
        let of = OfPlugin::new(Arc::clone(&self.plugins), choice.plugin.clone());
        let own = self.built_in.iter().find(|(id, _)| choice.plugin.as_str() == *id);
        let of = match own {
            Some((_, models)) => of.or(Arc::clone(models)),
            None => of,
        };
        Choice { name: choice.to_string(), provider: Arc::new(of), model: choice.model.clone() }
    }

    /// A model that says what images show.
    fn image_choice(
        &self,
        chosen: &ImageModel,
        site: &Path,
        settings: &Settings,
        models: &Arc<dyn NeuralModels>,
    ) -> anyhow::Result<Choice> {
        let name = match chosen {
            ImageModel::Server(server) => return server_choice(settings, server),
            ImageModel::Plugin(choice) => return Ok(self.choice(choice)),
            ImageModel::Classifier(name) => name,
        };
        let read = ClassifierSettings::read(&neural::folder(site), name)?;
        let form = ClassifierForm {
            model: name.clone(),
            input: read.input,
            output: read.output,
            size: Dimensions { width: read.size.0, height: read.size.1 },
            mean: read.mean,
            deviation: read.deviation,
            confidence: read.confidence,
            sentence: read.sentence,
            labels: read.labels,
        };
        let (models, images) = (Arc::clone(models), media::images(settings));
        let provider = Arc::new(Classifier { models, images, form });
        Ok(Choice { name: format!("classify/{name}"), provider, model: name.clone() })
    }
}

/// The server's model that writes, and the one that measures meaning.
fn server_choices(
    settings: &Settings,
    server: &AiServer,
) -> anyhow::Result<(Choice, Option<Choice>)> {
    let text = server_choice(settings, server)?;
    let embedding = server.embedding_model.as_ref().map(|model| Choice {
        name: format!("{}/{model}", server.kind.name()),
        provider: Arc::clone(&text.provider),
        model: model.clone(),
    });
    Ok((text, embedding))
}

/// One model of a server.
fn server_choice(settings: &Settings, server: &AiServer) -> anyhow::Result<Choice> {
    let of = Server {
        outbound: outbound_to(settings, &server.address)?,
        address: server.address.clone(),
        key: server.key.clone(),
        time_max: server.timeout,
    };
    let provider: Arc<dyn ModelProvider> = match server.kind {
        AiServerKind::OpenAi => Arc::new(OpenAi(of)),
        AiServerKind::Ollama => Arc::new(Ollama(of)),
    };
    let model = server.model.clone();
    Ok(Choice { name: format!("{}/{model}", server.kind.name()), provider, model })
}

/// Requests to the server that the operator named: it may be on this machine, and nothing else becomes reachable by it.
pub(crate) fn outbound_to(settings: &Settings, address: &str) -> anyhow::Result<Arc<dyn Outbound>> {
    let url = Url::parse(address)?;
    let mut allowed = settings.outbound_allow.clone();
    if let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) {
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        allowed.push(HostGrant { host, port });
    }
    Ok(Arc::new(GuardedOutbound::new(Network::system()?, allowed)))
}
