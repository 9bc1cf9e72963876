;; A listener that imports keys and was not granted them.
(module
  (import "component:smartcms/kvstore" "get" (func $get (param $key i32) (param $key-len i32) (param $result i32)))
  (memory (export "memory") 2)
  (data (i32.const 256) "key")
  ;; Arguments are put behind what is fixed. Nothing is freed: an instance lives for one call.
  (global $free (mut i32) (i32.const 8192))
  (func (export "cabi_realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (local.get $at))
  (func (export "smartcms:plugin/events@0.1.0#on-event")
    (param $id i32) (param $id-len i32) (param $kind i32) (param $kind-len i32)
    (param $at i32) (param $at-len i32) (param $collection i32) (param $collection-len i32)
    (param $entry i32) (param $entry-len i32) (param $revision i64)
    (result i32)
    (loop $again (call $get (i32.const 256) (i32.const 3) (i32.const 128)) (br $again))
    unreachable))
