//! A route of WASI 0.3 that misbehaves in the way that its path names.

use wasip3::http::types::{ErrorCode, Fields, Request, Response};
use wasip3::{wit_future, wit_stream};

use crate::component::smartcms::kvstore;

wit_bindgen::generate!({
    inline: "package tests:keys; world keys { import component:smartcms/kvstore; }",
    path: ["../../../../wit/kvstore"],
    world: "tests:keys/keys",
    generate_all,
});

/// More than any limit of a log.
const FLOOD_LINES: usize = 5_000;
/// More than any limit of an answer.
const HUGE: usize = 40 * 1024 * 1024;

struct Misbehave;

impl wasip3::exports::http::handler::Guest for Misbehave {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        let path = request.get_path_with_query().unwrap_or_default();
        let body = match path.as_str() {
            "/loop" => loop {
                std::hint::black_box(());
            },
            "/memory" => {
                let mut held = Vec::new();
                loop {
                    held.push(std::hint::black_box(vec![1_u8; 1024 * 1024]));
                }
            }
            "/recursion" => deeper(0).to_string().into_bytes(),
            "/panic" => panic!("asked to panic"),
            "/huge" => vec![b'x'; HUGE],
            "/stdout" => {
                for line in 0..FLOOD_LINES {
                    println!(
                        "line {line} of a flood on standard output, which nobody wants to read"
                    );
                }
                b"the flood is over".to_vec()
            }
            "/calls" => loop {
                kvstore::get("key");
            },
            _ => b"ok".to_vec(),
        };
        Ok(answer(body))
    }
}

fn answer(body: Vec<u8>) -> Response {
    let (mut writer, stream) = wit_stream::new();
    let (trailers_writer, trailers) = wit_future::new(|| Ok(None));
    let (response, _sent) = Response::new(Fields::new(), Some(stream), trailers);
    // Dropping the writer sends the default above: no trailers.
    drop(trailers_writer);
    // There is no reader before the response is handed over.
    wasip3::wit_bindgen::spawn_local(async move {
        let _remaining = writer.write_all(body).await;
    });
    response
}

#[allow(unconditional_recursion, reason = "that is the point")]
fn deeper(depth: u64) -> u64 {
    std::hint::black_box(deeper(depth + 1)) + 1
}

wasip3::http::service::export!(Misbehave);
