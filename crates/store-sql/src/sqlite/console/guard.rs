//! What a statement may do. SQLite asks this before it runs one, for each table, column and function in it.
//!
//! What is not named here is refused: a table that a later version adds is closed until somebody opens it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use super::functions::FUNCTION_TABLE;
use super::{OWN, SITE};

/// The tables of the site that may be read: content, and what belongs to it. All others are closed: they hold secrets
/// (hashes, keys, tokens, settings of plugins), are about persons, or are the program's own notes.
const READABLE: [&str; 15] = [
    "entries",
    "revisions",
    "entry_references",
    "assets",
    "asset_variants",
    "redirects",
    "menus",
    "collection_definitions",
    "outbox",
    "roles",
    "migrations",
    "sqlite_schema",
    "sqlite_master",
    "sqlite_stat1",
    "sqlite_sequence",
];

/// What tells of tables and functions, and changes nothing.
const PRAGMAS: [&str; 9] = [
    "table_info",
    "table_xinfo",
    "table_list",
    "index_list",
    "index_info",
    "index_xinfo",
    "function_list",
    "collation_list",
    "compile_options",
];

/// Functions of SQLite that reach beyond the query.
const CLOSED_FUNCTIONS: [&str; 3] = ["load_extension", "fts3_tokenizer", "sqlite_log"];

/// Decides, and remembers why not.
#[derive(Clone)]
pub(super) struct Guard(Arc<State>);

struct State {
    writes: bool,
    /// The closed tables, in lower case: where no column is read, SQLite does not say whose a table is.
    closed: BTreeSet<String>,
    /// While this program runs a statement of its own.
    ours: AtomicBool,
    refusal: Mutex<Option<String>>,
}

/// Opens the guard until it is dropped.
pub(super) struct Ours<'a>(&'a State);

impl Guard {
    /// A guard over a site with these tables and views.
    pub(super) fn new(writes: bool, tables: Vec<String>, views: &BTreeSet<String>) -> Self {
        let tables = tables.into_iter().map(|it| it.to_ascii_lowercase());
        let closed =
            tables.filter(|it| !READABLE.contains(&it.as_str()) && !views.contains(it)).collect();
        let (ours, refusal) = (AtomicBool::new(false), Mutex::default());
        Self(Arc::new(State { writes, closed, ours, refusal }))
    }

    /// Lets this program's own statements through until the answer is dropped.
    pub(super) fn ours(&self) -> Ours<'_> {
        self.0.ours.store(true, Ordering::Relaxed);
        Ours(&self.0)
    }

    /// Why the last statement was refused, once.
    pub(super) fn refusal(&self) -> Option<String> {
        self.0.refusal.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn ask(&self, context: &AuthContext<'_>) -> Authorization {
        if self.0.ours.load(Ordering::Relaxed) {
            return Authorization::Allow;
        }
        match decide(context, &self.0) {
            Ok(()) => Authorization::Allow,
            Err(reason) => {
                *self.0.refusal.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
                Authorization::Deny
            }
        }
    }
}

impl Drop for Ours<'_> {
    fn drop(&mut self) {
        self.0.ours.store(false, Ordering::Relaxed);
    }
}

fn decide(context: &AuthContext<'_>, state: &State) -> Result<(), String> {
    use AuthAction as A;
    let writes = state.writes;
    let place = context.database_name.unwrap_or(OWN);
    match context.action {
        A::Select | A::Recursive | A::Transaction { .. } | A::Savepoint { .. } => Ok(()),
        A::Read { table_name, .. } => {
            let is_closed = state.closed.contains(&table_name.to_ascii_lowercase());
            let place = if context.database_name.is_none() && is_closed { SITE } else { place };
            read(place, table_name)
        }
        A::Function { function_name } => {
            let is_closed =
                CLOSED_FUNCTIONS.iter().any(|it| it.eq_ignore_ascii_case(function_name));
            if is_closed { Err(format!("the function {function_name} is closed")) } else { Ok(()) }
        }
        A::Pragma { pragma_name, .. } => {
            let is_open = PRAGMAS.iter().any(|it| it.eq_ignore_ascii_case(pragma_name));
            let open = PRAGMAS.join(", ");
            let closed = || format!("the pragma {pragma_name} is closed; open are {open}");
            if is_open { Ok(()) } else { Err(closed()) }
        }
        A::Insert { table_name }
        | A::Update { table_name, .. }
        | A::Delete { table_name }
        | A::CreateTable { table_name }
        | A::DropTable { table_name }
        | A::CreateIndex { table_name, .. }
        | A::DropIndex { table_name, .. } => write(place, table_name, writes),
        A::AlterTable { database_name, table_name } => write(database_name, table_name, writes),
        A::CreateView { view_name } | A::DropView { view_name } => write(place, view_name, writes),
        A::CreateTempTable { table_name } | A::DropTempTable { table_name } => {
            write("temp", table_name, writes)
        }
        A::Reindex { .. } if writes => Ok(()),
        A::Attach { .. } | A::Detach { .. } => Err("other databases cannot be attached".to_owned()),
        A::CreateTempTrigger { .. } | A::CreateTrigger { .. } | A::DropTrigger { .. } => {
            Err("triggers are closed".to_owned())
        }
        A::CreateVtable { .. } | A::DropVtable { .. } => {
            Err("virtual tables are closed".to_owned())
        }
        _ => Err("such a statement is closed here".to_owned()),
    }
}

fn read(place: &str, table: &str) -> Result<(), String> {
    if place != SITE || READABLE.iter().any(|it| it.eq_ignore_ascii_case(table)) {
        return Ok(());
    }
    Err(format!(
        "the table {table} cannot be read: it holds secrets, is about persons, or is the program's own; open are the \
         collections by their names, and {}",
        READABLE.join(", ")
    ))
}

fn write(place: &str, table: &str, writes: bool) -> Result<(), String> {
    if place == SITE {
        return Err(
            "the data of the site are changed by its operations (admin, API, commands), never by SQL"
                .to_owned(),
        );
    }
    if table.eq_ignore_ascii_case(FUNCTION_TABLE) {
        return Err(format!(
            "{FUNCTION_TABLE} is changed by CREATE FUNCTION and DROP FUNCTION, which check what they store"
        ));
    }
    if !writes {
        return Err(
            "nothing is written without --write, and with it only tables of your own".to_owned()
        );
    }
    Ok(())
}
