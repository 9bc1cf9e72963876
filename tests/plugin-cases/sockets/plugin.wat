;; A component that imports network sockets.
(component
  (import "wasi:sockets/instance-network@0.2.3" (instance $sockets
    (export "network" (type $network (sub resource)))
    (export "instance-network" (func (result (own $network)))))))
