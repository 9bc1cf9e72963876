//! The models that `smartcms ai pull` knows: what their files are, and what is done with them.

use crate::failure::{Failure, exit};

/// A model whose file is known to the byte.
#[derive(Debug)]
pub(super) struct KnownModel {
    /// What grants and requests call it; its file is `NAME.onnx`.
    pub(super) name: &'static str,
    /// The size of its file.
    pub(super) bytes: u64,
    /// A list as `sha256sum` prints it, with its file in the first line.
    sums: &'static str,
    /// What it does, and its licence.
    pub(super) about: &'static str,
    /// The setting that chooses it, and its value.
    pub(super) setting: (&'static str, &'static str),
    /// Where its file comes from.
    pub(super) origin: &'static str,
}

pub(super) const KNOWN: &[KnownModel] = &[KnownModel {
    name: "all-minilm-l6-v2",
    bytes: 45_233_836,
    sums: include_str!("../../../../../models/all-minilm-l6-v2/SHA256SUMS"),
    about: "measures the meaning of texts, above all in English; Apache-2.0",
    setting: ("embeddings", "minilm/all-minilm-l6-v2"),
    origin: "the file is written by models/all-minilm-l6-v2/export.py of SmartCMS's sources, \
             or by `cargo xtask models` into the user's cache; docs/models.md tells how",
}];

impl KnownModel {
    /// The model with this name.
    pub(super) fn named(name: &str) -> anyhow::Result<&'static Self> {
        let found = KNOWN.iter().find(|it| it.name == name);
        found.ok_or_else(|| {
            let names = KNOWN.iter().map(|it| it.name).collect::<Vec<_>>().join(", ");
            let message = format!("no model with a known digest is called `{name}`");
            let hint = format!(
                "known are: {names}; any other ONNX file is copied to models/NAME.onnx by hand"
            );
            Failure::hinted(message, hint, exit::NOT_FOUND)
        })
    }

    /// The name of its file.
    pub(super) fn file(&self) -> String {
        format!("{}.onnx", self.name)
    }

    /// The SHA-256 of its file, in hexadecimal digits.
    pub(super) fn sha256(&self) -> &'static str {
        self.sums.split_whitespace().next().unwrap_or_default()
    }

    /// Its size for people.
    pub(super) fn size(&self) -> String {
        let megabytes = self.bytes as f64 / 1e6;
        format!("{megabytes:.1} MB")
    }
}

#[cfg(test)]
mod tests {
    use smartcms_domain::plugins::is_model_name;

    use super::KNOWN;

    #[test]
    fn every_known_model_has_a_digest_of_its_file() {
        for model in KNOWN {
            let is_digit = |it: char| matches!(it, '0'..='9' | 'a'..='f');
            assert!(model.sha256().len() == 64 && model.sha256().chars().all(is_digit));
            assert!(model.sums.contains(&model.file()), "{}", model.sums);
            assert!(is_model_name(model.name) && model.bytes > 0);
        }
    }
}
