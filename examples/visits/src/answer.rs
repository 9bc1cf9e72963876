//! Answers in JSON, and how they are sent.

use wasip2::http::types::{Fields, OutgoingBody, OutgoingResponse, ResponseOutparam};

/// How much one blocking write takes, by the definition of `wasi:io/streams`.
const MAX_WRITE_BYTES: usize = 4096;

/// A status and the JSON that goes with it.
pub(crate) struct Answer {
    status: u16,
    json: String,
}

impl Answer {
    /// How often a path was visited.
    pub(crate) fn visits(path: &str, visits: u64) -> Self {
        Self { status: 200, json: format!("{{\"path\":{},\"visits\":{visits}}}\n", quoted(path)) }
    }

    /// Why there is no count.
    pub(crate) fn error(status: u16, message: &str) -> Self {
        Self { status, json: format!("{{\"error\":{}}}\n", quoted(message)) }
    }

    /// Sends the answer. A client that has gone away is no error of ours.
    pub(crate) fn send(&self, outparam: ResponseOutparam) {
        let headers = Fields::new();
        let _ = headers.append("content-type", b"application/json");
        let _ = headers.append("cache-control", b"no-store");
        let response = OutgoingResponse::new(headers);
        let _ = response.set_status_code(self.status);
        let Ok(body) = response.body() else { return };
        ResponseOutparam::set(outparam, Ok(response));
        if let Ok(stream) = body.write() {
            for chunk in self.json.as_bytes().chunks(MAX_WRITE_BYTES) {
                let _ = stream.blocking_write_and_flush(chunk);
            }
        }
        let _ = OutgoingBody::finish(body, None);
    }
}

/// A text as a JSON string.
fn quoted(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            control if control < ' ' => json.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => json.push(other),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_cannot_break_out_of_the_json() {
        let answer = Answer::visits("/a\"b\\c\n", 3);
        assert_eq!(answer.json, "{\"path\":\"/a\\\"b\\\\c\\u000a\",\"visits\":3}\n");
    }
}
