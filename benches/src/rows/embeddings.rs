//! The meaning of texts, through the plugin in its sandbox, beside the engine that it computes with, called natively
//! with the same pieces in the same batches.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, bail};
use rten::{Model, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::{AsView as _, Layout as _};
use smartcms_app::ports::{Embedding, ModelProvider, Plugins as _};
use smartcms_domain::plugins::PluginId;
use smartcms_inference::{InferenceLimits, ModelSource, OnnxModels};
use tokio::runtime::Runtime;

use super::Bench;
use crate::plugin_site::{HostSetup, PLUGIN};
use crate::rounds::Rounds;
use crate::table::{Goal, Row, Unit};

const MODEL: &str = "all-minilm-l6-v2";
/// The plugin, as it is in the executable.
const COMPONENT: &str = "plugins/minilm/dist/minilm.wasm";
const DIMENSIONS: usize = 384;
/// Words that are one piece each, and the pieces: the reference needs no tokenizer.
const WORDS: &[(&str, i32)] = &[
    ("river", 2314),
    ("the", 1996),
    ("bends", 23394),
    ("where", 2073),
    ("old", 2214),
    ("stones", 6386),
    ("meet", 3113),
    ("water", 2300),
    ("and", 1998),
    ("quiet", 4251),
    ("boat", 4049),
    ("waits", 18074),
    ("for", 2005),
    ("morning", 2851),
    ("light", 2422),
    ("over", 2058),
    ("green", 2665),
    ("hills", 4564),
    ("while", 2096),
    ("birds", 5055),
    ("sing", 6170),
    ("near", 2379),
    ("open", 2330),
    ("windows", 3645),
];
const BEGIN: i32 = 101;
const END: i32 = 102;
/// How many pieces the plugin computes at once.
const PIECES_MAX: usize = 2048;

/// What is measured: so many texts at a time, of so many words, so often in a round.
struct Case {
    name: &'static str,
    texts: usize,
    words: usize,
    times: usize,
    goal: Goal,
}

const CASES: &[Case] = &[
    Case {
        name: "embeddings of 64 paragraphs at a time, 62 words each",
        texts: 64,
        words: 62,
        times: 1,
        goal: Goal::AtLeast(0.9),
    },
    Case {
        name: "embeddings of 16 long texts at a time, 254 words each",
        texts: 16,
        words: 254,
        times: 1,
        goal: Goal::AtLeast(0.9),
    },
    Case {
        name: "embedding of one question, 14 words",
        texts: 1,
        words: 14,
        times: 20,
        goal: Goal::None,
    },
];

/// Many texts at a time, as a site is embedded, and one at a time, as somebody searches.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let Some(file) = &bench.minilm else {
        let why = "the model is not there; `cargo xtask models` makes it";
        return Ok(vec![Row::missing("embeddings", "the same engine natively", why)]);
    };
    let folder = tempfile::tempdir_in(&bench.work)?;
    let model = (MODEL, file.as_path());
    let provider = bench.runtime.block_on(provider(folder.path(), COMPONENT, model))?;
    let native = Native::load(file)?;
    let measured = CASES.iter().map(|case| {
        let texts = texts(case);
        alike(&ours(&bench.runtime, &*provider, &texts)?, &native.vectors(&texts)?)?;
        let rounds = Rounds::measure(
            bench.rounds,
            || per_second(case, || ours(&bench.runtime, &*provider, &texts)),
            || per_second(case, || native.vectors(&texts)),
        )?;
        let reference = "the same engine natively";
        Ok(Row::ratio(case.name, reference, Unit::PerSecond, &rounds, case.goal))
    });
    measured.collect()
}

/// A plugin on a host of its own, with the model that it computes with.
pub(super) async fn provider(
    folder: &Path,
    component: &str,
    (model, file): (&str, &Path),
) -> anyhow::Result<Arc<dyn ModelProvider>> {
    let models = OnnxModels::new(InferenceLimits::default());
    let models = models.with(model, ModelSource::File(file.to_owned()))?;
    let component = std::fs::read(component).with_context(|| format!("{component} is missing"))?;
    let setup = HostSetup { models: Arc::new(models), ..HostSetup::usual() };
    let host = setup.with_one(folder, &component, &[&format!("nn={model}")]).await?;
    host.model_provider(&PluginId::parse(PLUGIN)?).context("the plugin brings no models")
}

/// The pieces of some texts of one length, which begin at other words.
fn texts(case: &Case) -> Vec<Vec<(&'static str, i32)>> {
    let text = |at: usize| WORDS.iter().copied().cycle().skip(at).take(case.words).collect();
    (0..case.texts).map(text).collect()
}

type Texts = [Vec<(&'static str, i32)>];

fn per_second(
    case: &Case,
    mut vectors: impl FnMut() -> anyhow::Result<Vec<Vec<f32>>>,
) -> anyhow::Result<f64> {
    let begun = Instant::now();
    for _ in 0..case.times {
        if vectors()?.len() != case.texts {
            bail!("not every text has a vector");
        }
    }
    Ok((case.texts * case.times) as f64 / begun.elapsed().as_secs_f64())
}

fn ours(
    runtime: &Runtime,
    provider: &dyn ModelProvider,
    texts: &Texts,
) -> anyhow::Result<Vec<Vec<f32>>> {
    let join = |text: &Vec<(&str, i32)>| text.iter().map(|it| it.0).collect::<Vec<_>>().join(" ");
    let texts = texts.iter().map(join).collect();
    let request = Embedding { model: MODEL.to_owned(), texts, parameters: Vec::new() };
    Ok(runtime.block_on(provider.embed(request))?)
}

/// The engine, without anything of ours.
struct Native {
    model: Model,
    pieces: NodeId,
    mask: NodeId,
    vectors: NodeId,
    threads: Arc<ThreadPool>,
}

impl Native {
    fn load(file: &Path) -> anyhow::Result<Self> {
        let model = Model::load_file(file)?;
        let (pieces, mask) = (model.node_id("input_ids")?, model.node_id("attention_mask")?);
        let vectors = model.node_id("sentence_embedding")?;
        let threads = Arc::new(ThreadPool::with_num_threads(InferenceLimits::default().threads));
        Ok(Self { model, pieces, mask, vectors, threads })
    }

    fn vectors(&self, texts: &Texts) -> anyhow::Result<Vec<Vec<f32>>> {
        let wide = texts.first().map_or(0, Vec::len) + 2;
        let mut found = Vec::new();
        for batch in texts.chunks((PIECES_MAX / wide).max(1)) {
            let shape = [batch.len(), wide];
            let pieces = batch.iter().flat_map(|text| {
                let words = text.iter().map(|it| it.1);
                std::iter::once(BEGIN).chain(words).chain(std::iter::once(END))
            });
            let pieces = Value::from_shape(shape, pieces.collect::<Vec<i32>>())?;
            let mask = Value::from_shape(shape, vec![1_i32; batch.len() * wide])?;
            let inputs = vec![(self.pieces, pieces.into()), (self.mask, mask.into())];
            let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.threads)));
            let outputs = self.model.run(inputs, &[self.vectors], Some(options))?;
            let Some(Value::FloatTensor(tensor)) = outputs.into_iter().next() else {
                bail!("the model gave no numbers");
            };
            if tensor.shape() != [batch.len(), DIMENSIONS] {
                bail!("the model gave {:?}", tensor.shape());
            }
            let numbers: Vec<f32> = tensor.iter().copied().collect();
            found.extend(numbers.chunks(DIMENSIONS).map(<[f32]>::to_vec));
        }
        Ok(found)
    }
}

/// Both sides measure the same: the plugin's vectors are the native ones, of the length 1.
fn alike(ours: &[Vec<f32>], native: &[Vec<f32>]) -> anyhow::Result<()> {
    for (ours, native) in ours.iter().zip(native) {
        let length = native.iter().map(|it| it * it).sum::<f32>().sqrt();
        let differs = |(ours, native): (&f32, &f32)| (ours - native / length).abs() > 1e-5;
        if ours.len() != native.len() || ours.iter().zip(native).any(differs) {
            bail!("the plugin's vectors are not those of the engine");
        }
    }
    Ok(())
}
