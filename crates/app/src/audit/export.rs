//! The audit log as a file.

use serde_json::{Value, json};

use super::deed::{Deed, record};
use super::read::{AuditError, digest_text, require_reading};
use crate::OpContext;
use crate::ports::AuditRecord;

const COLUMNS: [&str; 12] = [
    "id",
    "at",
    "actor",
    "operation",
    "outcome",
    "target_kind",
    "target_id",
    "before",
    "after",
    "address",
    "user_agent",
    "detail",
];

/// How the records of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditFormat {
    /// A JSON object a line.
    JsonLines,
    /// Comma-separated values, with a line of names first.
    Csv,
}

impl AuditFormat {
    /// The name, which is also how names of such files end.
    pub fn name(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
        }
    }

    /// The format with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::JsonLines, Self::Csv].into_iter().find(|it| it.name() == name)
    }

    /// What stands before the records.
    pub fn head(self) -> Option<String> {
        (self == Self::Csv).then(|| COLUMNS.join(","))
    }

    /// A record, without the end of its line.
    pub fn line(self, record: &AuditRecord) -> String {
        match self {
            Self::JsonLines => document(record).to_string(),
            Self::Csv => {
                columns(record).map(|it| it.map(|it| cell(&it)).unwrap_or_default()).join(",")
            }
        }
    }
}

/// Records that the log is handed out from now on, to one who may read it. It is known before the first byte leaves.
pub async fn begin_audit_export(
    ctx: &OpContext<'_>,
    format: AuditFormat,
) -> Result<(), AuditError> {
    require_reading(ctx)?;
    record(ctx, Deed::done("audit.exported").detail(format.name())).await;
    Ok(())
}

/// The columns of a record, in the order of their names.
fn columns(record: &AuditRecord) -> [Option<String>; 12] {
    let target = record.target.as_ref();
    [
        Some(record.id.to_string()),
        Some(record.at.to_string()),
        Some(record.actor.clone()),
        Some(record.operation.clone()),
        Some(record.outcome.name().to_owned()),
        target.map(|it| it.kind.clone()),
        target.map(|it| it.id.clone()),
        record.before.map(digest_text),
        record.after.map(digest_text),
        record.client.address.clone(),
        record.client.user_agent.clone(),
        record.detail.clone(),
    ]
}

fn document(record: &AuditRecord) -> Value {
    let named = COLUMNS.iter().map(|it| (*it).to_owned()).zip(columns(record));
    Value::Object(named.map(|(name, value)| (name, json!(value))).collect())
}

/// A value between quotes. Programs that show tables take some beginnings for formulas: what a stranger's browser calls
/// itself is to be shown, not computed.
fn cell(text: &str) -> String {
    let begins = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let before = if begins { "'" } else { "" };
    format!("\"{before}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_value_leaves_its_cell_or_is_computed() {
        assert_eq!(cell("plain"), "\"plain\"");
        assert_eq!(cell("a\",b\nc"), "\"a\"\",b\nc\"");
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
    }
}
