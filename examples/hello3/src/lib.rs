//! The smallest HTTP handler for WASI 0.3: every request gets a greeting.

use wasip3::http::types::{ErrorCode, Fields, Request, Response};
use wasip3::{wit_bindgen, wit_future, wit_stream};

const GREETING: &[u8] = b"Hello from WASI 0.3!\n";

struct Hello;

impl wasip3::exports::http::handler::Guest for Hello {
    async fn handle(_request: Request) -> Result<Response, ErrorCode> {
        let headers = Fields::new();
        let plain_text = b"text/plain; charset=utf-8".to_vec();
        headers
            .append("content-type", &plain_text)
            .map_err(|error| ErrorCode::InternalError(Some(format!("{error:?}"))))?;
        let (mut body_writer, body) = wit_stream::new();
        let (trailers_writer, trailers) = wit_future::new(|| Ok(None));
        let (response, _sent) = Response::new(headers, Some(body), trailers);
        // Dropping the writer sends the default above: no trailers.
        drop(trailers_writer);
        // The body is written after the response is handed over: there is no reader before that.
        wit_bindgen::spawn_local(async move {
            // What remains unwritten when the reader hangs up is nobody's loss.
            let _remaining = body_writer.write_all(GREETING.to_vec()).await;
        });
        Ok(response)
    }
}

wasip3::http::service::export!(Hello);
