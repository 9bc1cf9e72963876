//! A plain program, which knows nothing of SmartCMS and does what its argument says.

use std::process::exit;

fn main() {
    let mut arguments = std::env::args();
    let name = arguments.next().unwrap_or_default();
    match arguments.next().as_deref() {
        None => println!("{name} swept the floor"),
        Some("fail") => {
            eprintln!("the broom is broken");
            exit(3);
        }
        Some("trap") => panic!("asked to trap"),
        Some("loop") => loop {
            std::hint::black_box(());
        },
        Some("grow") => {
            let mut hoard: Vec<Vec<u8>> = Vec::new();
            loop {
                hoard.push(vec![1; 1 << 20]);
            }
        }
        Some("flood") => loop {
            println!("{}", "dust ".repeat(1000));
        },
        Some("read") => match std::fs::read_to_string("/etc/passwd") {
            Ok(text) => println!("read {} bytes", text.len()),
            Err(error) => {
                eprintln!("could not read: {error}");
                exit(1);
            }
        },
        Some("stories") => match std::fs::read_to_string("/stories/one.txt") {
            Ok(text) => println!("once: {text}"),
            Err(error) => {
                eprintln!("no stories: {error}");
                exit(1);
            }
        },
        Some(other) => println!("{name} was told {other:?}"),
    }
}
