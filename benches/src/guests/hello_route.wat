;; Answers every request with a content type and one line of text.
(module
  (import "wasi:http/types@0.2.0" "[constructor]fields" (func $fields (result i32)))
  (import "wasi:http/types@0.2.0" "[method]fields.append"
    (func $append (param i32 i32 i32 i32 i32 i32)))
  (import "wasi:http/types@0.2.0" "[constructor]outgoing-response"
    (func $response (param i32) (result i32)))
  (import "wasi:http/types@0.2.0" "[method]outgoing-response.body" (func $body (param i32 i32)))
  (import "wasi:http/types@0.2.0" "[method]outgoing-body.write" (func $write (param i32 i32)))
  (import "wasi:http/types@0.2.0" "[static]outgoing-body.finish"
    (func $finish (param i32 i32 i32 i32)))
  (import "wasi:http/types@0.2.0" "[static]response-outparam.set"
    (func $set (param i32 i32 i32 i32 i64 i32 i32 i32 i32)))
  (import "wasi:http/types@0.2.0" "[resource-drop]incoming-request" (func $drop_request (param i32)))
  (import "wasi:io/streams@0.2.0" "[method]output-stream.blocking-write-and-flush"
    (func $write_and_flush (param i32 i32 i32 i32)))
  (import "wasi:io/streams@0.2.0" "[resource-drop]output-stream" (func $drop_stream (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 1024) "content-type")
  (data (i32.const 1040) "text/plain")
  (data (i32.const 1056) "Hello from a plugin\0a")
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
  (func (export "wasi:http/incoming-handler@0.2.0#handle") (param $request i32) (param $out i32)
    (local $headers i32) (local $answer i32) (local $text i32) (local $stream i32)
    (call $drop_request (local.get $request))
    (local.set $headers (call $fields))
    (call $append (local.get $headers)
      (i32.const 1024) (i32.const 12) (i32.const 1040) (i32.const 10) (i32.const 64))
    (local.set $answer (call $response (local.get $headers)))
    (call $body (local.get $answer) (i32.const 64))
    (local.set $text (i32.load (i32.const 68)))
    (call $set (local.get $out) (i32.const 0) (local.get $answer)
      (i32.const 0) (i64.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
    (call $write (local.get $text) (i32.const 64))
    (local.set $stream (i32.load (i32.const 68)))
    (call $write_and_flush (local.get $stream) (i32.const 1056) (i32.const 20) (i32.const 64))
    (call $drop_stream (local.get $stream))
    (call $finish (local.get $text) (i32.const 0) (i32.const 0) (i32.const 64))))
