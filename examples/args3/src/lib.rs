//! A command of WASI 0.3: `args3 [--exit CODE] [WORD]…` prints each word on its own line, as they come.
//!
//! In 0.3 a program is an async function, and its output is a stream that the host reads from.

use wasip3::cli::{environment, exit, stderr, stdout};
use wasip3::wit_bindgen::{self, StreamReader, StreamWriter};
use wasip3::wit_stream;

struct Args;

impl wasip3::exports::cli::run::Guest for Args {
    async fn run() -> Result<(), ()> {
        let words: Vec<_> = environment::get_arguments().into_iter().skip(1).collect();
        let (words, code) = match exit_code(words) {
            Ok(asked) => asked,
            Err(message) => {
                let (mut writer, reader) = wit_stream::new();
                let written = stderr::write_via_stream(reader);
                wit_bindgen::spawn_local(async move { say(&mut writer, &message).await });
                // Whether the host took the message or not, the program ends the same.
                let _ = written.await;
                return Err(());
            }
        };
        let (writer, reader): (StreamWriter<u8>, StreamReader<u8>) = wit_stream::new();
        let written = stdout::write_via_stream(reader);
        // The lines are written while the host reads them: neither waits for all of it.
        wit_bindgen::spawn_local(say_all(writer, words));
        written.await.map_err(drop)?;
        if code != 0 {
            exit::exit_with_code(code);
        }
        Ok(())
    }
}

/// Takes `--exit CODE` out of the words.
fn exit_code(mut words: Vec<String>) -> Result<(Vec<String>, u8), String> {
    let Some(place) = words.iter().position(|word| word == "--exit") else { return Ok((words, 0)) };
    let code = words.get(place + 1).ok_or("error: --exit needs a value")?;
    let code = code.parse().map_err(|error| format!("error: no exit code: {code:?}: {error}"))?;
    words.drain(place..place + 2);
    Ok((words, code))
}

async fn say_all(mut writer: StreamWriter<u8>, words: Vec<String>) {
    for word in words {
        say(&mut writer, &word).await;
    }
}

async fn say(writer: &mut StreamWriter<u8>, line: &str) {
    // What remains unwritten when the reader hangs up is nobody's loss.
    let _remaining = writer.write_all(format!("{line}\n").into_bytes()).await;
}

wasip3::cli::command::export!(Args);
