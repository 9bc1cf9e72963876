//! `smartcms plugin logs`.

use serde_json::json;
use smartcms_app::ports::LogLine;
use smartcms_domain::plugins::PluginId;

use super::super::say;
use crate::compose::Operator;

pub(super) async fn logs(
    operator: &Operator,
    id: &PluginId,
    lines: u32,
    as_json: bool,
) -> anyhow::Result<()> {
    for line in operator.log.newest(id, lines).await? {
        if as_json {
            // One object a line, so that a program can follow.
            say(json!({
                "at": line.at.to_string(),
                "level": line.level.name(),
                "source": line.source,
                "text": line.text,
            }));
        } else {
            say(shown(&line));
        }
    }
    Ok(())
}

/// A line as people read it.
pub(crate) fn shown(line: &LogLine) -> String {
    let (level, text) = (line.level.name(), printable(&line.text));
    format!("{}  {level:<5} {:<7} {text}", line.at, line.source)
}

/// A plugin chooses its words; what would move the cursor or colour the terminal of the operator is shown as text.
fn printable(text: &str) -> String {
    let shown =
        |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_log_line_cannot_steer_the_terminal() {
        assert_eq!(super::printable("a\u{1b}[31mb"), "a\\u{1b}[31mb");
    }
}
