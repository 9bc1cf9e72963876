//! The lines of an answer, as they come.

use http_body_util::BodyExt as _;
use smartcms_app::ports::{ModelError, OutboundBody};

use super::away;

/// The longest line.
const LINE_BYTES_MAX: usize = 1024 * 1024;

/// Reads a body line by line.
pub(super) struct Lines {
    body: OutboundBody,
    waiting: Vec<u8>,
    is_over: bool,
}

impl Lines {
    pub(super) fn of(body: OutboundBody) -> Self {
        Self { body, waiting: Vec::new(), is_over: false }
    }

    /// The next line without its end; none after the last one.
    pub(super) async fn next(&mut self) -> Result<Option<String>, ModelError> {
        loop {
            if let Some(at) = self.waiting.iter().position(|it| *it == b'\n') {
                let rest = self.waiting.split_off(at + 1);
                let line = std::mem::replace(&mut self.waiting, rest);
                return Ok(Some(text(&line)));
            }
            if self.waiting.len() > LINE_BYTES_MAX {
                return Err(ModelError::Unfit("a line that is too long".to_owned()));
            }
            if self.is_over {
                let line = std::mem::take(&mut self.waiting);
                return Ok((!line.is_empty()).then(|| text(&line)));
            }
            match self.body.frame().await {
                None => self.is_over = true,
                Some(Err(error)) => return Err(away(&error)),
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.waiting.extend_from_slice(&data);
                    }
                }
            }
        }
    }
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).trim_end_matches(['\n', '\r']).to_owned()
}
