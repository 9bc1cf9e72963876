//! Links between the repository's own Markdown files.

use super::tree::{File, Finding, Tree};

/// Checks that every link to a local file leads somewhere.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    // Fixtures are other people's sites: their links mean something there.
    let ours = tree.ending(".md").filter(|file| !file.path.contains("/fixtures/"));
    ours.flat_map(|file| check_file(tree, file)).collect()
}

fn check_file(tree: &Tree, file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut in_code = false;
    for (number, line) in file.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for target in targets(line).filter(|target| is_local(target)) {
            let path = resolve(&file.path, target);
            if !tree.has(&path) {
                findings.push(Finding::error(
                    &file.path,
                    number,
                    format!("links to {target}, which does not exist"),
                ));
            }
        }
    }
    findings
}

/// What stands in `](…)`, without a title or a fragment.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split(')').next()?.split_whitespace().next()?;
        target.split('#').next()
    })
}

/// A link that begins with `/` is one of a served site, as in demo content.
fn is_local(target: &str) -> bool {
    let elsewhere = target.contains("://") || target.starts_with("mailto:");
    !target.is_empty() && !target.starts_with('/') && !elsewhere
}

/// The path from the root that `target`, written in the file at `from`, means.
fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Vec<Finding> {
        check(&Tree::of(&[("docs/a.md", text), ("docs/adr/0001-b.md", ""), ("README.md", "")]))
    }

    #[test]
    fn links_that_lead_somewhere_pass() {
        let text = "[a](adr/0001-b.md#why) [b](../README.md \"title\") [c](adr) [d](#here)\n\
                    [e](https://example.com/x) [f](/about)\n```\n[g](none.md)\n```\n";
        assert_eq!(findings(text), []);
    }

    #[test]
    fn a_link_to_nothing_is_refused() {
        let found = findings("one\n[a](adr/0002-c.md)\n");
        assert_eq!(
            found[0].to_string(),
            "error: docs/a.md:2: links to adr/0002-c.md, which does not exist"
        );
    }
}
