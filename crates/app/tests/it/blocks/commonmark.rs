//! The examples of the CommonMark specification, through blocks.

use std::collections::BTreeSet;

use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use smartcms_app::rendering::{
    blocks_to_html, blocks_to_markdown, markdown_to_blocks, markdown_to_html, sanitise_html,
};

const SPEC: &str = "../../examples/node_modules/commonmark-spec/spec.txt";

/// How many examples version 0.31.2 has.
const EXAMPLES: usize = 652;

/// Examples whose HTML differs by way of blocks, and why.
const DIFFERENT: &[(&str, &[usize])] = &[
    ("raw HTML that is not whole is balanced in its own block", &[148, 156, 157, 158, 494]),
    ("titles have no line ends", &[196]),
    ("a paragraph behind a heading in a list has its own element", &[300]),
    ("every image has an alternative text, be it empty", &[475]),
    (
        "what leads to other schemes is text, not a link without an address",
        &[500, 596, 598, 599, 601],
    ),
];

/// Bare addresses are links here, as in other Markdowns; in the specification they are text.
const EXTENDED: &[usize] = &[602, 608, 611, 612];

struct Example {
    number: usize,
    markdown: String,
    html: String,
}

fn examples() -> Option<Vec<Example>> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(SPEC);
    let Ok(spec) = std::fs::read_to_string(&path) else {
        assert!(
            std::env::var_os("CI").is_none(),
            "{} is missing: run `cargo xtask setup`",
            path.display()
        );
        eprintln!("skipped: {} is missing: run `cargo xtask setup`", path.display());
        return None;
    };
    let fence = "`".repeat(32);
    let mut examples = Vec::new();
    for part in spec.split(&format!("\n{fence} example\n")).skip(1) {
        let body = part.split(&format!("\n{fence}\n")).next().unwrap();
        let body = format!("\n{body}\n");
        let (markdown, html) = body.split_once("\n.\n").unwrap();
        let markdown = format!("{}\n", markdown.trim_start_matches('\n').to_owned());
        let markdown = if body.starts_with("\n\n") { format!("\n{markdown}") } else { markdown };
        let tabs = |text: &str| text.replace('→', "\t");
        examples.push(Example {
            number: examples.len() + 1,
            markdown: tabs(&markdown),
            html: tabs(html),
        });
    }
    Some(examples)
}

#[test]
fn the_examples_say_the_same_by_way_of_blocks() {
    let Some(examples) = examples() else { return };
    assert_eq!(examples.len(), EXAMPLES);
    let known: BTreeSet<usize> =
        DIFFERENT.iter().flat_map(|(_, numbers)| numbers.iter().copied()).collect();
    let mut different = BTreeSet::new();
    let mut report = String::new();
    for example in &examples {
        let expected = sanitise_html(&markdown_to_html(&example.markdown));
        let got = blocks_to_html(&markdown_to_blocks(&example.markdown));
        if shown(&got) != shown(&expected) {
            different.insert(example.number);
            if !known.contains(&example.number) {
                report += &format!(
                    "{}: {:?}\n  expected {expected:?}\n  got      {got:?}\n",
                    example.number, example.markdown
                );
            }
        }
    }
    assert_eq!(different, known, "{report}");
}

#[test]
fn the_markdown_side_passes_the_examples() {
    let Some(examples) = examples() else { return };
    let mut different = Vec::new();
    for example in &examples {
        let got = sanitise_html(&markdown_to_html(&example.markdown));
        if shown(&got) != shown(&sanitise_html(&example.html)) {
            different.push(example.number);
        }
    }
    assert_eq!(different, EXTENDED, "examples whose HTML is not the specification's");
}

#[test]
fn the_examples_come_back_from_markdown_made_of_blocks() {
    let Some(examples) = examples() else { return };
    let mut changed = Vec::new();
    for example in &examples {
        let document = markdown_to_blocks(&example.markdown);
        let again = markdown_to_blocks(&blocks_to_markdown(&document));
        if again.without_ids() != document.without_ids() {
            changed.push(example.number);
        }
    }
    assert!(changed.is_empty(), "{changed:?}");
}

/// What a reader sees: tags of blocks in order, and text with the set of marks on it.
fn shown(html: &str) -> Vec<String> {
    let mut out = Shown::default();
    let dom = parse(html);
    out.node(&dom.document, &mut BTreeSet::new(), false);
    out.flush();
    out.tokens
}

fn parse(html: &str) -> RcDom {
    parse_document(RcDom::default(), ParseOpts::default()).one(html)
}

/// Stands for a line break: the white space behind it is not shown.
const BREAK: char = '\u{1}';

/// Addresses are the same to a browser with `%C3%A4` and with `ä`.
fn decoded(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        match hex.and_then(|it| u8::from_str_radix(it, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[derive(Default)]
struct Shown {
    tokens: Vec<String>,
    /// Text since the last tag of a block, with the marks of each character.
    text: Vec<(char, String)>,
}

impl Shown {
    fn flush(&mut self) {
        while self.text.last().is_some_and(|(it, _)| *it == ' ') {
            self.text.pop();
        }
        let mut token = String::new();
        let mut before = String::new();
        for (character, marks) in self.text.drain(..) {
            if marks != before && character != ' ' {
                token += &format!("{{{marks}}}");
                before = marks;
            }
            token.push(character);
        }
        if !token.is_empty() {
            self.tokens.push(token);
        }
    }

    fn node(&mut self, node: &Handle, marks: &mut BTreeSet<String>, pre: bool) {
        match &node.data {
            NodeData::Text { contents } => self.characters(&contents.borrow(), marks, pre),
            NodeData::Element { name, attrs, .. } => {
                let name = name.local.to_string();
                let mut attributes: Vec<_> = attrs
                    .borrow()
                    .iter()
                    .filter(|it| {
                        let attribute = it.name.local.to_string();
                        attribute != "rel" && !(attribute == "id" && name.starts_with('h'))
                    })
                    .map(|it| format!(" {}={}", it.name.local, decoded(&it.value)))
                    .collect();
                attributes.sort();
                let tag = format!("{name}{}", attributes.concat());
                if ["em", "strong", "del", "code", "a"].contains(&name.as_str())
                    && !(pre && name == "code")
                {
                    let added = marks.insert(tag.clone());
                    for child in node.children.borrow().iter() {
                        self.node(child, marks, pre);
                    }
                    if added {
                        marks.remove(&tag);
                    }
                    return;
                }
                if name == "br" {
                    self.text.push((BREAK, String::new()));
                    return;
                }
                if name == "img" {
                    for character in tag.chars() {
                        self.text.push((character, format!("{marks:?}")));
                    }
                    return;
                }
                self.flush();
                self.tokens.push(format!("<{tag}>"));
                for child in node.children.borrow().iter() {
                    self.node(child, marks, pre || name == "pre");
                }
                self.flush();
                self.tokens.push(format!("</{name}>"));
            }
            _ => {
                for child in node.children.borrow().iter() {
                    self.node(child, marks, pre);
                }
            }
        }
    }

    fn characters(&mut self, text: &str, marks: &BTreeSet<String>, pre: bool) {
        for character in text.chars() {
            let space = character.is_ascii_whitespace() && !pre;
            if space && self.text.last().is_none_or(|(it, _)| matches!(*it, ' ' | BREAK)) {
                continue;
            }
            self.text.push((if space { ' ' } else { character }, format!("{marks:?}")));
        }
    }
}

/// The name of a tag and its attributes.
type SeenTag<'a> = dyn FnMut(&str, &[(String, String)]) + 'a;

/// Every tag of HTML with its attributes.
pub(super) fn for_each_tag(html: &str, found: &mut SeenTag<'_>) {
    let dom = parse(html);
    let mut open = vec![dom.document.clone()];
    while let Some(node) = open.pop() {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            let attributes: Vec<_> = attrs
                .borrow()
                .iter()
                .map(|it| (it.name.local.to_string(), it.value.to_string()))
                .collect();
            found(&name.local, &attributes);
        }
        open.extend(node.children.borrow().iter().cloned());
    }
}
