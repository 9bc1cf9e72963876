;; Reads its input into its own memory, and gives it back: what `fn echo(input: Vec<u8>) -> Vec<u8>` of the PDK does.
(module
  (import "extism:host/env" "input_length" (func $input-length (result i64)))
  (import "extism:host/env" "input_load_u64" (func $input-load (param i64) (result i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store (param i64 i64)))
  (import "extism:host/env" "output_set" (func $output-set (param i64 i64)))
  ;; Room for 1 MiB.
  (memory (export "memory") 17)
  (func (export "echo") (result i32)
    (local $len i64) (local $at i64) (local $out i64)
    (local.set $len (call $input-length))
    (block $read (loop $more
      (br_if $read (i64.ge_u (local.get $at) (local.get $len)))
      (i64.store (i32.wrap_i64 (local.get $at)) (call $input-load (local.get $at)))
      (local.set $at (i64.add (local.get $at) (i64.const 8)))
      (br $more)))
    (local.set $out (call $alloc (local.get $len)))
    (local.set $at (i64.const 0))
    (block $written (loop $more
      (br_if $written (i64.ge_u (local.get $at) (local.get $len)))
      (call $store (i64.add (local.get $out) (local.get $at)) (i64.load (i32.wrap_i64 (local.get $at))))
      (local.set $at (i64.add (local.get $at) (i64.const 8)))
      (br $more)))
    (call $output-set (local.get $out) (local.get $len))
    (i32.const 0)))
