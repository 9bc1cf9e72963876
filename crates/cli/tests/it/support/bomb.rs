//! A module that is small for what compiling it takes: one function whose values all depend on one another.

use std::fmt::Write;

/// The body of one function may have this many bytes at most by what engines take; each line below takes ten.
const LINES: usize = 700_000;

/// The text of a hook's module.
pub(crate) fn text() -> String {
    let parameters = "i32 ".repeat(9);
    let mut text = format!(
        r#"(module (memory (export "memory") 1)
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
        (func (export "smartcms:plugin/before-save@0.1.0#before-save") (param {parameters}) (result i32)
        (local $a i64) (local $b i64) (local $c i64)"#
    );
    for line in 0..LINES {
        let (to, from) = [("$a", "$b"), ("$b", "$c"), ("$c", "$a")][line % 3];
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "(local.set {to} (i64.rotl (local.get {from}) (i64.mul (local.get {to}) (i64.const {line}))))"
        );
    }
    text.push_str("(i32.wrap_i64 (local.get $a))))");
    text
}
