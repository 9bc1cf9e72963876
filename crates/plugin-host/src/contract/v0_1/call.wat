;; Stands beside a module with the function `call` of smartcms:plugin/functions, so that a query enters WebAssembly once
;; for each row and not five times: makes room for the arguments, puts them there, and calls. Trusted no more than the
;; module is: whatever an address leads beyond a memory, or a list is laid where none may lie, it traps.
(module
  (import "guest" "memory" (memory $guest 0))
  (import "guest" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
  (import "guest" "call" (func $guest_call (param i32 i32 i32 i32) (result i32)))
  (import "guest" "post-return" (func $post_return (param i32)))

  ;; What is given: the list from 0 on as the canonical ABI has it, sixteen bytes for each scalar, and then the texts and
  ;; bytes that it leads to.
  (memory $given (export "given") 1)

  ;; The answer of the last call, which was read before there is a next one.
  (global $answer (mut i32) (i32.const 0))
  (global $is_answered (mut i32) (i32.const 0))

  (func (export "call") (param $name i32) (param $length i32) (param $count i32) (result i32)
    (local $list i32) (local $scalar i32) (local $end i32) (local $place i32)
    (if (global.get $is_answered) (then
      (global.set $is_answered (i32.const 0))
      (call $post_return (global.get $answer))))
    (local.set $name (call $put (local.get $name) (local.get $length)))
    (local.set $end (i32.shl (local.get $count) (i32.const 4)))
    (local.set $list (call $realloc (i32.const 0) (i32.const 0) (i32.const 8) (local.get $end)))
    (if (i32.and (local.get $list) (i32.const 7)) (then unreachable))
    (block $done (loop $next
      (br_if $done (i32.eq (local.get $scalar) (local.get $end)))
      (local.set $place (i32.add (local.get $list) (local.get $scalar)))
      (i64.store $guest (local.get $place) (i64.load $given (local.get $scalar)))
      (i64.store $guest offset=8 (local.get $place) (i64.load $given offset=8 (local.get $scalar)))
      ;; The cases 4 and 5, texts and bytes, lead on.
      (if (i32.ge_u (i32.load8_u $given (local.get $scalar)) (i32.const 4)) (then
        (i32.store $guest offset=8 (local.get $place)
          (call $put
            (i32.load $given offset=8 (local.get $scalar))
            (i32.load $given offset=12 (local.get $scalar))))))
      (local.set $scalar (i32.add (local.get $scalar) (i32.const 16)))
      (br $next)))
    (global.set $answer
      (call $guest_call (local.get $name) (local.get $length) (local.get $list) (local.get $count)))
    (global.set $is_answered (i32.const 1))
    (global.get $answer))

  ;; Puts bytes into room that the guest makes for them, and gives their address there.
  (func $put (param $from i32) (param $length i32) (result i32) (local $to i32) (local $at i32)
    (local.set $to (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (local.get $length)))
    ;; Copying by one instruction leaves the code for a function of the engine, which short texts are not worth.
    (if (i32.ge_u (local.get $length) (i32.const 128))
      (then
        (memory.copy $guest $given (local.get $to) (local.get $from) (local.get $length)))
      (else
        (block $done (loop $eight
          (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 8)) (local.get $length)))
          (i64.store $guest (i32.add (local.get $to) (local.get $at))
            (i64.load $given (i32.add (local.get $from) (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 8)))
          (br $eight)))
        (block $done (loop $one
          (br_if $done (i32.eq (local.get $at) (local.get $length)))
          (i32.store8 $guest (i32.add (local.get $to) (local.get $at))
            (i32.load8_u $given (i32.add (local.get $from) (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $one)))))
    (local.get $to)))
