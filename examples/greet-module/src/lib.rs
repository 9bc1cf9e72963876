//! The greet component one step earlier: a core module of WASI 0.1 that carries its WIT.

wit_bindgen::generate!({ path: "../greet/wit", world: "greeter" });

struct Greeter;

impl Guest for Greeter {
    fn greet(name: String) -> String {
        format!("Hello, {name}!")
    }
}

export!(Greeter);
