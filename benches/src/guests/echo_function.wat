;; A library with one function, `echo`, which answers with the text it was given.
(module
  (memory (export "memory") 2)
  (data (i32.const 64) "echo")
  (data (i32.const 72) "text")
  ;; A parameter at 96: its name, and its type, text.
  (data (i32.const 96) "\48\00\00\00\04\00\00\00\03")
  ;; The function at 128: name, description, parameters, result, deterministic.
  (data (i32.const 128) "\40\00\00\00\04\00\00\00\40\00\00\00\04\00\00\00\60\00\00\00\01\00\00\00\03\01")
  ;; The list of functions at 32.
  (data (i32.const 32) "\80\00\00\00\01\00\00\00")
  (global $heap (mut i32) (i32.const 4096))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get 3)))
    (local.get $at))
  (func (export "smartcms:plugin/functions@0.1.0#list") (result i32) (i32.const 32))
  (func (export "smartcms:plugin/functions@0.1.0#call")
    (param i32 i32) (param $arguments i32) (param i32) (result i32)
    ;; ok(text(…)): the text is where the argument lies.
    (i32.store8 (i32.const 0) (i32.const 0))
    (i32.store8 (i32.const 8) (i32.const 4))
    (i32.store (i32.const 16) (i32.load offset=8 (local.get $arguments)))
    (i32.store (i32.const 20) (i32.load offset=12 (local.get $arguments)))
    (i32.const 0))
  ;; The instance is used again: what the call took is free.
  (func (export "cabi_post_smartcms:plugin/functions@0.1.0#call") (param i32)
    (global.set $heap (i32.const 4096))))
