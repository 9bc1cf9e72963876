//! Plain answers.

use wasip2::http::types::{Fields, OutgoingBody, OutgoingResponse, ResponseOutparam};

/// Answers 200 with a text.
pub(crate) fn answer(outparam: ResponseOutparam, text: &str) {
    let response = OutgoingResponse::new(Fields::new());
    let Ok(body) = response.body() else { return };
    ResponseOutparam::set(outparam, Ok(response));
    if let Ok(stream) = body.write() {
        for piece in text.as_bytes().chunks(4096) {
            let _ = stream.blocking_write_and_flush(piece);
        }
    }
    let _ = OutgoingBody::finish(body, None);
}
