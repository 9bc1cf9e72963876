//! Pages that are shown in the place of others.

use serde::Serialize;

use super::{AdminPage, Frame};

/// Why there is nothing else to see.
#[derive(Debug, Clone, Serialize)]
pub struct FailurePage {
    /// What stands around it.
    pub frame: Frame,
    /// What happened, in a sentence.
    pub text: String,
    /// What can be done; empty for nothing.
    pub hint: String,
    /// The number under which the log has it; empty for none.
    pub reference: String,
}

impl AdminPage for FailurePage {
    const TEMPLATE: &'static str = "failure.html";
}
