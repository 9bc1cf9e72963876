//! A route that sends requests: `/get?URL` sends one and follows redirects by itself, as client libraries
//! do, `/flood?URL` sends many. The answer tells what came back, or the error that the host gave.

mod client;

use wasip2::http::types::{
    Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam,
};

use crate::client::get;

/// How many redirects are followed.
const REDIRECTS_MAX: usize = 5;
/// More than the host allows in one call.
const FLOOD_REQUESTS: usize = 100;

struct Fetch;

impl wasip2::exports::http::incoming_handler::Guest for Fetch {
    fn handle(request: IncomingRequest, outparam: ResponseOutparam) {
        let address = request.path_with_query().unwrap_or_default();
        let (path, url) = address.split_once('?').unwrap_or((&address, ""));
        let words = match path {
            "/get" => follow(url),
            "/flood" => flood(url),
            _ => "ok".to_owned(),
        };
        answer(outparam, &words);
    }
}

wasip2::http::proxy::export!(Fetch);

fn follow(url: &str) -> String {
    let mut words = Vec::new();
    let mut next = Some(url.to_owned());
    while let Some(url) = next.take() {
        match get(&url) {
            Ok(reply) => {
                words.push(format!("{url} answered {}: {}", reply.status, reply.text));
                next = reply.location.filter(|_| words.len() <= REDIRECTS_MAX);
            }
            Err(error) => words.push(format!("{url} was refused: {error}")),
        }
    }
    words.join("\n")
}

fn flood(url: &str) -> String {
    for sent in 0..FLOOD_REQUESTS {
        if let Err(error) = get(url) {
            return format!("stopped after {sent}: {error}");
        }
    }
    format!("{FLOOD_REQUESTS} requests were sent")
}

fn answer(outparam: ResponseOutparam, text: &str) {
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
