//! Attributes that generators read behind headings, pictures and paragraphs: `{#id}`, `{.class}`, `{: .class}`.

use super::flavour::Flavour;
use crate::markdown_links::outside_of_code;

/// Markdown without them: here they would be text.
pub(super) fn without_attributes(flavour: Flavour, text: &str) -> String {
    match flavour {
        Flavour::Plain => text.to_owned(),
        Flavour::Jekyll if text.contains("{:") => {
            outside_of_code(text, &|it| lines(it, &without_kramdown))
        }
        Flavour::Hugo | Flavour::Zola if text.contains("{#") || text.contains("{.") => {
            outside_of_code(text, &|it| lines(it, &without_heading_attributes))
        }
        _ => text.to_owned(),
    }
}

fn lines(text: &str, change: &dyn Fn(&str) -> Option<String>) -> String {
    let changed = text.split_inclusive('\n').map(|line| {
        let end = if line.ends_with('\n') { "\n" } else { "" };
        match change(line.trim_end()) {
            Some(text) => format!("{text}{end}"),
            None => line.to_owned(),
        }
    });
    changed.collect()
}

/// `## Title {#id .class}`.
fn without_heading_attributes(line: &str) -> Option<String> {
    let (before, attributes) = line.trim_end().strip_suffix('}')?.rsplit_once('{')?;
    let is_heading = line.starts_with('#') && attributes.starts_with(['#', '.']);
    is_heading.then(|| before.trim_end().to_owned())
}

/// `{: .class}` on a line of its own or behind text, and the mark of a table of contents.
fn without_kramdown(line: &str) -> Option<String> {
    let (before, rest) = line.split_once("{:")?;
    let (attributes, after) = rest.split_once('}')?;
    if attributes.contains('{') || attributes.starts_with(':') {
        return None;
    }
    // `* TOC` above `{:toc}` is only there to be replaced.
    Some(format!("{}{after}", before.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::super::flavour::Flavour;
    use super::without_attributes;

    #[test]
    fn attributes_go_and_text_stays() {
        let hugo = "## A {#a .b}\nx {#y}\n```\n## C {#c}\n```\n";
        assert_eq!(without_attributes(Flavour::Hugo, hugo), "## A\nx {#y}\n```\n## C {#c}\n```\n");
        let jekyll = "![a](b.png){: .wide }\n\ntext\n{: .note}\n";
        assert_eq!(without_attributes(Flavour::Jekyll, jekyll), "![a](b.png)\n\ntext\n\n");
        assert_eq!(without_attributes(Flavour::Plain, jekyll), jekyll);
    }
}
