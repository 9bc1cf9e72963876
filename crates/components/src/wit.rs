//! The WIT of a component as text.

use wit_component::{DecodedWasm, Output, WitPrinter};

use crate::error::ComponentError;
use crate::guard::guarded;
use crate::limits::TEXT_BYTES_MAX;
use crate::validate::validate;
use crate::{ComponentFile, sections};

/// Prints what a component imports and exports, with the packages that this names; of a package of WIT in its binary
/// form, all of it.
pub fn wit(file: &ComponentFile) -> Result<String, ComponentError> {
    let name = &file.name;
    validate(file)?;
    let printed = guarded(|| {
        let decoded = wit_component::decode(&file.bytes).map_err(|error| format!("{error:#}"))?;
        print(&decoded)
    });
    let text = printed
        .unwrap_or_else(|| Err("its types contradict each other".to_owned()))
        .map_err(|reason| ComponentError::NotComponent { file: name.clone(), reason })?;
    if text.is_full {
        return Err(ComponentError::TextTooLong { file: name.clone() });
    }
    Ok(text.written)
}

/// The full names of what a component imports.
pub fn imports(file: &ComponentFile) -> Result<Vec<String>, ComponentError> {
    let invalid = |error: wasmparser::BinaryReaderError| ComponentError::Invalid {
        file: file.name.clone(),
        reason: error.to_string(),
    };
    validate(file)?;
    sections::imports(&file.bytes).map_err(invalid)
}

/// The full names of what a component exports.
pub fn exports(file: &ComponentFile) -> Result<Vec<String>, ComponentError> {
    let invalid = |error: wasmparser::BinaryReaderError| ComponentError::Invalid {
        file: file.name.clone(),
        reason: error.to_string(),
    };
    validate(file)?;
    sections::exports(&file.bytes).map_err(invalid)
}

fn print(decoded: &DecodedWasm) -> Result<Text, String> {
    let resolve = decoded.resolve();
    let main = decoded.package();
    let others: Vec<_> =
        resolve.packages.iter().map(|(id, _)| id).filter(|id| *id != main).collect();
    let mut printer = WitPrinter::new(Text::default());
    printer.print(resolve, main, &others).map_err(|error| format!("{error:#}"))?;
    Ok(printer.output)
}

/// Text that stops growing at its limit.
#[derive(Default)]
struct Text {
    written: String,
    indent: usize,
    is_line_new: bool,
    is_full: bool,
}

impl Output for Text {
    fn push_str(&mut self, text: &str) {
        if self.written.len() + text.len() > TEXT_BYTES_MAX {
            self.is_full = true;
        } else {
            self.written.push_str(text);
        }
    }

    fn indent_if_needed(&mut self) -> bool {
        if !self.is_line_new {
            return false;
        }
        for _ in 0..self.indent {
            self.push_str("  ");
        }
        self.is_line_new = false;
        true
    }

    fn indent_start(&mut self) {
        self.push_str(" {");
        self.indent += 1;
        self.newline();
    }

    fn indent_end(&mut self) {
        self.indent = self.indent.saturating_sub(1);
        self.indent_if_needed();
        self.push_str("}");
        self.newline();
    }

    fn newline(&mut self) {
        self.push_str("\n");
        self.is_line_new = true;
    }
}
