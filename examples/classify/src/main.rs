//! Says what images show: `classify [--model NAME] [--labels FILE] [--side PIXELS] IMAGE…`.
//!
//! The model is the host's, by `wasi:nn`; images and labels are files that the program may read. For each image it prints
//! the three most probable labels.

mod labels;
mod picture;

use std::process::ExitCode;
use std::{env, fs};

use smartcms_plugin::neural::{Input, Kind, Model, Output};

use crate::labels::{Labels, ranked};

/// How many labels are printed for an image.
const PRINTED: usize = 3;

fn main() -> ExitCode {
    match asked(env::args().skip(1)).and_then(|it| answer(&it)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// What the arguments ask for.
struct Asked {
    model: String,
    labels: String,
    side: u32,
    images: Vec<String>,
}

fn asked(mut arguments: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut asked = Asked {
        model: "shapes".to_owned(),
        labels: "/model/shapes.labels.txt".to_owned(),
        side: 32,
        images: Vec::new(),
    };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--model" => asked.model = value()?,
            "--labels" => asked.labels = value()?,
            "--side" => {
                let text = value()?;
                let side = text.parse().ok().filter(|it| (1..=1_024).contains(it));
                asked.side = side.ok_or_else(|| format!("--side is from 1 to 1024, not {text}"))?;
            }
            _ => asked.images.push(argument),
        }
    }
    if asked.images.is_empty() {
        return Err("name an image: classify [--model NAME] [--labels FILE] IMAGE…".to_owned());
    }
    Ok(asked)
}

fn answer(asked: &Asked) -> Result<(), String> {
    let text = fs::read_to_string(&asked.labels)
        .map_err(|error| format!("{} could not be read: {error}", asked.labels))?;
    let labels = Labels::parse(&text);
    let model = Model::open(&asked.model).map_err(|error| error.to_string())?;
    for path in &asked.images {
        let weights = weights(&model, path, asked.side)?;
        println!("{path}");
        for (label, share) in ranked(&labels, &weights)?.into_iter().take(PRINTED) {
            println!("  {:5.1} %  {label}", share * 100.0);
        }
    }
    Ok(())
}

/// What the model says of one image: how much speaks for each label.
fn weights(model: &Model, path: &str, side: u32) -> Result<Vec<f32>, String> {
    let file = fs::read(path).map_err(|error| format!("{path} could not be read: {error}"))?;
    let bytes = picture::tensor(&file, side).map_err(|error| format!("{path}: {error}"))?;
    let dimensions = [1, 3, side, side];
    let image = Input { name: "image", dimensions: &dimensions, kind: Kind::F32, bytes: &bytes };
    let outputs = model.compute(&[image]).map_err(|error| error.to_string())?;
    let found = outputs.iter().find(|it| it.name == "weights").map(Output::f32s);
    found.ok_or_else(|| "the model has no output weights".to_owned())
}

#[cfg(test)]
mod tests {
    use super::asked;

    fn read(words: &[&str]) -> Result<super::Asked, String> {
        asked(words.iter().map(|it| (*it).to_owned()))
    }

    #[test]
    fn images_stand_among_options() {
        let asked =
            read(&["a.png", "--side", "64", "b.png"]).unwrap_or_else(|it| unreachable!("{it}"));
        assert_eq!(
            (asked.side, asked.images.as_slice()),
            (64, ["a.png".to_owned(), "b.png".to_owned()].as_slice())
        );
        assert_eq!(asked.model, "shapes");
    }

    #[test]
    fn what_is_missing_is_said() {
        for (words, said) in [
            (&[][..], "name an image"),
            (&["--side", "0", "a"], "1 to 1024"),
            (&["a", "--model"], "--model needs"),
        ] {
            assert!(read(words).is_err_and(|it| it.contains(said)), "{words:?}");
        }
    }
}
