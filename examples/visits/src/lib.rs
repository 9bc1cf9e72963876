//! An HTTP route that counts visits: `GET PATH` answers `{"path":PATH,"visits":N}`.
//!
//! The count of each path is a key in the plugin's own key-value store. It grows through `atomics`, so
//! requests that arrive at the same moment are all counted.

mod answer;
mod key;

wit_bindgen::generate!({
    path: "../../wit/deps/keyvalue",
    inline: "
        package smartcms:visits;

        world counter {
            import wasi:keyvalue/store@0.2.0-draft;
            import wasi:keyvalue/atomics@0.2.0-draft;
        }
    ",
    world: "smartcms:visits/counter",
    generate_all,
});

use wasi::keyvalue::{atomics, store};
use wasip2::http::types::{IncomingRequest, Method, ResponseOutparam};

use crate::answer::Answer;

/// The plugin's own bucket. Hosts that know a single bucket call it so.
const BUCKET: &str = "";

struct Visits;

impl wasip2::exports::http::incoming_handler::Guest for Visits {
    fn handle(request: IncomingRequest, response: ResponseOutparam) {
        answer_to(&request).send(response);
    }
}

wasip2::http::proxy::export!(Visits);

fn answer_to(request: &IncomingRequest) -> Answer {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return Answer::error(405, "only GET and HEAD are answered here");
    }
    let address = request.path_with_query().unwrap_or_default();
    let path = address.split('?').next().unwrap_or_default();
    let Some(key) = key::of_path(path) else {
        return Answer::error(414, "the path is too long to be counted");
    };
    match count(&key) {
        Ok(visits) => Answer::visits(path, visits),
        Err(error) => Answer::error(503, &format!("the visit was not counted: {error:?}")),
    }
}

fn count(key: &str) -> Result<u64, store::Error> {
    let bucket = store::open(BUCKET)?;
    atomics::increment(&bucket, key, 1)
}
