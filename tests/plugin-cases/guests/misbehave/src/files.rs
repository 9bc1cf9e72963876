//! Reaching for files and variables. What is refused is told with the word `refused`.

use std::{env, fs, io};

pub(crate) fn read(path: &str) -> String {
    tell(fs::read_to_string(path))
}

pub(crate) fn write(path: &str) -> String {
    tell(fs::write(path, "written by a plugin").map(|()| "written".to_owned()))
}

/// Makes a link `TO,FROM` and reads through it.
pub(crate) fn link(argument: &str) -> String {
    let (to, from) = argument.split_once(',').unwrap_or((argument, "/shared/made"));
    #[expect(
        deprecated,
        reason = "the standard library has no other way to make one on this target"
    )]
    let made = fs::soft_link(to, from).or_else(|_| fs::hard_link(to, from));
    match made {
        Ok(()) => format!("made; {}", read(from)),
        Err(error) => format!("refused: {error}"),
    }
}

pub(crate) fn list(path: &str) -> String {
    let names = fs::read_dir(path).and_then(|entries| {
        let name =
            |it: io::Result<fs::DirEntry>| Ok(it?.file_name().to_string_lossy().into_owned());
        entries.map(name).collect::<io::Result<Vec<_>>>()
    });
    tell(names.map(|names| names.join("\n")))
}

pub(crate) fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|error| format!("refused: {error}"))
}

pub(crate) fn variables() -> String {
    let names: Vec<String> =
        env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned()).collect();
    format!("variables: [{}]", names.join(" "))
}

fn tell(result: io::Result<String>) -> String {
    result.unwrap_or_else(|error| format!("refused: {error}"))
}
