;; Takes 62 MiB and touches them, and never returns.
(module
  (memory (export "memory") 2)
  (func (export "stuck") (result i32)
    (if (i32.eq (memory.grow (i32.const 990)) (i32.const -1)) (then unreachable))
    (memory.fill (i32.const 131072) (i32.const 170) (i32.const 64880640))
    (loop $again (br $again))
    unreachable))
