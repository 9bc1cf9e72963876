//! What the core imports of its host and of what is composed onto it, beside WASI.
#![allow(unsafe_code, reason = "what is generated passes memory to the host and back")]

wit_bindgen::generate!({ world: "core", path: "../../wit/portable" });
