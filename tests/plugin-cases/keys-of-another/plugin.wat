;; Two plugins that use the same key: neither finds what the other stored.
(module
  (import "component:smartcms/kvstore" "get" (func $get (param $key i32) (param $key-len i32) (param $result i32)))
  (import "component:smartcms/kvstore" "set"
    (func $set (param $key i32) (param $key-len i32) (param $value i32) (param $value-len i32)))
  (memory (export "memory") 2)
  (data (i32.const 512) "mark")
  ;; A refusal with one problem, as the canonical ABI lays it out.
  (data (i32.const 64) "\01\00\00\00\60\00\00\00\01\00\00\00")
  (data (i32.const 96) "\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\0a\00\00\00\40\01\00\00\19\00\00\00")
  (data (i32.const 256) "mark-found")
  (data (i32.const 320) "the key was there already")
  ;; Arguments are put behind what is fixed. Nothing is freed: an instance lives for one call.
  (global $free (mut i32) (i32.const 8192))
  (func (export "cabi_realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (local.get $at))
  (func (export "smartcms:plugin/before-save@0.1.0#before-save")
    (param $is-stored i32) (param $entry i32) (param $entry-len i32)
    (param $collection i32) (param $collection-len i32)
    (param $slug i32) (param $slug-len i32)
    (param $fields i32) (param $fields-len i32)
    (param $locale i32) (param $locale-len i32)
    (result i32)
    ;; Only entries whose slug begins with `b` are treated badly.
    (if (i32.eq (i32.load8_u (local.get $slug)) (i32.const 98)) (then
      ;; Refuses when the key is there, else stores it.
      (call $get (i32.const 512) (i32.const 4) (i32.const 128))
      (if (i32.load8_u (i32.const 128)) (then (return (i32.const 64))))
      (call $set (i32.const 512) (i32.const 4) (i32.const 512) (i32.const 4))))
    ;; The zeros at 16 say: accepted, with no changes.
    (i32.const 16)))
