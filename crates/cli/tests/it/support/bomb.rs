//! A module that is small for what compiling it takes: every one of its locals changes in the innermost of many
//! loops, so that a compiler joins thousands of values at each of hundreds of places.

/// Values that change in the innermost loop.
const LOCALS: usize = 5_000;
/// Loops in loops.
const LOOPS: usize = 500;
/// What a hook gets; its own locals come after.
const PARAMETERS: usize = 11;

/// The text of a hook's module; as a binary it has some fifty kilobytes.
pub(crate) fn text() -> String {
    let parameters = "i32 ".repeat(PARAMETERS);
    let locals = "i64 ".repeat(LOCALS);
    let local = |number: usize| PARAMETERS + number % LOCALS;
    let begins = "loop\n".repeat(LOOPS);
    let change = |it| {
        let (to, from) = (local(it), local(it + 1));
        format!("local.get {to} local.get {from} i64.add local.set {to}\n")
    };
    let changes: String = (0..LOCALS).map(change).collect();
    let end = |it| format!("local.get {} i32.wrap_i64 br_if 0 end\n", local(it));
    let ends: String = (0..LOOPS).map(end).collect();
    format!(
        r#"(module (memory (export "memory") 1)
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
        (func (export "smartcms:plugin/before-save@0.1.0#before-save") (param {parameters}) (result i32)
        (local {locals})
        {begins}{changes}{ends}
        i32.const 16))"#
    )
}
