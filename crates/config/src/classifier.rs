//! What is known of a model that tells kinds of images apart: `NAME.toml` and `NAME.labels.txt` beside `NAME.onnx`.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The largest of these files, in bytes.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// The most kinds of images that a model tells apart.
const LABELS_MAX: usize = 100_000;
/// The longer side of what a model sees, in pixels.
const SIDE_MAX: u32 = 1_024;
/// What stands in a sentence for what an image shows.
const LABEL: &str = "{label}";

/// How a model that tells kinds of images apart is asked, and what its answers mean.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassifierSettings {
    /// What the model calls the image: fp32, 1 × 3 × height × width, red, green and blue in planes.
    pub input: String,
    /// What the model calls the weights of the labels, or their probabilities.
    pub output: String,
    /// The pixels across and down that it takes.
    pub size: (u32, u32),
    /// What is taken from red, green and blue, which are from 0 to 1.
    pub mean: [f32; 3],
    /// What they are divided by then.
    pub deviation: [f32; 3],
    /// How probable a label has to be to be said, from 0 to 1.
    pub confidence: f32,
    /// How it is said, with `{label}` for the label.
    pub sentence: String,
    /// What it tells apart, in the order of its weights.
    pub labels: Vec<String>,
}

/// These files do not say how a model is asked.
#[derive(Debug, thiserror::Error)]
#[error("the model {name} cannot be asked: {path}: {reason}", path = .path.display())]
pub struct ClassifierError {
    /// Which model.
    pub name: String,
    /// Which of its files.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default = "input")]
    input: String,
    #[serde(default = "output")]
    output: String,
    width: u32,
    height: u32,
    #[serde(default)]
    mean: [f32; 3],
    #[serde(default = "ones")]
    deviation: [f32; 3],
    #[serde(default = "confidence")]
    confidence: f32,
    #[serde(default = "sentence")]
    sentence: String,
}

fn input() -> String {
    "image".to_owned()
}

fn output() -> String {
    "weights".to_owned()
}

fn ones() -> [f32; 3] {
    [1.0; 3]
}

fn confidence() -> f32 {
    0.6
}

fn sentence() -> String {
    "A picture of {label}.".to_owned()
}

impl ClassifierSettings {
    /// Reads what stands beside a model in a folder.
    pub fn read(folder: &Path, name: &str) -> Result<Self, ClassifierError> {
        let path = folder.join(format!("{name}.toml"));
        let wrong = |path: &Path, reason: String| {
            let (name, path) = (name.to_owned(), path.to_owned());
            ClassifierError { name, path, reason }
        };
        let text = text_of(&path).map_err(|reason| wrong(&path, reason))?;
        let file: File =
            toml::from_str(&text).map_err(|error| wrong(&path, error.message().to_owned()))?;
        file.check().map_err(|reason| wrong(&path, reason.to_owned()))?;
        let path = folder.join(format!("{name}.labels.txt"));
        let text = text_of(&path).map_err(|reason| wrong(&path, reason))?;
        let labels: Vec<String> = text.lines().map(|it| it.trim().to_owned()).collect();
        if labels.is_empty() || labels.len() > LABELS_MAX || labels.iter().any(String::is_empty) {
            return Err(wrong(&path, format!("it takes 1 to {LABELS_MAX} labels, one a line")));
        }
        Ok(Self {
            input: file.input,
            output: file.output,
            size: (file.width, file.height),
            mean: file.mean,
            deviation: file.deviation,
            confidence: file.confidence,
            sentence: file.sentence,
            labels,
        })
    }
}

impl File {
    fn check(&self) -> Result<(), &'static str> {
        if ![self.width, self.height].iter().all(|it| (1..=SIDE_MAX).contains(it)) {
            return Err("`width` and `height` are from 1 to 1024");
        }
        if !self.deviation.iter().all(|it| it.is_normal())
            || !self.mean.iter().all(|it| it.is_finite())
        {
            return Err("`mean` and `deviation` are numbers, and no deviation is 0");
        }
        if !(0.0..=1.0).contains(&self.confidence) {
            return Err("`confidence` is from 0 to 1");
        }
        if !self.sentence.contains(LABEL) {
            return Err("`sentence` has {label} for what the image shows");
        }
        Ok(())
    }
}

fn text_of(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let read = file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text);
    read.map_err(|error| error.to_string())?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(format!("it has more than {FILE_BYTES_MAX} bytes"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::ClassifierSettings;

    fn read(settings: &str, labels: &str) -> Result<ClassifierSettings, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("shapes.toml"), settings).unwrap();
        std::fs::write(folder.path().join("shapes.labels.txt"), labels).unwrap();
        ClassifierSettings::read(folder.path(), "shapes").map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_left_out_is_as_usual() {
        let read =
            read("width = 32\nheight = 24\nconfidence = 0.5\n", "a circle\na star\n").unwrap();
        assert_eq!((read.size, read.confidence), ((32, 24), 0.5));
        assert_eq!((read.mean, read.deviation), ([0.0; 3], [1.0; 3]));
        assert_eq!((&*read.input, &*read.sentence), ("image", "A picture of {label}."));
        assert_eq!(read.labels, ["a circle", "a star"]);
    }

    #[test]
    fn what_cannot_be_used_is_named_with_its_file() {
        let size = "width = 32\nheight = 32\n";
        for (settings, labels, named) in [
            ("width = 32\n", "a", "height"),
            ("width = 0\nheight = 32\n", "a", "1 to 1024"),
            (&*format!("{size}wide = 1\n"), "a", "wide"),
            (&*format!("{size}deviation = [0, 1, 1]\n"), "a", "deviation"),
            (&*format!("{size}confidence = 2\n"), "a", "confidence"),
            (&*format!("{size}sentence = \"A picture\"\n"), "a", "{label}"),
            (size, "", "labels.txt"),
            (size, "a\n\nb", "labels.txt"),
        ] {
            let error = read(settings, labels).unwrap_err();
            assert!(error.contains(named) && error.contains("shapes"), "{error}");
        }
        let none = ClassifierSettings::read(std::path::Path::new("nowhere"), "shapes");
        assert!(none.unwrap_err().to_string().contains("shapes.toml"));
    }
}
