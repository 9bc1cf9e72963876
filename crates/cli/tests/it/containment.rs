//! What becomes of every hostile plugin, at every place where plugins take part, is in `docs/containment.md`.
//!
//! The table is made of the cases; each case is played by a test of its own (`plugin_cases`), which fails when anything
//! else becomes of the plugin than the table says.

use std::fmt::Write as _;
use std::fs;

use crate::support::case::{Behaviour, Case, Point, Step};
use crate::support::component::root;

/// With this in the environment, the file is written anew.
const ACCEPT: &str = "SMARTCMS_ACCEPT_CONTAINMENT";

/// The places, in the order of the columns. A new one is a line here and a case folder `at-…`.
const POINTS: &[(Point, &str)] = &[
    (Point::Hooks, "hooks"),
    (Point::Filters, "filters"),
    (Point::Blocks, "blocks"),
    (Point::Functions, "functions"),
    (Point::Events, "events"),
    (Point::Tasks, "tasks"),
    (Point::Routes, "routes, WASI 0.2"),
    (Point::Routes3, "routes, WASI 0.3"),
    (Point::Run, "commands"),
    (Point::Models, "models"),
];

/// What each place has to contain, in the order of the rows.
const BEHAVIOURS: &[(Behaviour, &str)] = &[
    (Behaviour::EndlessLoop, "an endless loop"),
    (Behaviour::MemoryGrowth, "memory without end"),
    (Behaviour::DeepRecursion, "recursion without end"),
    (Behaviour::HugeOutput, "a huge answer"),
    (Behaviour::LogFlood, "a flood of log lines"),
    (Behaviour::Trap, "a trap"),
    (Behaviour::HostCallFlood, "a flood of calls of the host"),
    (Behaviour::ForbiddenImport, "an import without its grant"),
];

const HEAD: &str = "\
# What plugins cannot do

Written by the tests, from the cases in `tests/plugin-cases`; every line is a plugin that misbehaves in a real server, \
with ordinary readers beside it.
A case passes when its failure is typed as the table says, the plugin's log names it, no ordinary request failed, the \
next good call works, the process is the same one, its memory is bounded, and no process is left behind.

`SMARTCMS_ACCEPT_CONTAINMENT=1 cargo test -p smartcms-cli --test it containment` writes this page anew.

## Behaviours and places

Each is contained at each place; the word says how, and leads to the case.
";

#[test]
fn what_becomes_of_hostile_plugins_is_in_the_documentation() {
    let written = document();
    let path = root().join("docs/containment.md");
    if std::env::var_os(ACCEPT).is_some() {
        fs::write(&path, &written).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let differing = written.lines().find(|line| !committed.contains(line));
    assert!(
        written == committed,
        "docs/containment.md is not what the cases say, first here: {differing:?}\n\
         {ACCEPT}=1 cargo test -p smartcms-cli --test it containment\nwrites it anew"
    );
}

fn document() -> String {
    let cases: Vec<Case> = Case::names().iter().map(|it| Case::read(it)).collect();
    let mut text = HEAD.to_owned();
    grid(&mut text, &cases);
    text.push_str("\n## Every case\n");
    for (point, name) in POINTS {
        let of_point = cases.iter().filter(|it| it.point == *point);
        write!(text, "\n### {}{}\n\n", name[..1].to_uppercase(), &name[1..]).unwrap();
        text.push_str("| what the plugin does | what becomes of it | case |\n|---|---|---|\n");
        for case in of_point {
            for step in steps(case) {
                let about = step.about.as_ref().unwrap_or(&case.about);
                writeln!(text, "| {about} | {} | {} |", became(step), link(case, &case.name))
                    .unwrap();
            }
        }
    }
    text
}

/// A row for each behaviour, a column for each place.
fn grid(text: &mut String, cases: &[Case]) {
    let names: String = POINTS.iter().map(|(_, name)| format!(" {name} |")).collect();
    writeln!(text, "\n| |{names}\n|---|{}", "---|".repeat(POINTS.len())).unwrap();
    for (behaviour, name) in BEHAVIOURS {
        write!(text, "| {name} |").unwrap();
        for (point, at) in POINTS {
            let found = cases.iter().filter(|it| it.point == *point).find_map(|case| {
                steps(case).find(|it| it.behaviour == Some(*behaviour)).map(|it| (case, it))
            });
            let (case, step) = found.unwrap_or_else(|| panic!("no case has {name} at {at}"));
            write!(text, " {} |", link(case, kind(step))).unwrap();
        }
        text.push('\n');
    }
}

fn steps(case: &Case) -> impl Iterator<Item = &Step> {
    std::iter::once(&case.bad).chain(&case.more)
}

fn link(case: &Case, word: &str) -> String {
    format!("[{word}](../tests/plugin-cases/{})", case.name)
}

/// How a failure is contained, in a word: the first that is in what has to come of it.
fn kind(step: &Step) -> &'static str {
    let said = said(step);
    let words = [
        ("time=", "stopped"),
        ("timed-out", "stopped"),
        ("log limit reached", "cut off"),
        ("plugin grant", "refused"),
        ("--grant", "refused"),
        ("denied", "refused"),
        ("limit", "limited"),
        ("=", "limited"),
        ("too deeply", "limited"),
        ("output", "limited"),
        ("trapped", "ended"),
    ];
    let found = words.into_iter().find(|(part, _)| said.contains(part)).map(|it| it.1);
    found.unwrap_or(if step.cut { "cut off" } else { "without effect" })
}

/// What a user and an operator see of it.
fn became(step: &Step) -> String {
    let mut parts = Vec::new();
    match (step.status, step.exit, &step.code) {
        (Some(status), _, Some(code)) => parts.push(format!("{status} `{code}`")),
        (Some(status), _, None) => parts.push(status.to_string()),
        (None, Some(exit), _) => parts.push(format!("exit code {exit}")),
        _ => {}
    }
    if step.cut {
        parts.push("the connection is closed early".to_owned());
    }
    if let Some(body) = &step.body {
        parts.push(format!("“{}”", body.replace('|', "\\|")));
    }
    if let Some(lacks) = &step.lacks {
        parts.push(format!("nothing of “{lacks}”"));
    }
    if !step.without_headers.is_empty() {
        parts.push(format!("without the headers {}", step.without_headers.join(", ")));
    }
    parts.extend(step.log.iter().map(|line| format!("log: “{line}”")));
    parts.join("; ")
}

fn said(step: &Step) -> String {
    let texts = step.log.iter().chain(&step.code).chain(&step.body);
    texts.map(String::as_str).collect::<Vec<_>>().join("\n")
}
