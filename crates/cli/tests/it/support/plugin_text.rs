//! Small plugins as text, for tests that are not about what a plugin does.

use super::component::component;
use super::site::Site;

/// Accepts every entry.
const ACCEPTS: &str = "(i32.const 16)";

/// A hook that accepts every entry. Its number makes it other bytes than the others.
pub(crate) fn accepting(number: u32) -> Vec<u8> {
    hook(ACCEPTS, number, &[])
}

/// A hook that fails at every entry.
pub(crate) fn failing(number: u32) -> Vec<u8> {
    hook("unreachable", number, &[])
}

/// A hook that fails before it is called.
pub(crate) fn failing_at_start(number: u32) -> Vec<u8> {
    hook_with("", ACCEPTS, number, &[], "(func $never unreachable) (start $never)")
}

/// A hook that accepts every entry, and could reach keys.
pub(crate) fn with_keys(number: u32) -> Vec<u8> {
    let open = r#"(import "wasi:keyvalue/store@0.2.0-draft" "open" (func (param i32 i32 i32)))"#;
    hook_with(open, ACCEPTS, number, &["wasi:keyvalue/store@0.2.0-draft".to_owned()], "")
}

/// A plugin and the plugin.toml beside it, in a folder of the site; the path of the plugin.
pub(crate) fn write(site: &Site, folder: &str, wasm: &[u8], version: &str) -> String {
    let more =
        if wasm_imports_keys(wasm) { "\n[capabilities]\nkv = \"to remember\"\n" } else { "" };
    let manifest = format!(
        "id = \"gate\"\nname = \"Gate\"\nversion = \"{version}\"\ndescription = \"Lets entries in.\"\n{more}"
    );
    site.write(&format!("{folder}/plugin.toml"), manifest);
    site.write(&format!("{folder}/gate.wasm"), wasm)
}

fn wasm_imports_keys(wasm: &[u8]) -> bool {
    let name = b"wasi:keyvalue/store";
    wasm.windows(name.len()).any(|it| it == name)
}

fn hook(body: &str, number: u32, imports: &[String]) -> Vec<u8> {
    hook_with("", body, number, imports, "")
}

fn hook_with(import: &str, body: &str, number: u32, imports: &[String], more: &str) -> Vec<u8> {
    let parameters = "(param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)";
    let text = format!(
        r#"(module {import} (memory (export "memory") 2)
        (data (i32.const 4096) "{number}")
        (global $free (mut i32) (i32.const 8192))
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
            (local $at i32)
            (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
            (global.set $free (i32.add (local.get $at) (local.get 3)))
            (local.get $at))
        (func (export "smartcms:plugin/before-save@0.1.0#before-save") {parameters} (result i32)
            {body}) {more})"#
    );
    component(&text, imports, &["smartcms:plugin/before-save@0.1.0".to_owned()])
}
