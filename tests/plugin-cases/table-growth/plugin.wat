;; A hook that lets a table grow without end.
(module
  (memory (export "memory") 2)
  (table $table 1 funcref)
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
      (loop $more (drop (table.grow $table (ref.null func) (i32.const 1000))) (br $more))))
    ;; The zeros at 16 say: accepted, with no changes.
    (i32.const 16)))
