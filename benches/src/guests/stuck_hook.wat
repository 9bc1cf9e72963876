;; A hook that, for slugs that begin with `b`, takes all the memory it may, touches it, and never returns.
(module
  (memory (export "memory") 2)
  (global $heap (mut i32) (i32.const 4096))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get 3)))
    (local.get $at))
  (func (export "smartcms:plugin/before-save@0.1.0#before-save")
    (param i32 i32 i32 i32 i32) (param $slug i32) (param i32 i32 i32 i32 i32) (result i32)
    (if (i32.eq (i32.load8_u (local.get $slug)) (i32.const 98)) (then
      ;; 64 MiB are 1,024 pages.
      (if (i32.eq (memory.grow (i32.const 1022)) (i32.const -1)) (then unreachable))
      (memory.fill (i32.const 131072) (i32.const 170) (i32.const 66977792))
      (loop $again (br $again))))
    ;; The zeros at 16 say: accepted, with no changes.
    (i32.const 16)))
