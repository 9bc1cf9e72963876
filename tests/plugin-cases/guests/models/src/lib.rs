//! Models that misbehave in the way that their name says; `echo` behaves.

use std::cell::RefCell;

use smartcms_plugin::model_provider::{
    self, AiError, Generation, GuestTextStream, Model, TextStream,
};

struct Models;

/// The words that are still to come, the last first; endless ones come again and again.
struct Words {
    left: RefCell<Vec<String>>,
    model: String,
}

impl GuestTextStream for Words {
    fn next(&self) -> Result<Option<String>, AiError> {
        match self.model.as_str() {
            "loop" => loop {
                std::hint::black_box(());
            },
            "trap" => panic!("asked to trap"),
            "endless" => Ok(Some("and on ".repeat(1000))),
            "late" if self.left.borrow().len() <= 1 => Err(AiError::Unavailable("tired".to_owned())),
            _ => Ok(self.left.borrow_mut().pop()),
        }
    }
}

impl model_provider::Guest for Models {
    type TextStream = Words;

    fn models() -> Result<Vec<Model>, AiError> {
        let model = |name: &str| Model {
            name: name.to_owned(),
            title: format!("A model that is called {name}"),
            generates: true,
            embeds: Some(2),
            describes: true,
        };
        Ok(["echo", "loop", "trap", "endless", "late", "odd", "none"].map(model).to_vec())
    }

    fn generate(request: Generation) -> Result<TextStream, AiError> {
        if request.model == "absent" {
            return Err(AiError::UnknownModel(request.model));
        }
        let words = request.prompt.split_inclusive(' ').take(request.tokens_max as usize);
        let mut left: Vec<String> = words.map(str::to_owned).collect();
        left.reverse();
        Ok(TextStream::new(Words { left: RefCell::new(left), model: request.model }))
    }

    fn embed(model: String, texts: Vec<String>) -> Result<Vec<Vec<f32>>, AiError> {
        Ok(match model.as_str() {
            "odd" => vec![vec![1.0], vec![1.0, 2.0]],
            "none" => vec![vec![0.0, 0.0]; texts.len()],
            _ => texts.iter().map(|it| vec![it.len() as f32, 4.0]).collect(),
        })
    }

    fn describe(_model: String, media_type: String, image: Vec<u8>) -> Result<String, AiError> {
        Ok(format!("{} bytes of {media_type}", image.len()))
    }
}

model_provider::export!(Models);
