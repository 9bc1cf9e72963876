//! Answers that are kept, as the host takes them.

use axum::http::StatusCode;
use bytes::Bytes;
use smartcms_http::Listed;
use wasip3::http::types::{ErrorCode, Fields, Response};
use wasip3::{spawn_local, wit_future, wit_stream};

/// Gives an answer whose headers are listed already, in one call, and whose body is there as a whole.
pub(super) fn give(
    status: StatusCode,
    headers: &Listed,
    body: &Bytes,
) -> Result<Response, ErrorCode> {
    let refused = |what: &str| ErrorCode::InternalError(Some(format!("the host refused {what}")));
    let headers = Fields::from_list(headers).map_err(|_| refused("the headers"))?;
    // Who writes the trailers is gone at once, which says that there are none.
    let (_, trailers) = wit_future::new(|| Ok(None));
    let (writer, reader) = match body.is_empty() {
        true => (None, None),
        false => {
            let (writer, reader) = wit_stream::new();
            (Some(writer), Some(reader))
        }
    };
    let (response, _) = Response::new(headers, reader, trailers);
    // What a response is made with.
    if status != StatusCode::OK {
        response.set_status_code(status.as_u16()).map_err(|()| refused("the status"))?;
    }
    if let Some(mut writer) = writer {
        // There is no reader before the response is handed over. Who has gone does not need the rest.
        let body = body.to_vec();
        spawn_local(async move {
            let _ = writer.write_all(body).await;
        });
    }
    Ok(response)
}
