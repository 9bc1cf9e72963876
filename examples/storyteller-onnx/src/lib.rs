//! Tells a story with the model `tiny` of the host, and the vocabulary in the folder `/model`.
//!
//! It stands in for `storyteller`: the same export, so that it is composed into the same application.

use smartcms_plugin::chance;
use smartcms_plugin::neural::{Input, Kind, Model, NeuralError, Output};

wit_bindgen::generate!({ path: "wit", world: "storyteller-onnx" });

const MODEL: &str = "tiny";
const VOCABULARY: &str = "/model/vocabulary.txt";

// The form of the model: models/storyteller/README.md.
const CONTEXT: usize = 256;
const MARK: usize = 64;
const ROWS: usize = 16;
const HEAD: usize = 32;
const END: u32 = 0;
const BEGIN: [u32; 2] = [1, 2];
/// Among how many words one is chosen.
const CHOICES: usize = 3;

struct Teller;

impl Guest for Teller {
    fn storygen() -> String {
        told().unwrap_or_else(|error| format!("There is no story: {error}"))
    }
}

export!(Teller);

fn told() -> Result<String, String> {
    let vocabulary = std::fs::read_to_string(VOCABULARY)
        .map_err(|error| format!("{VOCABULARY} could not be read: {error}"))?;
    let words: Vec<&str> = vocabulary.lines().collect();
    let mut memory = Memory::new(Model::open(MODEL).map_err(|error| error.to_string())?);
    let mut weights = Vec::new();
    for piece in BEGIN {
        weights = memory.read(piece).map_err(|error| error.to_string())?;
    }
    let mut story = String::new();
    while memory.position < CONTEXT {
        let piece = chosen(&weights);
        if piece == END {
            break;
        }
        let word = words.get(piece as usize).copied().unwrap_or_default();
        story.push_str(&word.replace('▁', " ").replace('↵', "\n"));
        weights = memory.read(piece).map_err(|error| error.to_string())?;
    }
    Ok(story)
}

/// One of the likeliest pieces, the likelier ones more often.
fn chosen(weights: &[f32]) -> u32 {
    let mut likely: Vec<(u32, f32)> = (0..).zip(weights.iter().copied()).collect();
    likely.retain(|it| it.0 == END || it.0 > 3);
    likely.sort_by(|a, b| b.1.total_cmp(&a.1));
    likely.truncate(CHOICES);
    let shares: Vec<f32> = likely.iter().map(|it| it.1.exp().powf(1.5)).collect();
    let dice = (chance::number() % 1_000_000) as f32 / 1_000_000.0;
    let mut left = dice * shares.iter().sum::<f32>();
    for ((piece, _), share) in likely.iter().zip(shares) {
        left -= share;
        if left < 0.0 {
            return *piece;
        }
    }
    likely.first().map_or(END, |it| it.0)
}

/// What the model keeps of what it read.
struct Memory {
    model: Model,
    position: usize,
    last: u32,
    said: Vec<u8>,
    marks: Vec<u8>,
    keys: Vec<u8>,
    values: Vec<u8>,
}

impl Memory {
    fn new(model: Model) -> Self {
        let rows = || vec![0; ROWS * CONTEXT * HEAD * 4];
        let (said, marks) = (vec![0; CONTEXT * 8], vec![0; CONTEXT * MARK * 4]);
        Self { model, position: 0, last: 0, said, marks, keys: rows(), values: rows() }
    }

    /// Reads a piece, and gives how likely each one is to come next.
    fn read(&mut self, piece: u32) -> Result<Vec<f32>, NeuralError> {
        let numbers = [piece, self.last, self.position as u32];
        let [token, before, position] = numbers.map(|it| i64::from(it).to_le_bytes());
        let one = |name, bytes| Input { name, dimensions: &[1], kind: Kind::I64, bytes };
        let cache =
            |name, bytes| Input { name, dimensions: &[4, 4, 256, 32], kind: Kind::F32, bytes };
        let outputs = self.model.compute(&[
            one("token", &token),
            one("before", &before),
            one("position", &position),
            Input { name: "said", dimensions: &[256], kind: Kind::I64, bytes: &self.said },
            Input { name: "marks", dimensions: &[256, 64], kind: Kind::F32, bytes: &self.marks },
            cache("keys", self.keys.as_slice()),
            cache("values", self.values.as_slice()),
        ])?;
        let at = self.position;
        put(&mut self.said, at * 8, &i64::from(piece).to_le_bytes());
        put(&mut self.marks, at * MARK * 4, bytes_of(&outputs, "mark"));
        for (kept, name) in [(&mut self.keys, "key"), (&mut self.values, "value")] {
            for (row, bytes) in bytes_of(&outputs, name).chunks(HEAD * 4).enumerate() {
                put(kept, (row * CONTEXT + at) * HEAD * 4, bytes);
            }
        }
        (self.position, self.last) = (at + 1, piece);
        let weights = outputs.iter().find(|it| it.name == "logits").map(Output::f32s);
        Ok(weights.unwrap_or_default())
    }
}

fn bytes_of<'a>(outputs: &'a [Output], name: &str) -> &'a [u8] {
    outputs.iter().find(|it| it.name == name).map_or(&[], |it| it.bytes.as_slice())
}

fn put(into: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = into.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}
