//! The generated side of `wasi:nn`.

wasmtime::component::bindgen!({
    path: "../../wit/deps/nn",
    world: "wasi:nn/ml",
    imports: { default: async | trappable },
    with: {
        "wasi:nn/tensor.tensor": super::GuestTensor,
        "wasi:nn/graph.graph": super::Graph,
        "wasi:nn/inference.graph-execution-context": super::Context,
        "wasi:nn/errors.error": super::GuestError,
    },
});
