//! Bodies that do not end as they should.

use wasip2::clocks::monotonic_clock;
use wasip2::http::types::{Fields, OutgoingBody, OutgoingResponse, ResponseOutparam};
use wasip2::io::streams::OutputStream;

const HOUR_NS: u64 = 3_600_000_000_000;
const MOMENT_NS: u64 = 200_000_000;

/// Sends one byte, and the next one an hour later.
pub(crate) fn slow(outparam: ResponseOutparam) {
    let Some((_body, stream)) = begin(outparam) else { return };
    let _ = stream.blocking_write_and_flush(b"a");
    monotonic_clock::subscribe_duration(HOUR_NS).block();
    let _ = stream.blocking_write_and_flush(b"b");
}

/// Sends for as long as the host takes it.
pub(crate) fn endless(outparam: ResponseOutparam) {
    let Some((_body, stream)) = begin(outparam) else { return };
    let piece = [b'x'; 4096];
    while stream.blocking_write_and_flush(&piece).is_ok() {}
}

/// Sends one half, gives it time to leave the host, and fails.
pub(crate) fn half(outparam: ResponseOutparam) {
    let Some((_body, stream)) = begin(outparam) else { return };
    let _ = stream.blocking_write_and_flush(b"one half");
    monotonic_clock::subscribe_duration(MOMENT_NS).block();
    panic!("asked to panic in the middle of a body");
}

fn begin(outparam: ResponseOutparam) -> Option<(OutgoingBody, OutputStream)> {
    let response = OutgoingResponse::new(Fields::new());
    let body = response.body().ok()?;
    ResponseOutparam::set(outparam, Ok(response));
    let stream = body.write().ok()?;
    Some((body, stream))
}
