//! Answers requests under /ext/my-plugin/: `hello?name=Ann` greets Ann.

use smartcms_plugin::settings;
use wasip2::http::types::{
    Fields, IncomingRequest, Method, OutgoingBody, OutgoingResponse, ResponseOutparam,
};

/// How much one write takes, by the definition of `wasi:io/streams`.
const WRITE_BYTES_MAX: usize = 4096;

struct Plugin;

impl wasip2::exports::http::incoming_handler::Guest for Plugin {
    fn handle(request: IncomingRequest, response: ResponseOutparam) {
        let (status, text) = answer(&request);
        send(response, status, &text);
    }
}

wasip2::http::proxy::export!(Plugin);

fn answer(request: &IncomingRequest) -> (u16, String) {
    // The path and the query that follow /ext/my-plugin.
    let address = request.path_with_query().unwrap_or_default();
    let (path, query) = address.split_once('?').unwrap_or((&address, ""));
    match (request.method(), path) {
        (Method::Get | Method::Head, "/hello") => {
            match settings::get_or("greeting", "Hello".to_owned()) {
                Ok(greeting) => (200, format!("{greeting}, {}!\n", name(query))),
                Err(error) => (500, format!("{error}\n")),
            }
        }
        (_, "/hello") => (405, "only GET is answered here\n".to_owned()),
        _ => (404, "there is nothing here; try /hello?name=Ann\n".to_owned()),
    }
}

/// The value of `name`, of which a small part is taken.
fn name(query: &str) -> String {
    let value = query.split('&').find_map(|it| it.strip_prefix("name="));
    value.filter(|it| !it.is_empty()).unwrap_or("world").chars().take(40).collect()
}

fn send(outparam: ResponseOutparam, status: u16, text: &str) {
    let headers = Fields::new();
    let _ = headers.append("content-type", b"text/plain; charset=utf-8");
    let response = OutgoingResponse::new(headers);
    let _ = response.set_status_code(status);
    let Ok(body) = response.body() else { return };
    ResponseOutparam::set(outparam, Ok(response));
    // A client that has gone away is no error of ours.
    if let Ok(stream) = body.write() {
        for chunk in text.as_bytes().chunks(WRITE_BYTES_MAX) {
            let _ = stream.blocking_write_and_flush(chunk);
        }
    }
    let _ = OutgoingBody::finish(body, None);
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_is_found_in_the_query() {
        assert_eq!(name("a=1&name=Ann"), "Ann");
        assert_eq!(name(""), "world");
    }
}
