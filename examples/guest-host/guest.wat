;; A core module that greets. All that crosses its border are numbers, so a text crosses it as two of them:
;; where its bytes lie in the module's memory, and how many there are.
(module
  ;; One page of 64 KiB, which the host may read and write.
  (memory (export "memory") 1)

  ;; Bytes 0 to 6 are "Hello, ". Everything from byte 16 on is free.
  (data (i32.const 0) "Hello, ")

  ;; The first free byte. Nothing is ever given back: an instance lives for one call.
  (global $free (mut i32) (i32.const 16))

  ;; Sets bytes aside and says where they begin. Traps when the page is full.
  (func $allocate (export "allocate") (param $length i32) (result i32)
    (local $start i32)
    (local.set $start (global.get $free))
    ;; In 64 bits, so that no length, however wrong, wraps around to a small end.
    (if (i64.gt_u
          (i64.add (i64.extend_i32_u (local.get $start)) (i64.extend_i32_u (local.get $length)))
          (i64.const 65536))
      (then unreachable))
    (global.set $free (i32.add (local.get $start) (local.get $length)))
    (local.get $start))

  ;; Takes a name, returns "Hello, NAME!" as (start << 32) | length.
  (func (export "greet") (param $name i32) (param $length i32) (result i64)
    (local $start i32)
    (local.set $start (call $allocate (i32.add (local.get $length) (i32.const 8))))
    (memory.copy (local.get $start) (i32.const 0) (i32.const 7))
    (memory.copy (i32.add (local.get $start) (i32.const 7)) (local.get $name) (local.get $length))
    (i32.store8
      (i32.add (i32.add (local.get $start) (i32.const 7)) (local.get $length))
      (i32.const 33)) ;; "!"
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $start)) (i64.const 32))
      (i64.extend_i32_u (i32.add (local.get $length) (i32.const 8)))))
)
