//! The generated side of the key-value interfaces.

wasmtime::component::bindgen!({
    path: ["../../wit/deps/keyvalue", "../../wit/kvstore"],
    inline: "
        package smartcms:host-keys;
        world host {
            import wasi:keyvalue/store@0.2.0-draft;
            import wasi:keyvalue/atomics@0.2.0-draft;
            import wasi:keyvalue/batch@0.2.0-draft;
            import component:smartcms/kvstore;
        }
    ",
    world: "smartcms:host-keys/host",
    imports: { default: async | trappable },
    with: {
        "wasi:keyvalue/store.bucket": super::Bucket,
    },
    trappable_error_type: {
        "wasi:keyvalue/store.error" => super::KeysError,
    },
});
