//! Addresses in Markdown: links, pictures and reference definitions, outside of code.

/// Markdown with what is no code replaced: fenced blocks stay as they are, and what stands between them is given whole.
pub(crate) fn outside_of_code(text: &str, replace: &dyn Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut prose = String::new();
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let marker = ["```", "~~~"].into_iter().find(|it| start.starts_with(it));
        let is_fence = match (fence, marker) {
            (None, Some(marker)) => {
                fence = Some(marker);
                true
            }
            (Some(open), Some(marker)) if open == marker => {
                fence = None;
                true
            }
            _ => fence.is_some(),
        };
        if is_fence {
            out.push_str(&replace(&std::mem::take(&mut prose)));
            out.push_str(line);
        } else {
            prose.push_str(line);
        }
    }
    out.push_str(&replace(&prose));
    out
}

/// Markdown with its addresses replaced: the function gets each, and whether it is of a picture; `None` leaves it.
pub(crate) fn rewrite_links(
    text: &str,
    rewrite: &mut dyn FnMut(&str, bool) -> Option<String>,
) -> String {
    if !text.contains("](") && !text.contains("]:") {
        return text.to_owned();
    }
    let mut rewritten = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let marker = ["```", "~~~"].into_iter().find(|it| start.starts_with(it));
        match (fence, marker) {
            (None, Some(marker)) => fence = Some(marker),
            (Some(open), Some(marker)) if open == marker => fence = None,
            (None, None) => {
                rewrite_line(line, rewrite, &mut rewritten);
                continue;
            }
            _ => {}
        }
        rewritten.push_str(line);
    }
    rewritten
}

fn rewrite_line(
    line: &str,
    rewrite: &mut dyn FnMut(&str, bool) -> Option<String>,
    out: &mut String,
) {
    if let Some((label, url)) = definition(line) {
        let end = url.find(|c: char| c.is_whitespace()).unwrap_or(url.len());
        let (address, rest) = url.split_at(end);
        out.push_str(label);
        out.push_str(&rewrite(address, false).unwrap_or_else(|| address.to_owned()));
        out.push_str(rest);
        return;
    }
    let mut at = 0;
    while let Some(open) = line.get(at..).and_then(|it| it.find("](")).map(|it| at + it) {
        let start = open + 2;
        let before = line.get(at..start).unwrap_or_default();
        out.push_str(before);
        let rest = line.get(start..).unwrap_or_default();
        let in_code = line.get(..open).unwrap_or_default().matches('`').count() % 2 == 1;
        let len = address_len(rest);
        let address = rest.get(..len).unwrap_or_default();
        let bare = address.trim_start_matches('<').trim_end_matches('>');
        let is_picture = is_picture(line, open);
        let replaced = if in_code { None } else { rewrite(bare, is_picture) };
        out.push_str(&replaced.unwrap_or_else(|| address.to_owned()));
        at = start + len;
    }
    out.push_str(line.get(at..).unwrap_or_default());
}

/// `[label]: address`.
fn definition(line: &str) -> Option<(&str, &str)> {
    let indent = line.len() - line.trim_start().len();
    let starts = indent < 4 && line.trim_start().starts_with('[');
    let colon = line.find("]:").filter(|_| starts)? + 2;
    let rest = line.get(colon..)?;
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    Some(line.split_at(colon + blanks)).filter(|(_, url)| !url.trim().is_empty())
}

/// The length of an address: up to a blank or the bracket that closes it.
fn address_len(text: &str) -> usize {
    if text.starts_with('<') {
        return text.find('>').map_or(0, |it| it + 1);
    }
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return at,
            b')' => depth -= 1,
            byte if byte.is_ascii_whitespace() => return at,
            _ => {}
        }
    }
    0
}

/// Whether the bracket that closes here was opened by `![`.
fn is_picture(line: &str, close: usize) -> bool {
    let before = line.get(..close).unwrap_or_default();
    before
        .rfind('[')
        .and_then(|it| it.checked_sub(1))
        .is_some_and(|it| before.as_bytes().get(it) == Some(&b'!'))
}

#[cfg(test)]
mod tests {
    use super::rewrite_links;

    #[test]
    fn addresses_are_replaced_outside_of_code() {
        let text =
            "a [b](/x \"t\") ![c](y(1).png) `[d](/x)`\n```\n[e](/x)\n```\n[f]: /x 'u'\n[g](</x>)\n";
        let got = rewrite_links(text, &mut |url, is_picture| {
            (url.contains('x') || is_picture)
                .then(|| format!("/new{}", if is_picture { ".png" } else { "" }))
        });
        assert_eq!(
            got,
            "a [b](/new \"t\") ![c](/new.png) `[d](/x)`\n```\n[e](/x)\n```\n[f]: /new 'u'\n[g](/new)\n"
        );
    }
}
