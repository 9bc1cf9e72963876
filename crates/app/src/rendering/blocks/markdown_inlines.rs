//! Runs of text as Markdown.

use std::fmt::Write as _;

use smartcms_domain::blocks::{Image, ImageSource, Inline, InlineKind, Mark};

use super::inline_tags::tag_of;
use super::markdown_escape::{escape, escape_html};
use super::runs::{Step, steps};

/// How a run is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// With Markdown's own signs.
    Signs,
    /// With tags for marks and numbers for every sign, where Markdown's own do not hold the run.
    Tags,
}

/// Writes a run. `lines`: whether it may go over several lines, which headings and cells may not.
pub(super) fn write(content: &[Inline], manner: Manner, lines: bool) -> String {
    let mut text = String::new();
    let steps = steps(content);
    for (at, step) in steps.iter().enumerate() {
        match step {
            Step::Open(Mark::Code) if manner == Manner::Signs => {}
            Step::Close(Mark::Code) if manner == Manner::Signs => {}
            Step::Open(mark) => open(&mut text, mark, manner),
            Step::Close(mark) => close(&mut text, mark, manner),
            Step::Piece(index) => {
                let Some(inline) = content.get(*index) else { continue };
                let is_last = at + 1 == steps.len();
                piece(&mut text, inline, manner, lines && !is_last);
            }
        }
    }
    text
}

fn piece(text: &mut String, inline: &Inline, manner: Manner, lines: bool) {
    let is_code = inline.marks.contains(&Mark::Code);
    match (&inline.kind, manner) {
        (InlineKind::Text(it), Manner::Signs) if is_code => code_span(text, it),
        (InlineKind::Text(it), Manner::Signs) => text.push_str(&escape(it, text.is_empty())),
        (InlineKind::Text(it), Manner::Tags) => text.push_str(&escape_html(it)),
        (InlineKind::Break, Manner::Signs) if lines => text.push_str("\\\n"),
        (InlineKind::Break, _) => text.push_str("<br>"),
        (InlineKind::Image(it), manner) => image(text, it, manner),
        (InlineKind::FootnoteReference(label), _) => {
            let _ = write!(text, "[^{label}]");
        }
        (InlineKind::Html(html), _) => text.push_str(html),
        // Written as a comment of its whole block instead.
        (InlineKind::Unknown(_), _) => {}
    }
}

fn open(text: &mut String, mark: &Mark, manner: Manner) {
    match (mark, manner) {
        (Mark::Link { .. }, Manner::Signs) => text.push('['),
        (Mark::Link { href, title }, Manner::Tags) => {
            let _ = write!(text, "<a href=\"{}\"", escape_html(href));
            attribute(text, "title", title.as_deref());
            text.push('>');
        }
        (mark, Manner::Signs) if sign(mark).is_some() => text.push_str(sign(mark).unwrap_or("")),
        (mark, _) => {
            let _ = write!(text, "<{}>", tag_of(mark));
        }
    }
}

fn close(text: &mut String, mark: &Mark, manner: Manner) {
    match (mark, manner) {
        (Mark::Link { href, title }, Manner::Signs) => {
            let _ = write!(text, "]({}{})", destination(href), quoted(title.as_deref()));
        }
        (mark, Manner::Signs) if sign(mark).is_some() => text.push_str(sign(mark).unwrap_or("")),
        (mark, _) => {
            let _ = write!(text, "</{}>", tag_of(mark));
        }
    }
}

fn sign(mark: &Mark) -> Option<&'static str> {
    match mark {
        Mark::Bold => Some("**"),
        Mark::Italic => Some("*"),
        Mark::Strike => Some("~~"),
        _ => None,
    }
}

fn code_span(text: &mut String, code: &str) {
    let fence = "`".repeat(longest_run(code) + 1);
    // One space on each side is taken away again.
    let pads = code.starts_with(['`', ' ']) || code.ends_with(['`', ' ']);
    let pad = if pads && !code.trim().is_empty() { " " } else { "" };
    let _ = write!(text, "{fence}{pad}{code}{pad}{fence}");
}

/// The length of the longest run of backticks.
pub(super) fn longest_run(text: &str) -> usize {
    text.split(|it| it != '`').map(str::len).max().unwrap_or(0)
}

fn image(text: &mut String, image: &Image, manner: Manner) {
    match (&image.source, manner) {
        (ImageSource::Url(url), Manner::Signs) => {
            let title = quoted(image.title.as_deref());
            let _ = write!(text, "![{}]({}{title})", escape(&image.alt, false), destination(url));
        }
        (source, _) => {
            let (name, value) = match source {
                ImageSource::Asset(id) => ("data-asset", id),
                ImageSource::Url(url) => ("src", url),
            };
            let _ = write!(text, "<img {name}=\"{}\"", escape_html(value));
            attribute(
                text,
                "alt",
                Some(&image.alt).filter(|it| !it.is_empty()).map(String::as_str),
            );
            attribute(text, "title", image.title.as_deref());
            text.push('>');
        }
    }
}

fn attribute(text: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        let _ = write!(text, " {name}=\"{}\"", escape_html(value));
    }
}

fn destination(address: &str) -> String {
    let mut escaped = String::with_capacity(address.len());
    for character in address.chars() {
        if matches!(
            character,
            '<' | '>' | '\\' | '(' | ')' | '&' | '*' | '_' | '[' | ']' | '`' | '|'
        ) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    if address.is_empty() || address.contains(' ') { format!("<{escaped}>") } else { escaped }
}

fn quoted(title: Option<&str>) -> String {
    let Some(title) = title else { return String::new() };
    let mut escaped = String::with_capacity(title.len());
    for character in title.chars() {
        if matches!(character, '"' | '\\' | '&' | '|' | '`' | '<') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    format!(" \"{escaped}\"")
}
