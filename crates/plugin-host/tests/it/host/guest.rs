//! Small guests, written as core modules against the canonical ABI and made components of a given world.

use std::path::Path;

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// As much of the published interfaces as test guests use to wait.
const IO: &str = "package wasi:io@0.2.0; interface poll { resource pollable { block: func(); } }";
const CLOCKS: &str = "package wasi:clocks@0.2.0; interface monotonic-clock {
    use wasi:io/poll@0.2.0.{pollable};
    subscribe-duration: func(when: u64) -> pollable;
}";

/// Makes room and never takes it back.
const ROOM: &str = r#"(local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get 3)))
    (block $fits (loop $grow
      (br_if $fits (i32.le_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))))
      (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable))
      (br $grow)))
    (local.get $at)"#;

/// A memory, an allocator, and the pieces that `body` adds.
fn module(room: &str, body: &str) -> String {
    format!(
        r#"(module
          {body}
          (memory (export "memory") 2)
          (global $heap (mut i32) (i32.const 65536))
          (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) {room}))"#
    )
}

/// Makes a component of `world`, the inside of a WIT world, from a module with `body`.
#[track_caller]
pub(super) fn component(world: &str, body: &str) -> Vec<u8> {
    component_with(ROOM, world, body)
}

/// The same with an allocator that does `room` with the four parameters of one.
#[track_caller]
pub(super) fn component_with(room: &str, world: &str, body: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    for folder in ["deps/keyvalue", "deps/logging", "deps/config", "kvstore", "content", "plugin"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit").join(folder);
        resolve.push_dir(folder).unwrap();
    }
    for (name, text) in
        [("http.wit", include_str!("http.wit")), ("io.wit", IO), ("clocks.wit", CLOCKS)]
    {
        resolve.push_str(name, text).unwrap();
    }
    let package = resolve
        .push_str("guest.wit", &format!("package test:guest; world guest {{ {world} }}"))
        .unwrap();
    let world = resolve.select_world(&[package], Some("guest")).unwrap();
    let mut module = wat::parse_str(module(room, body)).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
    ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap()
}

/// A guest of the hostile cases in Rust, as `cargo xtask plugins` builds it.
pub(super) fn built_case(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist/plugin-cases");
    let file = folder.join(name).with_extension("wasm");
    std::fs::read(file).expect("build the guests first: cargo xtask plugins")
}

/// A before-save hook: `body` is what its function does with eleven parameters before it gives the address of a result.
pub(super) fn save_hook(body: &str) -> Vec<u8> {
    component(
        "export smartcms:plugin/before-save@0.1.0;",
        &format!(
            r#"(func (export "smartcms:plugin/before-save@0.1.0#before-save")
                 (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) {body})
               (data (i32.const 4096) "excerpt")
               (data (i32.const 4112) "changed")
               (data (i32.const 4128) "no")
               (data (i32.const 4144) "text")"#
        ),
    )
}

/// Accepts, and sets the field `excerpt` to `changed`.
pub(super) const CHANGES_A_FIELD: &str = "
    (i32.store8 (i32.const 0) (i32.const 0))
    (i32.store (i32.const 4) (i32.const 64)) (i32.store (i32.const 8) (i32.const 1))
    (i32.store (i32.const 64) (i32.const 4096)) (i32.store (i32.const 68) (i32.const 7))
    (i32.store8 (i32.const 72) (i32.const 4))
    (i32.store (i32.const 80) (i32.const 4112)) (i32.store (i32.const 84) (i32.const 7))
    (i32.const 0)";

/// Refuses with one problem of the whole entry, `no`.
pub(super) const REFUSES: &str = "
    (i32.store8 (i32.const 0) (i32.const 1))
    (i32.store (i32.const 4) (i32.const 64)) (i32.store (i32.const 8) (i32.const 1))
    (i32.store8 (i32.const 64) (i32.const 0))
    (i32.store (i32.const 76) (i32.const 4128)) (i32.store (i32.const 80) (i32.const 2))
    (i32.store (i32.const 84) (i32.const 4128)) (i32.store (i32.const 88) (i32.const 2))
    (i32.const 0)";

/// Never ends.
pub(super) const LOOPS: &str = "(loop $forever (br $forever)) unreachable";

/// A filter: `body` finds the HTML at locals 8 (address) and 9 (length) and gives the address of a result.
/// `imports` and `functions` add to the world and the module.
pub(super) fn filter(imports: &str, functions: &str, body: &str) -> Vec<u8> {
    component(
        &format!("{imports} export smartcms:plugin/filters@0.1.0;"),
        &format!(
            r#"{functions}
               (func (export "smartcms:plugin/filters@0.1.0#filter-html")
                 (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (local $a i32) (local $b i32) {body})
               (func $ok (param i32 i32) (result i32)
                 (i32.store8 (i32.const 0) (i32.const 0))
                 (i32.store (i32.const 4) (local.get 0)) (i32.store (i32.const 8) (local.get 1))
                 (i32.const 0))"#
        ),
    )
}
