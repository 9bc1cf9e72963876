//! The model one piece at a time, with what it keeps of the pieces before.

use smartcms_plugin::neural::{Input, Kind, Model, NeuralError, Output};

/// How many pieces a story has at most, with what was asked.
pub(crate) const CONTEXT: usize = 256;

// As the model was exported: models/storyteller/model.py.
const LAYERS: usize = 4;
const HEADS: usize = 4;
const HEAD: usize = 32;
const MARK: usize = 64;
const F32: usize = 4;
const I64: usize = 8;

/// What says which piece comes next.
pub(crate) trait Next {
    /// Reads one piece and gives the weight of each piece that may come after it.
    fn next(&mut self, piece: u32) -> Result<Vec<f32>, NeuralError>;

    /// Whether another piece can be read.
    fn is_full(&self) -> bool;
}

/// The model in the host.
pub(crate) struct Steps {
    model: Model,
    kept: Kept,
}

/// What the model keeps, as the bytes that it takes.
struct Kept {
    position: usize,
    last: u32,
    said: Vec<u8>,
    marks: Vec<u8>,
    keys: Vec<u8>,
    values: Vec<u8>,
}

impl Steps {
    pub(crate) fn open(name: &str) -> Result<Self, NeuralError> {
        Ok(Self { model: Model::open(name)?, kept: Kept::new() })
    }
}

impl Next for Steps {
    fn next(&mut self, piece: u32) -> Result<Vec<f32>, NeuralError> {
        let kept = &self.kept;
        let numbers = [piece, kept.last, u32::try_from(kept.position).unwrap_or(u32::MAX)];
        let [token, before, position] = numbers.map(|it| i64::from(it).to_le_bytes());
        let one = |name, bytes| Input { name, dimensions: &[1], kind: Kind::I64, bytes };
        let cache = &dimensions([LAYERS, HEADS, CONTEXT, HEAD]);
        let outputs = self.model.compute(&[
            one("token", &token),
            one("before", &before),
            one("position", &position),
            Input {
                name: "said",
                dimensions: &dimensions([CONTEXT]),
                kind: Kind::I64,
                bytes: &kept.said,
            },
            Input {
                name: "marks",
                dimensions: &dimensions([CONTEXT, MARK]),
                kind: Kind::F32,
                bytes: &kept.marks,
            },
            Input { name: "keys", dimensions: cache, kind: Kind::F32, bytes: &kept.keys },
            Input { name: "values", dimensions: cache, kind: Kind::F32, bytes: &kept.values },
        ])?;
        let of =
            |name: &str| outputs.iter().find(|it| it.name == name).ok_or_else(|| missing(name));
        self.kept.keep(piece, of("mark")?, of("key")?, of("value")?)?;
        Ok(of("logits")?.f32s())
    }

    fn is_full(&self) -> bool {
        self.kept.position >= CONTEXT
    }
}

impl Kept {
    fn new() -> Self {
        let cache = || vec![0; LAYERS * HEADS * CONTEXT * HEAD * F32];
        let (said, marks) = (vec![0; CONTEXT * I64], vec![0; CONTEXT * MARK * F32]);
        Self { position: 0, last: 0, said, marks, keys: cache(), values: cache() }
    }

    /// Puts what the model gave for this piece where it is read from next time.
    fn keep(
        &mut self,
        piece: u32,
        mark: &Output,
        key: &Output,
        value: &Output,
    ) -> Result<(), NeuralError> {
        let at = self.position;
        put(&mut self.said, at * I64, &i64::from(piece).to_le_bytes())
            .ok_or_else(|| missing("said"))?;
        put(&mut self.marks, at * MARK * F32, &mark.bytes).ok_or_else(|| missing("mark"))?;
        for (kept, new, name) in [(&mut self.keys, key, "key"), (&mut self.values, value, "value")]
        {
            for (row, bytes) in new.bytes.chunks(HEAD * F32).enumerate() {
                put(kept, (row * CONTEXT + at) * HEAD * F32, bytes).ok_or_else(|| missing(name))?;
            }
        }
        (self.position, self.last) = (at + 1, piece);
        Ok(())
    }
}

fn put(into: &mut [u8], at: usize, bytes: &[u8]) -> Option<()> {
    into.get_mut(at..at.checked_add(bytes.len())?)?.copy_from_slice(bytes);
    Some(())
}

fn dimensions<const N: usize>(of: [usize; N]) -> [u32; N] {
    of.map(|it| u32::try_from(it).unwrap_or(u32::MAX))
}

fn missing(name: &str) -> NeuralError {
    NeuralError::Failed(format!("the model's {name} is not what this plugin was built for"))
}

#[cfg(test)]
mod tests {
    use smartcms_plugin::neural::Output;

    use super::{CONTEXT, F32, HEAD, HEADS, Kept, LAYERS, MARK};

    fn output(len: usize, byte: u8) -> Output {
        Output { name: String::new(), dimensions: Vec::new(), bytes: vec![byte; len * F32] }
    }

    #[test]
    fn what_is_kept_of_a_piece_stands_at_its_position() {
        let mut kept = Kept::new();
        let (mark, row) = (output(MARK, 1), LAYERS * HEADS * HEAD);
        for byte in 1..=2 {
            kept.keep(u32::from(byte) + 10, &mark, &output(row, byte), &output(row, byte)).unwrap();
        }
        assert_eq!((kept.position, kept.last), (2, 12));
        assert_eq!(kept.said[..16], [11, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0]);
        let size = HEAD * F32;
        for of_head in kept.keys.chunks(CONTEXT * size) {
            assert!(of_head[..size].iter().all(|it| *it == 1));
            assert!(of_head[size..2 * size].iter().all(|it| *it == 2));
            assert!(of_head[2 * size..].iter().all(|it| *it == 0));
        }
    }

    #[test]
    fn a_model_of_another_form_is_an_error() {
        let mut kept = Kept::new();
        let row = LAYERS * HEADS * HEAD;
        let failed = kept.keep(1, &output(CONTEXT * MARK + 1, 1), &output(row, 1), &output(row, 1));
        assert!(failed.is_err());
    }
}
