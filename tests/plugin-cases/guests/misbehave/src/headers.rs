//! Headers that a plugin must not send, and one that it may not be told.

use wasip2::http::types::{Fields, IncomingRequest, ResponseOutparam};

use crate::answer::{answer, answer_with};

/// Tries to begin a second header, and a second response, inside a value.
pub(crate) fn split(outparam: ResponseOutparam) {
    let headers = Fields::new();
    let mut words = Vec::new();
    for value in ["a\r\nset-cookie: stolen=1", "a\nx-second: 1", "a\0b", "a\r\n\r\n<script>"] {
        words.push(format!("{:?}", headers.append("x-split", value.as_bytes())));
    }
    words.push(format!("{:?}", headers.append("x-a\r\nx-b", b"1")));
    answer_with(outparam, headers, &words.join("\n"));
}

/// Tries to set cookies, and to speak in the host's name.
pub(crate) fn cookie(outparam: ResponseOutparam) {
    let headers = Fields::new();
    for (name, value) in [
        ("set-cookie", "session=stolen; Path=/"),
        ("Set-Cookie", "second=stolen"),
        ("clear-site-data", "\"*\""),
        ("strict-transport-security", "max-age=0"),
        ("x-ordinary", "kept"),
    ] {
        let _ = headers.append(name, value.as_bytes());
    }
    answer_with(outparam, headers, "cookies were set");
}

/// Tries headers that belong to the connection.
pub(crate) fn hop_by_hop(outparam: ResponseOutparam) {
    let headers = Fields::new();
    let mut words = Vec::new();
    for (name, value) in [
        ("connection", "upgrade"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "evil"),
        ("keep-alive", "timeout=1"),
    ] {
        words.push(format!("{name}: {:?}", headers.append(name, value.as_bytes())));
    }
    answer_with(outparam, headers, &words.join("\n"));
}

/// Adds headers until the host stops it.
pub(crate) fn without_end(outparam: ResponseOutparam) {
    let headers = Fields::new();
    let value = vec![b'x'; 4096];
    for _ in 0..100_000 {
        if let Err(error) = headers.append("x-more", &value) {
            return answer(outparam, &format!("the host stopped it: {error:?}"));
        }
    }
    answer_with(outparam, headers, "a hundred thousand headers");
}

/// A header of the request.
pub(crate) fn received(request: &IncomingRequest, name: &str) -> String {
    let values = request.headers().get(name);
    match values.first() {
        Some(value) => format!("{name}: {}", String::from_utf8_lossy(value)),
        None => format!("no {name}"),
    }
}
