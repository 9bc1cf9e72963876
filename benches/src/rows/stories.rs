//! Stories by the storyteller in its sandbox, beside the engine that it computes with: the same model called natively, one
//! piece after another, with what it keeps where it lies.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, bail};
use rten::{Model, NodeId, RunOptions, ThreadPool, Value, ValueOrView};
use rten_tensor::{AsView as _, NdTensorView};
use serde_json::json;
use smartcms_app::ports::{Generation, Message, ModelProvider, Role};
use smartcms_inference::InferenceLimits;
use tokio::runtime::Runtime;

use super::Bench;
use super::embeddings::provider;
use crate::rounds::Rounds;
use crate::table::{Goal, Row, Unit};

const MODEL: &str = "storyteller";
const FILE: &str = "models/storyteller/storyteller.onnx";
/// The plugin, as it is in the executable.
const COMPONENT: &str = "plugins/storyteller/dist/storyteller.wasm";
/// Stories in one round.
const STORIES: usize = 4;
/// The longest story, in pieces.
const PIECES_MAX: u32 = 200;
/// From how many pieces on the plugin lets a story end.
const PIECES_MIN: u32 = 20;

// As the model was exported: models/storyteller/model.py.
const LAYERS: usize = 4;
const HEADS: usize = 4;
const CONTEXT: usize = 256;
const HEAD: usize = 32;
const MARK: usize = 64;
// The pieces that are no words: models/storyteller/vocabulary.txt.
const UNKNOWN: usize = 3;
const TOPICS: i32 = 1;
const STORY: i32 = 2;
const END: usize = 0;

/// How many pieces are told in a second, beside the engine as it comes, with a thread for each processor, and with the one
/// thread that a model as small as this gets here.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir_in(&bench.work)?;
    let model = (MODEL, Path::new(FILE));
    let provider = bench.runtime.block_on(provider(folder.path(), COMPONENT, model))?;
    let mut rows = Vec::new();
    for (threads, reference, goal) in [
        (InferenceLimits::default().threads, "the same engine natively", Goal::AtLeast(0.8)),
        (1, "… with one thread", Goal::None),
    ] {
        let native = Native::load(threads)?;
        let (ours, theirs) = (told(&bench.runtime, &*provider)?, native.tell()?);
        if ours != theirs {
            bail!("the plugin tells {ours} pieces, and the engine natively {theirs}");
        }
        let rounds = Rounds::measure(
            bench.rounds,
            || per_second(|| told(&bench.runtime, &*provider)),
            || per_second(|| native.tell()),
        )?;
        let name = "pieces of stories by the storyteller";
        rows.push(Row::ratio(name, reference, Unit::PerSecond, &rounds, goal));
    }
    Ok(rows)
}

fn per_second(mut tell: impl FnMut() -> anyhow::Result<u32>) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let mut pieces = 0;
    for _ in 0..STORIES {
        pieces += tell()?;
    }
    Ok(f64::from(pieces) / begun.elapsed().as_secs_f64())
}

/// How many pieces the plugin tells: always the most likely one.
fn told(runtime: &Runtime, provider: &dyn ModelProvider) -> anyhow::Result<u32> {
    let request = Generation {
        model: MODEL.to_owned(),
        messages: vec![Message { role: Role::User, text: "Tell me a story.".to_owned() }],
        tokens_max: PIECES_MAX,
        parameters: vec![("temperature".to_owned(), json!(0)), ("seed".to_owned(), json!(1))],
    };
    let mut sink = |_: &str| ControlFlow::Continue(());
    let end = runtime.block_on(provider.generate(request, &mut sink))?;
    end.tokens_written.context("the plugin does not say how many pieces it told")
}

/// The engine, without anything of ours.
struct Native {
    model: Model,
    inputs: [NodeId; 7],
    outputs: [NodeId; 4],
    threads: Arc<ThreadPool>,
}

/// What the model keeps of the pieces before.
struct Kept {
    position: usize,
    last: i32,
    said: Vec<i32>,
    marks: Vec<f32>,
    keys: Vec<f32>,
    values: Vec<f32>,
}

impl Native {
    fn load(threads: usize) -> anyhow::Result<Self> {
        let model = Model::load_file(FILE)?;
        let id = |name: &str| model.node_id(name);
        let inputs = [
            id("token")?,
            id("before")?,
            id("position")?,
            id("said")?,
            id("marks")?,
            id("keys")?,
            id("values")?,
        ];
        let outputs = [id("logits")?, id("mark")?, id("key")?, id("value")?];
        let threads = Arc::new(ThreadPool::with_num_threads(threads));
        Ok(Self { model, inputs, outputs, threads })
    }

    /// Tells a story of the most likely pieces, and counts them.
    fn tell(&self) -> anyhow::Result<u32> {
        let mut kept = Kept::new();
        self.step(&mut kept, TOPICS)?;
        let mut weights = self.step(&mut kept, STORY)?;
        let mut written = 0;
        while written < PIECES_MAX && kept.position < CONTEXT {
            let best = most_likely(&weights, written >= PIECES_MIN).context("nothing is likely")?;
            if best == END {
                break;
            }
            written += 1;
            weights = self.step(&mut kept, i32::try_from(best)?)?;
        }
        Ok(written)
    }

    /// Reads one piece, and gives the weights of those that may come next.
    fn step(&self, kept: &mut Kept, piece: i32) -> anyhow::Result<Vec<f32>> {
        let numbers = [piece, kept.last, i32::try_from(kept.position)?];
        let [token, before, position] = numbers.map(|it| [it]);
        let cache = [LAYERS, HEADS, CONTEXT, HEAD];
        let views: [ValueOrView<'_>; 7] = [
            one(&token),
            one(&before),
            one(&position),
            NdTensorView::from_data([CONTEXT], &kept.said[..]).into(),
            NdTensorView::from_data([CONTEXT, MARK], &kept.marks[..]).into(),
            NdTensorView::from_data(cache, &kept.keys[..]).into(),
            NdTensorView::from_data(cache, &kept.values[..]).into(),
        ];
        let inputs = self.inputs.into_iter().zip(views).collect();
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.threads)));
        let outputs = self.model.run(inputs, &self.outputs, Some(options))?;
        let outputs = outputs.into_iter().map(numbers_of).collect::<anyhow::Result<Vec<_>>>()?;
        let [logits, mark, key, value] = outputs.as_slice() else {
            bail!("the model gave {} outputs", outputs.len());
        };
        kept.keep(piece, mark, key, value).context("the model gave other numbers than it takes")?;
        Ok(logits.clone())
    }
}

impl Kept {
    fn new() -> Self {
        let cache = || vec![0.0; LAYERS * HEADS * CONTEXT * HEAD];
        let (said, marks) = (vec![0; CONTEXT], vec![0.0; CONTEXT * MARK]);
        Self { position: 0, last: 0, said, marks, keys: cache(), values: cache() }
    }

    fn keep(&mut self, piece: i32, mark: &[f32], key: &[f32], value: &[f32]) -> Option<()> {
        let at = self.position;
        *self.said.get_mut(at)? = piece;
        self.marks.get_mut(at * MARK..(at + 1) * MARK)?.copy_from_slice(mark);
        for (kept, new) in [(&mut self.keys, key), (&mut self.values, value)] {
            for (row, numbers) in new.chunks(HEAD).enumerate() {
                let from = (row * CONTEXT + at) * HEAD;
                kept.get_mut(from..from + HEAD)?.copy_from_slice(numbers);
            }
        }
        (self.position, self.last) = (at + 1, piece);
        Some(())
    }
}

fn one(number: &[i32; 1]) -> ValueOrView<'_> {
    NdTensorView::from_data([1], &number[..]).into()
}

fn numbers_of(value: Value) -> anyhow::Result<Vec<f32>> {
    let Value::FloatTensor(tensor) = value else { bail!("the model gave no numbers") };
    Ok(tensor.iter().copied().collect())
}

/// The most likely piece that the plugin would take: the first of several.
fn most_likely(weights: &[f32], may_end: bool) -> Option<usize> {
    let never = [UNKNOWN, TOPICS as usize, STORY as usize];
    let allowed = |piece: &usize| !never.contains(piece) && (may_end || *piece != END);
    let likely = weights.iter().enumerate().filter(|(piece, it)| allowed(piece) && it.is_finite());
    likely.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0))).map(|it| it.0)
}
