//! How rows are printed.

use serde_json::{Map, Value, json};
use smartcms_app::ports::Scalar;
use smartcms_store_sql::SqlTable;

use crate::printable::printable;

/// The form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Columns side by side, for people.
    Table,
    /// An array of objects.
    Json,
    /// RFC 4180.
    Csv,
}

impl Format {
    pub(super) fn rows(self, table: &SqlTable) -> String {
        match self {
            Self::Table => aligned(table),
            Self::Json => objects(table),
            Self::Csv => separated(table),
        }
    }
}

fn aligned(table: &SqlTable) -> String {
    let line = |text: &str| printable(text).replace('\n', "⏎").replace('\t', " ");
    let head: Vec<String> = table.columns.iter().map(|it| line(it)).collect();
    let cells = |row: &Vec<Scalar>| row.iter().map(|it| line(&text(it))).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = table.rows.iter().map(cells).collect();
    let length = |text: &String| text.chars().count();
    let width = |at: usize| {
        let longest = rows.iter().filter_map(|row| row.get(at)).map(length).max();
        longest.unwrap_or(0).max(head.get(at).map_or(0, length))
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let right: Vec<bool> = (0..head.len()).map(|at| is_numeric(table, at)).collect();
    let joined = |cells: &[String]| {
        let padded = cells.iter().zip(&widths).zip(&right).map(|((cell, width), right)| {
            let gap = " ".repeat(width.saturating_sub(length(cell)));
            if *right { format!("{gap}{cell}") } else { format!("{cell}{gap}") }
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let rule: Vec<String> = widths.iter().map(|it| "─".repeat(*it)).collect();
    let body = rows.iter().map(|row| joined(row));
    [joined(&head), joined(&rule)].into_iter().chain(body).collect::<Vec<_>>().join("\n")
}

fn is_numeric(table: &SqlTable, at: usize) -> bool {
    let mut values = table.rows.iter().filter_map(|row| row.get(at));
    values.all(|it| matches!(it, Scalar::Integer(_) | Scalar::Number(_) | Scalar::Null))
}

fn objects(table: &SqlTable) -> String {
    let object = |row: &Vec<Scalar>| {
        let members = table.columns.iter().cloned().zip(row.iter().map(value));
        Value::Object(members.collect::<Map<_, _>>())
    };
    let rows: Vec<Value> = table.rows.iter().map(object).collect();
    format!("{:#}", Value::Array(rows))
}

fn value(cell: &Scalar) -> Value {
    match cell {
        Scalar::Null => Value::Null,
        Scalar::Boolean(flag) => json!(flag),
        Scalar::Integer(whole) => json!(whole),
        Scalar::Number(number) => json!(number),
        Scalar::Text(_) | Scalar::Bytes(_) => json!(text(cell)),
    }
}

fn separated(table: &SqlTable) -> String {
    let field = |text: &str| match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    };
    let head = table.columns.iter().map(|it| field(it)).collect::<Vec<_>>().join(",");
    let line = |row: &Vec<Scalar>| {
        let cells = row.iter().map(|it| match it {
            Scalar::Null => String::new(),
            other => field(&text(other)),
        });
        cells.collect::<Vec<_>>().join(",")
    };
    [head].into_iter().chain(table.rows.iter().map(line)).collect::<Vec<_>>().join("\r\n")
}

fn text(cell: &Scalar) -> String {
    match cell {
        Scalar::Null => "NULL".to_owned(),
        Scalar::Boolean(flag) => flag.to_string(),
        Scalar::Integer(whole) => whole.to_string(),
        Scalar::Number(number) => number.to_string(),
        Scalar::Text(text) => text.clone(),
        Scalar::Bytes(bytes) => {
            let digits: String = bytes.iter().map(|it| format!("{it:02x}")).collect();
            format!("x'{digits}'")
        }
    }
}

#[cfg(test)]
mod tests {
    use smartcms_app::ports::Scalar;
    use smartcms_store_sql::SqlTable;

    use super::Format;

    fn table() -> SqlTable {
        let text = |it: &str| Scalar::Text(it.to_owned());
        SqlTable {
            columns: vec!["title".to_owned(), "n".to_owned()],
            rows: vec![
                vec![text("Grüße, \"you\"\n"), Scalar::Integer(5)],
                vec![Scalar::Null, Scalar::Integer(1_000)],
                vec![Scalar::Bytes(vec![0, 255]), Scalar::Null],
            ],
        }
    }

    #[test]
    fn columns_stand_below_one_another() {
        let shown = Format::Table.rows(&table());
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[0], "title             n");
        assert_eq!(lines[3], "NULL           1000");
        assert!(shown.contains("Grüße, \"you\"⏎"), "{shown}");
    }

    #[test]
    fn programs_read_it() {
        let json: serde_json::Value = serde_json::from_str(&Format::Json.rows(&table())).unwrap();
        assert_eq!(json[0]["title"], "Grüße, \"you\"\n");
        assert_eq!(json[1], serde_json::json!({ "title": null, "n": 1000 }));
        let csv = Format::Csv.rows(&table());
        assert_eq!(csv, "title,n\r\n\"Grüße, \"\"you\"\"\n\",5\r\n,1000\r\nx'00ff',");
    }
}
