;; What a plugin has from the site that it is composed into: its settings and its log; and whose its keys are, for what keeps
;; them.
;;
;; Each plugin has an instance of its own. `configure` is called once, before anything else: its arguments are kept where they
;; are. Lines of the log go to standard error, cut to one buffer, and without what could begin a line of its own.
(module
  (import "wasi:cli/stderr@0.2.0" "get-stderr" (func $stderr (result i32)))
  (import "wasi:io/streams@0.2.0" "[method]output-stream.blocking-write-and-flush"
    (func $write (param i32 i32 i32 i32)))
  (import "wasi:io/streams@0.2.0" "[resource-drop]output-stream" (func $drop-stream (param i32)))
  (import "wasi:io/error@0.2.0" "[resource-drop]error" (func $drop-error (param i32)))

  (memory (export "memory") 1 1024)
  ;; 16: answers, 16 bytes. 32: the names of levels, 16 bytes each, the first of which is the length. 128: the line.
  (data (i32.const 32)
    "\06TRACE          "
    "\06DEBUG          "
    "\05INFO           "
    "\05WARN           "
    "\06ERROR          "
    "\09CRITICAL       ")
  (data (i32.const 8192) "plugin : ")

  (global $free (mut i32) (i32.const 8208))
  ;; Where arguments begin: behind what is kept.
  (global $base (mut i32) (i32.const 8208))
  (global $name (mut i32) (i32.const 0))
  (global $name-len (mut i32) (i32.const 0))
  (global $least (mut i32) (i32.const 0))
  (global $settings (mut i32) (i32.const 0))
  (global $settings-len (mut i32) (i32.const 0))
  (global $line-len (mut i32) (i32.const 0))

  (func (export "cabi_realloc")
    (param $old i32) (param $old-len i32) (param $align i32) (param $len i32) (result i32)
    (local $at i32) (local $end i32) (local $missing i32)
    (local.set $at
      (i32.and
        (i32.add (global.get $free) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
    (local.set $end (i32.add (local.get $at) (local.get $len)))
    (if (i32.lt_u (local.get $end) (local.get $at)) (then unreachable))
    (local.set $missing
      (i32.sub (local.get $end) (i32.shl (memory.size) (i32.const 16))))
    (if (i32.gt_u (local.get $end) (i32.shl (memory.size) (i32.const 16)))
      (then
        (if
          (i32.eq
            (memory.grow
              (i32.shr_u (i32.add (local.get $missing) (i32.const 65535)) (i32.const 16)))
            (i32.const -1))
          (then unreachable))))
    (if (local.get $old-len)
      (then (memory.copy (local.get $at) (local.get $old) (local.get $old-len))))
    (global.set $free (local.get $end))
    (local.get $at))

  (func (export "smartcms:made/ground@0.1.0#configure")
    (param $name i32) (param $name-len i32) (param $least i32) (param $settings i32) (param $settings-len i32)
    (global.set $name (local.get $name))
    (global.set $name-len (local.get $name-len))
    (global.set $least (local.get $least))
    (global.set $settings (local.get $settings))
    (global.set $settings-len (local.get $settings-len))
    (global.set $base (global.get $free)))

  (func (export "smartcms:portable/owner@0.1.0#id") (result i32)
    (i32.store (i32.const 16) (global.get $name))
    (i32.store (i32.const 20) (global.get $name-len))
    (i32.const 16))

  ;; Adds to the line what there is room for, one byte being left for its end. Control characters become spaces.
  (func $put (param $from i32) (param $len i32)
    (local $byte i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $len)))
        (br_if $done (i32.ge_u (global.get $line-len) (i32.const 4000)))
        (local.set $byte (i32.load8_u (local.get $from)))
        (if
          (i32.or
            (i32.lt_u (local.get $byte) (i32.const 32))
            (i32.eq (local.get $byte) (i32.const 127)))
          (then (local.set $byte (i32.const 32))))
        (i32.store8 offset=128 (global.get $line-len) (local.get $byte))
        (global.set $line-len (i32.add (global.get $line-len) (i32.const 1)))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (local.set $len (i32.sub (local.get $len) (i32.const 1)))
        (br $next))))

  ;; Whether a context says more than `plugin`, which is what the SDKs say.
  (func $says-more (param $context i32) (param $len i32) (result i32)
    (if (i32.ne (local.get $len) (i32.const 6)) (then (return (local.get $len))))
    (i32.or
      (i32.ne (i32.load align=1 (local.get $context)) (i32.load (i32.const 8192)))
      (i32.ne
        (i32.load16_u offset=4 align=1 (local.get $context))
        (i32.load16_u offset=4 (i32.const 8192)))))

  ;; LEVEL plugin NAME: CONTEXT: MESSAGE
  (func (export "wasi:logging/logging@0.1.0-draft#log")
    (param $level i32) (param $context i32) (param $context-len i32) (param $message i32) (param $message-len i32)
    (local $word i32) (local $stream i32)
    (global.set $free (global.get $base))
    (if (i32.lt_u (local.get $level) (global.get $least)) (then return))
    (global.set $line-len (i32.const 0))
    (local.set $word (i32.add (i32.const 32) (i32.shl (local.get $level) (i32.const 4))))
    (call $put (i32.add (local.get $word) (i32.const 1)) (i32.load8_u (local.get $word)))
    (call $put (i32.const 8192) (i32.const 7))
    (call $put (global.get $name) (global.get $name-len))
    (call $put (i32.const 8199) (i32.const 2))
    (if (call $says-more (local.get $context) (local.get $context-len))
      (then
        (call $put (local.get $context) (local.get $context-len))
        (call $put (i32.const 8199) (i32.const 2))))
    (call $put (local.get $message) (local.get $message-len))
    (i32.store8 offset=128 (global.get $line-len) (i32.const 10))
    (local.set $stream (call $stderr))
    (call $write
      (local.get $stream) (i32.const 128) (i32.add (global.get $line-len) (i32.const 1)) (i32.const 16))
    ;; There is nobody to tell that nothing can be told.
    (if (i32.and (i32.load8_u (i32.const 16)) (i32.eqz (i32.load8_u (i32.const 20))))
      (then (call $drop-error (i32.load (i32.const 24)))))
    (call $drop-stream (local.get $stream)))

  (func (export "wasi:config/store@0.2.0-rc.1#get") (param $key i32) (param $key-len i32) (result i32)
    (local $at i32) (local $left i32) (local $byte i32)
    (global.set $free (global.get $base))
    ;; Well, and nothing there.
    (i32.store (i32.const 16) (i32.const 0))
    (i32.store (i32.const 20) (i32.const 0))
    (local.set $at (global.get $settings))
    (local.set $left (global.get $settings-len))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $left)))
        (block $other
          (br_if $other (i32.ne (i32.load offset=4 (local.get $at)) (local.get $key-len)))
          (local.set $byte (i32.const 0))
          (block $equal
            (loop $compare
              (br_if $equal (i32.eq (local.get $byte) (local.get $key-len)))
              (br_if $other
                (i32.ne
                  (i32.load8_u (i32.add (i32.load (local.get $at)) (local.get $byte)))
                  (i32.load8_u (i32.add (local.get $key) (local.get $byte)))))
              (local.set $byte (i32.add (local.get $byte) (i32.const 1)))
              (br $compare)))
          (i32.store (i32.const 20) (i32.const 1))
          (i64.store (i32.const 24) (i64.load offset=8 align=4 (local.get $at)))
          (br $done))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $next)))
    (i32.const 16))

  (func (export "wasi:config/store@0.2.0-rc.1#get-all") (result i32)
    (i32.store (i32.const 16) (i32.const 0))
    (i32.store (i32.const 20) (global.get $settings))
    (i32.store (i32.const 24) (global.get $settings-len))
    (i32.const 16)))
