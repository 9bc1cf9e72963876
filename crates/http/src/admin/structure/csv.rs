//! Tables as spreadsheets write them: commas, semicolons or tabs, with quotes where a value has one of them.

/// The rows of a table with their line numbers, from one. Empty lines are left out.
pub(super) fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = separator_of(text);
    let mut rows = Vec::new();
    let (mut line, mut begun) = (1, 1);
    let mut row = vec![String::new()];
    let mut is_quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let Some(value) = row.last_mut() else { break };
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                value.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if value.is_empty() => is_quoted = true,
            '\n' if !is_quoted => {
                line += 1;
                rows.push((begun, std::mem::replace(&mut row, vec![String::new()])));
                begun = line;
            }
            _ if letter == separator && !is_quoted => row.push(String::new()),
            '\r' if !is_quoted => {}
            other => {
                line += usize::from(other == '\n');
                value.push(other);
            }
        }
    }
    rows.push((begun, row));
    for (_, row) in &mut rows {
        row.iter_mut().for_each(|it| *it = it.trim().to_owned());
    }
    rows.retain(|(_, row)| row.iter().any(|it| !it.is_empty()));
    rows
}

/// What stands between values: the first of the three that the first line has.
fn separator_of(text: &str) -> char {
    let first = text.lines().next().unwrap_or_default();
    first.chars().find(|it| matches!(it, ',' | ';' | '\t')).unwrap_or(',')
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[track_caller]
    fn check(text: &str, expected: &[(usize, &[&str])]) {
        let found = rows(text);
        let found: Vec<(usize, Vec<&str>)> = found
            .iter()
            .map(|(line, it)| (*line, it.iter().map(String::as_str).collect()))
            .collect();
        let expected: Vec<(usize, Vec<&str>)> =
            expected.iter().map(|(line, it)| (*line, it.to_vec())).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn tables_of_all_habits_are_read() {
        check("/a,/b\r\n\r\n/c , /d,302", &[(1, &["/a", "/b"]), (3, &["/c", "/d", "302"])]);
        check("\u{feff}from;to\n/a;\"/b;c\"", &[(1, &["from", "to"]), (2, &["/a", "/b;c"])]);
        check("/a\t\"say \"\"x\"\"\"", &[(1, &["/a", "say \"x\""])]);
        check("/a,\"x\ny\"\n/b,/c", &[(1, &["/a", "x\ny"]), (3, &["/b", "/c"])]);
        check("", &[]);
        check("\"", &[]);
    }
}
