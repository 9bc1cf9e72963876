//! Models that misbehave in the way that their name says; `echo` behaves, and `counted` needs a grant.

use std::cell::RefCell;

use smartcms_plugin::keys;
use smartcms_plugin::model_provider::{
    self, AiError, Description, Embedding, Generation, GuestTextStream, Model, TextEnd, TextStream,
    ended, parameter,
};

struct Models;

const NAMES: [&str; 14] = [
    "echo",
    "counted",
    "loop",
    "trap",
    "grow",
    "endless",
    "late",
    "odd",
    "none",
    "slow-start",
    "recursion",
    "huge",
    "chatty",
    "asking",
];

/// The words that are still to come, the last first; endless ones come again and again.
struct Words {
    left: RefCell<Vec<String>>,
    model: String,
    count: u32,
    cut: bool,
}

impl GuestTextStream for Words {
    fn next(&self) -> Result<Option<String>, AiError> {
        match self.model.as_str() {
            "loop" => forever(),
            "trap" => panic!("asked to trap"),
            "grow" => {
                let mut hoard: Vec<Vec<u8>> = Vec::new();
                loop {
                    hoard.push(vec![1; 1 << 20]);
                }
            }
            "recursion" => Ok(Some(deeper(0).to_string())),
            "huge" => Ok(Some("a".repeat(16 << 20))),
            "chatty" => {
                for _ in 0..1000 {
                    println!("{}", "dust ".repeat(100));
                }
                Ok(self.left.borrow_mut().pop())
            }
            "asking" => loop {
                let _ = keys::get("nothing");
            },
            "endless" => Ok(Some("and on ".repeat(1000))),
            "late" if self.left.borrow().len() <= 1 => {
                Err(AiError::Unavailable("tired".to_owned()))
            }
            _ => Ok(self.left.borrow_mut().pop()),
        }
    }

    fn end(&self) -> TextEnd {
        let reason = if self.cut { "length" } else { "done" };
        TextEnd { tokens_read: None, tokens_written: Some(self.count), ..ended(reason) }
    }
}

#[allow(unconditional_recursion, reason = "that is the point")]
fn deeper(depth: u64) -> u64 {
    std::hint::black_box(deeper(depth + 1)) + 1
}

fn forever() -> ! {
    loop {
        std::hint::black_box(());
    }
}

impl model_provider::Guest for Models {
    type TextStream = Words;

    fn models() -> Result<Vec<Model>, AiError> {
        let model = |name: &str| Model {
            name: name.to_owned(),
            title: format!("A model\u{1b} that is called {name}"),
            abilities: ["generate", "embed", "describe", "sing"].map(str::to_owned).to_vec(),
            dimensions: Some(2),
            context_tokens: None,
        };
        Ok(NAMES.map(model).to_vec())
    }

    fn generate(request: Generation) -> Result<TextStream, AiError> {
        match request.model.as_str() {
            "slow-start" => forever(),
            "counted" => {
                keys::increment("texts", 1).map_err(|it| AiError::Failed(it.to_string()))?;
            }
            name if !NAMES.contains(&name) => return Err(AiError::UnknownModel(request.model)),
            _ => {}
        }
        if let Some(schema) = parameter(&request.parameters, "schema") {
            return Err(AiError::Invalid(format!("no answer fits {schema}")));
        }
        let Some(last) = request.messages.last() else {
            return Err(AiError::Invalid("nothing was said".to_owned()));
        };
        let most = request.tokens_max as usize;
        let cut = last.text.split_inclusive(' ').count() > most;
        let mut left: Vec<String> =
            last.text.split_inclusive(' ').take(most).map(str::to_owned).collect();
        let count = left.len() as u32;
        left.reverse();
        Ok(TextStream::new(Words { left: RefCell::new(left), model: request.model, count, cut }))
    }

    fn embed(request: Embedding) -> Result<Vec<Vec<f32>>, AiError> {
        Ok(match request.model.as_str() {
            "loop" => forever(),
            "odd" => vec![vec![1.0], vec![1.0, 2.0]],
            "none" => vec![vec![0.0, 0.0]; request.texts.len()],
            _ => request.texts.iter().map(|it| vec![it.len() as f32, 4.0]).collect(),
        })
    }

    fn describe(request: Description) -> Result<String, AiError> {
        Ok(format!("{} bytes of {}", request.image.len(), request.media_type))
    }
}

model_provider::export!(Models);
