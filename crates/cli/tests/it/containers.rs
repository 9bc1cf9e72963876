//! `smartcms run` with programs of WASI 0.1 as large as containers are that were converted: more than a hundred megabytes
//! in one module, most of it what its memory begins with.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use crate::support::command::{Outcome, executable, smartcms, smartcms_with};

/// A test that waits longer than this hangs.
const HANG_GUARD: Duration = Duration::from_secs(100);

/// Where the large part begins in memory, how much of it there is, and how it comes: a block over and over.
const LARGE_FROM: usize = 1 << 20;
const BLOCK_BYTES: usize = 1 << 16;
const BLOCKS: usize = 1750;

/// Gives back what it reads, reads and writes a file of the first folder, listens to the network, or adds up its memory,
/// as the first letter of its first argument says: of the sum it tells the last two digits.
const PROGRAM: &str = r#"
(import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "args_get" (func $arguments (param i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "sock_accept" (func $accept (param i32 i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
(func $check (param $errno i32) (if (local.get $errno) (then (call $exit (local.get $errno)))))
(func $copy (param $from i32) (param $to i32) (local $at i32) (local $end i32)
    (loop $more
        (i32.store (i32.const 0) (i32.const 4096))
        (i32.store (i32.const 4) (i32.const 65536))
        (call $check
            (call $read (local.get $from) (i32.const 0) (i32.const 1) (i32.const 8)))
        (if (i32.eqz (i32.load (i32.const 8))) (then (return)))
        (local.set $at (i32.const 4096))
        (local.set $end (i32.add (i32.const 4096) (i32.load (i32.const 8))))
        (loop $rest
            (i32.store (i32.const 0) (local.get $at))
            (i32.store (i32.const 4) (i32.sub (local.get $end) (local.get $at)))
            (call $check
                (call $write (local.get $to) (i32.const 0) (i32.const 1) (i32.const 8)))
            (local.set $at (i32.add (local.get $at) (i32.load (i32.const 8))))
            (br_if $rest (i32.lt_u (local.get $at) (local.get $end))))
        (br $more)))
(func $opened (param $how i32) (param $rights i64) (result i32) (local $len i32)
    (loop $letter
        (if (i32.load8_u (i32.add (i32.load (i32.const 24)) (local.get $len))) (then
            (local.set $len (i32.add (local.get $len) (i32.const 1)))
            (br $letter))))
    (call $check (call $open (i32.const 3) (i32.const 0) (i32.load (i32.const 24))
        (local.get $len) (local.get $how) (local.get $rights) (i64.const 0) (i32.const 0)
        (i32.const 12)))
    (i32.load (i32.const 12)))
(func $sum (param $at i32) (param $end i32) (result i32) (local $sum i64)
    (loop $more
        (local.set $sum (i64.add (local.get $sum) (i64.load (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br_if $more (i32.lt_u (local.get $at) (local.get $end))))
    (i32.wrap_i64 (i64.rem_u (local.get $sum) (i64.const 100))))
(func (export "_start") (local $what i32)
    (call $check (call $sizes (i32.const 0) (i32.const 4)))
    (call $check (call $arguments (i32.const 16) (i32.const 1024)))
    (local.set $what (i32.load8_u (i32.load (i32.const 20))))
    (if (i32.eq (local.get $what) (i32.const 101))
        (then (call $copy (i32.const 0) (i32.const 1))))
    (if (i32.eq (local.get $what) (i32.const 114))
        (then (call $copy (call $opened (i32.const 0) (i64.const 2)) (i32.const 1))))
    (if (i32.eq (local.get $what) (i32.const 119))
        (then (call $copy (i32.const 0) (call $opened (i32.const 9) (i64.const 64)))))
    (if (i32.eq (local.get $what) (i32.const 110))
        (then (call $check (call $accept (i32.const 3) (i32.const 0) (i32.const 12)))))
    (if (i32.eq (local.get $what) (i32.const 97)) (then
        (local.set $what (call $sum (i32.const FROM) (i32.const END)))
        (i32.store8 (i32.const 32)
            (i32.add (i32.const 48) (i32.div_u (local.get $what) (i32.const 10))))
        (i32.store8 (i32.const 33)
            (i32.add (i32.const 48) (i32.rem_u (local.get $what) (i32.const 10))))
        (i32.store (i32.const 0) (i32.const 32))
        (i32.store (i32.const 4) (i32.const 2))
        (call $check (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))))
"#;

const ECHO: &str = "echo";
const READ: &str = "read";
const WRITE: &str = "write";
const NETWORK: &str = "network";
const ADD: &str = "add";

/// The program with so much memory.
fn program(memory_bytes: usize) -> Vec<u8> {
    let end = (LARGE_FROM + BLOCKS * BLOCK_BYTES).to_string();
    let functions = PROGRAM.replace("FROM", &LARGE_FROM.to_string()).replace("END", &end);
    let memory = format!("(memory (export \"memory\") {})", memory_bytes.div_ceil(1 << 16));
    // What is imported comes first.
    let (imports, functions) = functions.split_at(functions.find("(func $check").unwrap());
    wat::parse_str(format!("(module {imports} {memory} {functions})")).unwrap()
}

/// What the large part consists of, and what the program makes of all of it.
fn block() -> (Vec<u8>, String) {
    let mut state = 7_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state
    };
    let numbers: Vec<u64> = (0..BLOCK_BYTES / 8).map(|_| next()).collect();
    let sum = numbers.iter().fold(0_u64, |sum, it| sum.wrapping_add(*it));
    let sum = sum.wrapping_mul(BLOCKS as u64) % 100;
    (numbers.iter().flat_map(|it| it.to_le_bytes()).collect(), format!("{sum:02}"))
}

fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// The program with the large part behind it, and what it tells of the sum.
fn large_program() -> (Vec<u8>, String) {
    let (block, sum) = block();
    let len = BLOCKS * BLOCK_BYTES;
    // One segment, put into the memory at `LARGE_FROM`, which is written as a signed number.
    let mut content = vec![1, 0, 0x41, 0x80, 0x80, 0xc0, 0, 0x0b];
    content.extend(leb128(len));
    let mut module = program(LARGE_FROM + len);
    module.push(11);
    module.extend(leb128(content.len() + len));
    module.extend(content);
    module.extend(block.repeat(BLOCKS));
    (module, sum)
}

#[track_caller]
fn limited(outcome: &Outcome, name: &str) {
    assert_eq!(outcome.code, 7, "{outcome:?}");
    assert!(outcome.stderr.contains(name), "no {name} in {outcome:?}");
}

/// Talks to a program: each line comes back before the next one is sent.
fn converse(folder: &Path, arguments: &[&str]) {
    let mut child = executable()
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (tell, told) = mpsc::channel();
    let reading = std::thread::spawn(move || {
        let mut line = [0; 6];
        while output.read_exact(&mut line).is_ok() && tell.send(line).is_ok() {}
    });
    for line in [b"first\n", b"then \n", b"last \n"] {
        input.write_all(line).unwrap();
        assert_eq!(told.recv_timeout(HANG_GUARD).as_ref(), Ok(line), "it waits for the end");
    }
    drop(input);
    assert!(child.wait().unwrap().success());
    reading.join().unwrap();
}

#[test]
fn a_program_of_more_than_a_hundred_megabytes_runs_within_limits_that_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (module, sum) = large_program();
    assert!(module.len() > 100_000_000 && sum != "00", "{} bytes, {sum}", module.len());
    fs::write(folder.path().join("large.wasm"), module).unwrap();
    let run = |limits: &[&str], arguments: &[&str]| {
        let limits: Vec<&str> = limits.iter().flat_map(|it| ["--limit", it]).collect();
        // Its machine code goes with the folder: it would push that of other tests out of theirs.
        let command = ["run", "large.wasm", "--data", "cache"];
        smartcms(folder.path(), &[&command, limits.as_slice(), &["--"], arguments].concat())
    };
    let refused = run(&[], &[ADD]);
    refused.expect_failure(7, &["large.wasm has more than 33554432 bytes"], "--limit file=256MiB");
    limited(&run(&["file=256MiB"], &[ADD]), "memory=67108864");
    let added = run(&["file=256MiB", "memory=128MiB"], &[ADD]);
    assert_eq!(added.expect_success(), sum);
    let all = ["file=256MiB", "memory=128MiB"];
    let command = ["run", "large.wasm", "--data", "cache", "--limit", all[0], "--limit", all[1]];
    converse(folder.path(), &[&command[..], &["--", ECHO]].concat());
}

#[test]
fn streams_go_through_a_program_as_far_as_their_limit() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("small.wasm"), program(1 << 20)).unwrap();
    let input = "a line of a stream\n".repeat(500_000);
    fs::write(folder.path().join("input"), &input).unwrap();
    // From a file: a pipe that nobody reads at the other end would fill up.
    let run = |limit: &str| {
        let output = executable()
            .args(["run", "small.wasm", "--limit", limit, "--", ECHO])
            .current_dir(folder.path())
            .stdin(fs::File::open(folder.path().join("input")).unwrap())
            .output()
            .unwrap();
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    };
    assert!(run("output=16MiB").expect_success() == input, "all of it came through");
    limited(&run("output=4MiB"), "output=4194304");
}

#[test]
fn folders_are_given_to_read_or_to_change_and_nothing_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("small.wasm"), program(1 << 20)).unwrap();
    fs::create_dir(folder.path().join("share")).unwrap();
    fs::write(folder.path().join("share/note.txt"), "from the host").unwrap();
    fs::write(folder.path().join("secret.txt"), "a secret").unwrap();
    let run = |dir: &str, arguments: &[&str], input: &str| {
        let given = if dir.is_empty() { vec![] } else { vec!["--dir", dir] };
        let command = [&["run", "small.wasm"], given.as_slice(), &["--"], arguments].concat();
        smartcms_with(folder.path(), &command, input, &[])
    };
    let note = || fs::read_to_string(folder.path().join("share/note.txt")).unwrap();
    let read_only = "./share:/mnt/share:ro";
    assert_eq!(run(read_only, &[READ, "note.txt"], "").expect_success(), "from the host");
    let written = run(read_only, &[WRITE, "note.txt"], "from the guest");
    assert!(written.code != 0 && note() == "from the host", "{written:?}");
    run("./share:/mnt/share:rw", &[WRITE, "note.txt"], "from the guest").expect_success();
    assert_eq!(note(), "from the guest");
    for (dir, path) in [("", "note.txt"), (read_only, "../secret.txt"), (read_only, "/etc/passwd")]
    {
        let refused = run(dir, &[READ, path], "");
        assert!(refused.code != 0 && refused.stdout.is_empty(), "{dir} {path}: {refused:?}");
    }
}

#[test]
fn the_network_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("small.wasm"), program(1 << 20)).unwrap();
    let refused = smartcms(folder.path(), &["run", "small.wasm", "--", NETWORK]);
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""), "{refused:?}");
    let inspected = smartcms(folder.path(), &["plugin", "inspect", "small.wasm"]);
    assert!(!inspected.expect_success().contains("wasi:sockets"), "{inspected:?}");
}
