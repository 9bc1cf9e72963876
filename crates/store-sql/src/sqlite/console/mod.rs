//! SQL for operators: queries over a site, with functions of plugins and of modules.
//!
//! Two files are open. The site's is attached read-only; what is written goes to a file of its own, which holds the
//! functions that were created and, where it is asked for, tables of the operator. The [`guard`] is asked about each
//! statement before it runs.

mod files;
mod functions;
mod guard;
mod script;
mod views;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Error, ErrorCode, Params, params_from_iter};
use smartcms_app::ports::{ModuleFunctions, QueryFunction, Scalar};
use smartcms_domain::collections::CollectionDefinition;

pub use self::functions::StoredFunction;

use self::files::{open, tables};
use self::functions::Functions;
use self::guard::Guard;
use self::script::{Located, Script, Statement};
use super::{OpenError, OpenProblem, connection};

/// What SQL calls the file that is written.
const OWN: &str = "main";
/// What SQL calls the file of the site.
const SITE: &str = "site";

/// After so many steps of SQLite the clock is looked at.
const STEPS_PER_LOOK: i32 = 10_000;
/// The most of a statement that an error shows, in characters.
const SHOWN_LEN_MAX: usize = 120;

/// What a console is made of.
pub struct ConsoleParts<'a> {
    /// The database of the site.
    pub site: &'a Path,
    /// The file for functions and tables of the operator; it is made when it is not there.
    pub own: &'a Path,
    /// Each gets a view.
    pub collections: &'a [Arc<CollectionDefinition>],
    /// What plugins bring.
    pub functions: Vec<QueryFunction>,
    /// Makes functions of modules.
    pub modules: Arc<dyn ModuleFunctions>,
    /// What a statement may use.
    pub limits: SqlLimits,
    /// Whether the operator's own tables may be written.
    pub writes: bool,
}

/// What one statement may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlLimits {
    /// How long it may take.
    pub time: Duration,
    /// How many rows it may give.
    pub rows: usize,
    /// How much these rows may hold together, in bytes.
    pub bytes: usize,
}

/// What a statement gave.
#[derive(Debug, Clone, PartialEq)]
pub enum SqlOutcome {
    /// Rows.
    Rows(SqlTable),
    /// No rows, and so many were changed.
    Changed(usize),
    /// Something that is said in a sentence.
    Said(String),
}

/// Rows with the names of their columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SqlTable {
    /// The names.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Scalar>>,
}

/// A statement failed. Those before it are done.
#[derive(Debug, thiserror::Error)]
#[error("statement {statement} (line {line}) failed: {reason}\n  in: {text}")]
pub struct SqlError {
    /// Which one, counted from one.
    pub statement: usize,
    /// The line that it begins in.
    pub line: usize,
    /// How it begins.
    pub text: String,
    /// Of which kind.
    pub kind: SqlErrorKind,
    /// Why.
    pub reason: String,
}

/// Kinds of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlErrorKind {
    /// It is refused.
    Denied,
    /// It passed a limit; the rows until then are given.
    Limit,
    /// It is wrong, or a function in it failed.
    Invalid,
}

/// SQL over a site, on one thread.
pub struct SqlConsole {
    db: Connection,
    guard: Guard,
    functions: Functions,
    limits: SqlLimits,
    deadline: Arc<Mutex<Option<Instant>>>,
    timed_out: Arc<AtomicBool>,
}

/// Why a statement failed, before it is known which one it was.
struct Refusal(SqlErrorKind, String);

impl Default for SqlLimits {
    fn default() -> Self {
        Self { time: Duration::from_secs(30), rows: 10_000, bytes: 64 * 1024 * 1024 }
    }
}

impl SqlConsole {
    /// Opens both files, and makes the views and functions.
    pub fn open(parts: ConsoleParts<'_>) -> Result<Self, OpenError> {
        let path = parts.own.to_owned();
        Self::open_files(parts).map_err(|problem| OpenError { path, problem })
    }

    fn open_files(parts: ConsoleParts<'_>) -> Result<Self, OpenProblem> {
        connection::create_file(parts.own)?;
        let mut db = open(parts.own, parts.site)?;
        views::make(&db, parts.collections)
            .map_err(|fault| OpenProblem::Database(Error::UserFunctionError(fault)))?;
        let functions = Functions::open(&db, parts.modules, parts.functions)?;
        let views = parts.collections.iter().map(|it| it.name.to_string()).collect();
        let guard = Guard::new(parts.writes, tables(&db)?, &views);
        let asked = guard.clone();
        db.authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| asked.ask(&context)))?;
        let deadline: Arc<Mutex<Option<Instant>>> = Arc::default();
        let timed_out = Arc::new(AtomicBool::new(false));
        let (until, late) = (Arc::clone(&deadline), Arc::clone(&timed_out));
        let is_late = move || {
            let until = *until.lock().unwrap_or_else(PoisonError::into_inner);
            let is_late = until.is_some_and(|it| Instant::now() >= it);
            late.store(is_late, Ordering::Relaxed);
            is_late
        };
        db.progress_handler(STEPS_PER_LOOK, Some(is_late))?;
        Ok(Self { db, guard, functions, limits: parts.limits, deadline, timed_out })
    }

    /// Runs statement after statement until one fails; each outcome is given as it comes.
    pub fn run(&mut self, script: &str, mut each: impl FnMut(SqlOutcome)) -> Result<(), SqlError> {
        for located in Script::new(script) {
            self.statement(&located, &mut each).map_err(|Refusal(kind, reason)| {
                let text = shown(located.text);
                SqlError { statement: located.number, line: located.line, text, kind, reason }
            })?;
        }
        Ok(())
    }

    /// Calls one function with these arguments.
    pub fn call(&mut self, function: &str, arguments: Vec<Scalar>) -> Result<Scalar, SqlError> {
        let marks = vec!["?"; arguments.len()].join(", ");
        let sql = format!("SELECT \"{}\"({marks})", function.replace('"', "\"\""));
        let values = arguments.into_iter().map(|it| match it {
            Scalar::Null => Value::Null,
            Scalar::Boolean(flag) => Value::Integer(flag.into()),
            Scalar::Integer(whole) => Value::Integer(whole),
            Scalar::Number(number) => Value::Real(number),
            Scalar::Text(text) => Value::Text(text),
            Scalar::Bytes(bytes) => Value::Blob(bytes),
        });
        let mut found = Scalar::Null;
        let values = params_from_iter(values.collect::<Vec<_>>());
        let done = self.sql(&sql, values, &mut |outcome| {
            if let SqlOutcome::Rows(table) = outcome {
                found = table.rows.into_iter().flatten().next().unwrap_or(Scalar::Null);
            }
        });
        done.map_err(|Refusal(kind, reason)| SqlError {
            statement: 1,
            line: 1,
            text: shown(&sql),
            kind,
            reason,
        })?;
        Ok(found)
    }

    /// The functions that were created here.
    #[must_use]
    pub fn stored_functions(&self) -> Vec<StoredFunction> {
        self.functions.stored()
    }

    fn statement(
        &mut self,
        located: &Located<'_>,
        each: &mut dyn FnMut(SqlOutcome),
    ) -> Result<(), Refusal> {
        let invalid = |reason: String| Refusal(SqlErrorKind::Invalid, reason);
        let said = match &located.statement {
            Err(reason) => return Err(invalid(reason.clone())),
            Ok(Statement::Sql) => return self.sql(located.text, [], each),
            Ok(Statement::MakeTable) => {
                let _ours = self.guard.ours();
                functions::make_table(&self.db).map_err(|error| invalid(reason(&error)))?;
                "the table of functions is there".to_owned()
            }
            Ok(Statement::CreateFunction { name, unless_there, body }) => {
                let _ours = self.guard.ours();
                let made = self.functions.create(&self.db, name, *unless_there, body);
                match made.map_err(invalid)? {
                    true => format!("created the function {name}"),
                    false => format!("the function {name} is there already"),
                }
            }
            Ok(Statement::DropFunction { name, if_there }) => {
                let _ours = self.guard.ours();
                match self.functions.drop(&self.db, name, *if_there).map_err(invalid)? {
                    true => format!("dropped the function {name}"),
                    false => format!("there is no function {name}"),
                }
            }
        };
        each(SqlOutcome::Said(said));
        Ok(())
    }

    fn sql(
        &self,
        sql: &str,
        values: impl Params,
        each: &mut dyn FnMut(SqlOutcome),
    ) -> Result<(), Refusal> {
        self.timed_out.store(false, Ordering::Relaxed);
        let until = Instant::now().checked_add(self.limits.time);
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = until;
        let mut table = SqlTable::default();
        let ran = self.rows(sql, values, &mut table);
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = None;
        if table.columns.is_empty() {
            let changed = ran.map_err(|error| self.refusal(&error))?;
            each(SqlOutcome::Changed(changed.unwrap_or_default()));
            return Ok(());
        }
        let limit = match ran {
            Ok(None) => None,
            Ok(Some(_)) => Some(format!(
                "it gives more than its limits rows={} and bytes={}; --rows N raises the first",
                self.limits.rows, self.limits.bytes
            )),
            Err(error) => return Err(self.refusal(&error)),
        };
        each(SqlOutcome::Rows(table));
        limit.map_or(Ok(()), |reason| Err(Refusal(SqlErrorKind::Limit, reason)))
    }

    /// Fills the table. `Some` where rows are left, and for a statement without rows: how many it changed.
    fn rows(
        &self,
        sql: &str,
        values: impl Params,
        table: &mut SqlTable,
    ) -> rusqlite::Result<Option<usize>> {
        let mut statement = self.db.prepare(sql)?;
        if statement.column_count() == 0 {
            // What SQLite says of one statement it goes on saying until another changes rows.
            let before = self.db.total_changes();
            statement.execute(values)?;
            let changed = self.db.total_changes().saturating_sub(before);
            return Ok(Some(usize::try_from(changed).unwrap_or(usize::MAX)));
        }
        table.columns = statement.column_names().map(str::to_owned).collect();
        let count = table.columns.len();
        let (mut rows, mut bytes) = (statement.query(values)?, 0_usize);
        while let Some(row) = rows.next()? {
            if table.rows.len() >= self.limits.rows || bytes > self.limits.bytes {
                return Ok(Some(0));
            }
            let mut cells = Vec::with_capacity(count);
            for at in 0..count {
                let (cell, size) = cell(row.get_ref(at)?);
                cells.push(cell);
                bytes = bytes.saturating_add(size);
            }
            table.rows.push(cells);
        }
        Ok(None)
    }

    fn refusal(&self, error: &Error) -> Refusal {
        if let Some(reason) = self.guard.refusal() {
            return Refusal(SqlErrorKind::Denied, reason);
        }
        let is = |code: ErrorCode| error.sqlite_error_code() == Some(code);
        if is(ErrorCode::OperationInterrupted) && self.timed_out.load(Ordering::Relaxed) {
            let seconds = self.limits.time.as_secs_f64();
            let reason =
                format!("it takes longer than its limit time={seconds}s; --time raises it");
            return Refusal(SqlErrorKind::Limit, reason);
        }
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::AuthorizationForStatementDenied | ErrorCode::ReadOnly) => {
                SqlErrorKind::Denied
            }
            Some(ErrorCode::TooBig) => SqlErrorKind::Limit,
            _ => SqlErrorKind::Invalid,
        };
        Refusal(kind, reason(error))
    }
}

fn cell(value: ValueRef<'_>) -> (Scalar, usize) {
    match value {
        ValueRef::Null => (Scalar::Null, 1),
        ValueRef::Integer(whole) => (Scalar::Integer(whole), 8),
        ValueRef::Real(number) => (Scalar::Number(number), 8),
        ValueRef::Text(bytes) => {
            (Scalar::Text(String::from_utf8_lossy(bytes).into_owned()), bytes.len())
        }
        ValueRef::Blob(bytes) => (Scalar::Bytes(bytes.to_vec()), bytes.len()),
    }
}

/// What SQLite says, without its codes.
fn reason(error: &Error) -> String {
    match error {
        Error::SqlInputError { msg, sql, offset, .. } => {
            let near = usize::try_from(*offset).ok().and_then(|it| sql.get(it..));
            let near = near.and_then(|it| it.split_whitespace().next());
            near.map_or_else(|| msg.clone(), |near| format!("{msg}, at `{}`", shown(near)))
        }
        Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
}

fn shown(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN_LEN_MAX {
        return line;
    }
    line.chars().take(SHOWN_LEN_MAX).chain(['…']).collect()
}
