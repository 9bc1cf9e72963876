//! What closed functions answer, by the text of what comes out and by running the types through the validator.

use std::collections::BTreeMap;

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, Resolve};

use super::{Answer, restrict};
use crate::{ComponentError, ComponentFile, imports, validate, wit};

/// A component with this world, whose functions do nothing.
#[track_caller]
fn component(text: &str) -> ComponentFile {
    let mut resolve = Resolve::default();
    let package = resolve.push_str("test.wit", text).unwrap();
    let world = resolve.select_world(&[package], Some("app")).unwrap();
    let mangling = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);
    let mut module = wit_component::dummy_module(&resolve, world, mangling);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
    let mut encoder = ComponentEncoder::default();
    let bytes = encoder.module(&module).unwrap().validate(true).encode().unwrap();
    ComponentFile { name: "app.wasm".to_owned(), bytes }
}

#[track_caller]
fn closed(text: &str, names: &[&str]) -> (ComponentFile, BTreeMap<String, Answer>) {
    let file = component(text);
    let made =
        restrict(&file, |import| names.contains(&import)).unwrap_or_else(|it| panic!("{it}"));
    let result = ComponentFile { name: "closed.wasm".to_owned(), bytes: made.wasm };
    validate(&result).unwrap();
    assert_eq!(imports(&result).unwrap(), made.open);
    let answers = made.closed.into_iter().flat_map(|closed| {
        closed
            .functions
            .into_iter()
            .map(move |(name, answer)| (format!("{}#{name}", closed.import), answer))
    });
    (result, answers.collect())
}

fn denied(case: &str) -> Answer {
    Answer::Denied(case.to_owned())
}

#[test]
fn a_function_answers_in_its_own_error_type() {
    let text = "
        package test:app;
        interface files {
            enum code { would-block, not-permitted, access }
            variant problem { gone, other(option<string>), access-denied }
            variant reason { upstream(string), io(string) }
            record detail { code: code, text: string, at: u64 }
            enum colours { red, green }
            open: func(path: string) -> result<string, code>;
            put: func() -> result<_, problem>;
            look: func() -> result<list<u8>, reason>;
            tell: func() -> result<u32, string>;
            give: func() -> result<_, detail>;
            both: func() -> result;
            paint: func() -> result<u8, colours>;
            every: func() -> list<tuple<string, string>>;
            one: func() -> option<string>;
            two: func() -> tuple<list<u8>, option<u64>>;
            name: func() -> string;
            set: func(name: string);
        }
        world app { import files; }";
    let (result, answers) = closed(text, &["test:app/files"]);
    let answer = |name: &str| answers[&format!("test:app/files#{name}")].clone();
    assert_eq!(answer("open"), denied("access"));
    assert_eq!(answer("put"), denied("access-denied"));
    assert_eq!(answer("look"), denied("upstream"));
    assert_eq!(answer("tell"), denied("with a text"));
    assert_eq!(answer("give"), denied("with a text"));
    assert_eq!(answer("both"), denied("without a text"));
    for name in ["every", "one", "two"] {
        assert_eq!(answer(name), Answer::Empty, "{name}");
    }
    // None of these has an answer that would be true.
    for name in ["paint", "name", "set"] {
        assert_eq!(answer(name), Answer::Trap, "{name}");
    }
    assert!(!wit(&result).unwrap().contains("import"));
}

#[test]
fn types_stay_the_same_where_a_part_stays_open() {
    let text = "
        package test:app;
        interface streams {
            resource pipe { read: func() -> result<list<u8>, string>; }
        }
        interface files {
            use streams.{pipe};
            enum code { access }
            resource file {
                constructor(name: string);
                open: static func(over: borrow<pipe>, or: option<pipe>) -> result<file, code>;
                hand: func(given: pipe) -> result<pipe, code>;
                is-open: func() -> bool;
            }
        }
        interface folders {
            use files.{file};
            all: func() -> list<tuple<file, string>>;
            root: func() -> file;
        }
        interface output {
            use streams.{pipe};
            get: func() -> pipe;
        }
        world app { import output; import folders; export output; }";
    let (_, answers) = closed(text, &["test:app/files", "test:app/folders"]);
    assert_eq!(answers["test:app/files#[constructor]file"], Answer::Object);
    assert_eq!(answers["test:app/files#[static]file.open"], denied("access"));
    assert_eq!(answers["test:app/files#[method]file.hand"], denied("access"));
    assert_eq!(answers["test:app/files#[method]file.is-open"], Answer::Trap);
    assert_eq!(answers["test:app/folders#root"], Answer::Object);
}

#[test]
fn functions_of_the_world_are_closed_too() {
    let text = "
        package test:app;
        world app {
            import storygen: func() -> string;
            import ask: func(a: string, b: option<string>) -> result<string, string>;
            export run: func() -> string;
        }";
    let (_, answers) = closed(text, &["storygen", "ask"]);
    assert_eq!(answers["storygen#storygen"], Answer::Trap);
    assert_eq!(answers["ask#ask"], denied("with a text"));
}

#[test]
fn what_others_use_cannot_be_closed_alone() {
    let text = "
        package test:app;
        interface types { resource thing; record pair { a: u8 } }
        interface user { use types.{thing, pair}; get: func() -> pair; take: func() -> thing; }
        world app { import user; export use-it: func(); export user2: interface { use types.{pair}; f: func() -> pair; } }";
    let file = component(text);
    let error = restrict(&file, |import| import == "test:app/types").unwrap_err();
    let ComponentError::Entangled { import, user, .. } = error else { panic!("{error}") };
    assert_eq!((import.as_str(), user.as_str()), ("test:app/types", "test:app/user"));
}

#[test]
fn closing_nothing_changes_nothing() {
    let file = component("package test:app; world app { import f: func(); }");
    let made = restrict(&file, |_| false).unwrap();
    assert_eq!((made.wasm, made.open), (file.bytes, vec!["f".to_owned()]));
}
