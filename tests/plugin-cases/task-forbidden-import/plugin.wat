;; A task that imports keys and was not granted them.
(module
  (import "component:smartcms/kvstore" "get" (func $get (param $key i32) (param $key-len i32) (param $result i32)))
  (memory (export "memory") 32)
  ;; One task, `bad`, without a description and a schedule: its record is at 64, the list at 32.
  (data (i32.const 32) "\40\00\00\00\01\00\00\00")
  (data (i32.const 48) "bad")
  (data (i32.const 64) "\30\00\00\00\03\00\00\00")
  (func (export "smartcms:plugin/tasks@0.1.0#list") (result i32) (i32.const 32))
  (data (i32.const 256) "key")
  ;; Arguments are put behind what is fixed. Nothing is freed: an instance lives for one call.
  (global $free (mut i32) (i32.const 8192))
  (func (export "cabi_realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (local.get $at))
  (func (export "smartcms:plugin/tasks@0.1.0#run")
    (param $id i32) (param $id-len i32) (param $task i32) (param $task-len i32)
    (param $has-argument i32) (param $argument i32) (param $argument-len i32)
    (param $has-checkpoint i32) (param $checkpoint i32) (param $checkpoint-len i32)
    (result i32)
    (loop $again (call $get (i32.const 256) (i32.const 3) (i32.const 128)) (br $again))
    unreachable))
