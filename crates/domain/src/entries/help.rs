//! Where a model helped somebody to write.

/// What is kept with a saved state of a suggestion that it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// What was asked for: `rewrite`.
    pub task: String,
    /// The model that wrote it: `openai/small`.
    pub model: String,
    /// BLAKE3 of all that the model was told.
    pub prompt: [u8; 32],
    /// Who asked, as authors are named.
    pub person: String,
}

impl Help {
    /// The digest of what the model was told, in hexadecimal.
    pub fn prompt_digest(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::with_capacity(64);
        for byte in self.prompt {
            let _ = write!(text, "{byte:02x}"); // Writing to a string cannot fail.
        }
        text
    }
}
