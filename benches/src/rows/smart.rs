//! What is smart: the search by meaning, and functions in SQL: of a plugin, and of a module in libSQL's form, beside the same function native in SQLite.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, bail};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use smartcms_app::ports::{FunctionCalls, Plugins, Scalar};
use smartcms_domain::plugins::PluginId;
use smartcms_plugin_host::{ModulesForQueries, PluginHost, query_functions};
use smartcms_store_sql::{
    ConsoleParts, SqlConsole, SqlLimits, SqlOutcome, SqliteSettings, SqliteStore,
};

use super::{Bench, meaning};
use crate::guests;
use crate::plugin_site::{HostSetup, register};
use crate::rounds::Rounds;
use crate::table::{Goal, Row, Unit};

/// Rows of one round. A debug build is for trying the bench out.
const ROWS: usize = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };

/// The table that functions are called over.
const TEXTS: &str = "CREATE TABLE texts (text TEXT NOT NULL)";
const ECHO_MODULE: &str = "CREATE FUNCTION echo LANGUAGE wasm AS '(module
    (memory (export \"memory\") 1)
    (func (export \"libsql_malloc\") (param i32) (result i32) (i32.const 64))
    (func (export \"echo\") (param i32) (result i32) (local.get 0)))'";

/// The function that examples bring in both forms, for the other side.
#[path = "../../../examples/text/src/slug.rs"]
#[expect(unreachable_pub, reason = "it is a file of the example")]
mod slug;

/// What brings functions into queries: each form has both, one that computes something, and one that gives back the text
/// it gets, which is a call and nothing more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Plugin,
    Module,
}

impl Form {
    fn words(self) -> &'static str {
        match self {
            Self::Plugin => "of a plugin",
            Self::Module => "in libSQL's form",
        }
    }
}

/// Functions in SQL, then what models and vectors do.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let native = native()?;
    // Calls look for the runtime where they are made.
    let _inside = bench.runtime.enter();
    let mut found = Vec::new();
    for form in [Form::Plugin, Form::Module] {
        let folder = tempfile::tempdir_in(&bench.work)?;
        let mut console = console(bench, folder.path(), form)?;
        for function in ["slugify", "echo"] {
            let query = query(function);
            let rounds = Rounds::measure(
                bench.rounds,
                || of_wasm(&mut console, &query),
                || of_sqlite(&native, &query),
            )?;
            let name = format!("SQL function {}, `{function}`, each of {ROWS} rows", form.words());
            found.push(Row::ratio(
                name,
                "native in SQLite",
                Unit::Nanos,
                &rounds,
                Goal::AtMost(3.0),
            ));
        }
    }
    found.extend(meaning::rows(bench)?);
    Ok(found)
}

/// A console with functions of this form, over a table with as many rows as one round has.
fn console(bench: &Bench, folder: &Path, form: Form) -> anyhow::Result<SqlConsole> {
    let host = bench.runtime.block_on(host(bench, folder))?;
    let threads = bench.runtime.handle().clone();
    let functions = match form {
        Form::Plugin => query_functions(bench.runtime.block_on(calls(&host))?, &threads),
        Form::Module => Vec::new(),
    };
    let site = folder.join("site.db");
    drop(SqliteStore::open(&site, &SqliteSettings::default())?);
    let mut console = SqlConsole::open(ConsoleParts {
        site: &site,
        own: &folder.join("sql.db"),
        collections: &[],
        functions: functions.into_iter().map(|(it, _)| it).collect(),
        modules: Arc::new(ModulesForQueries::new(host.module_functions(), threads)),
        limits: SqlLimits::default(),
        writes: true,
    })?;
    console.run(&format!("{TEXTS}; {}", fill()), |_| {})?;
    if form == Form::Module {
        let module = std::fs::read(bench.plugin("sql-functions"))?;
        let hex: String = module.iter().map(|it| format!("{it:02x}")).collect();
        let slugify = format!("CREATE FUNCTION slugify LANGUAGE wasm AS x'{hex}'");
        console.run(&format!("{ECHO_MODULE}; {slugify}"), |_| {})?;
    }
    Ok(console)
}

/// A host with both plugins.
async fn host(bench: &Bench, folder: &Path) -> anyhow::Result<PluginHost> {
    let text = std::fs::read(bench.plugin("text"))?;
    let plugins = [("echo", guests::echo_function()?), ("text", text)];
    register(folder, plugins.map(|(id, it)| (id.to_owned(), it)), &[]).await?;
    let host = HostSetup::usual().host(folder)?;
    host.refresh().await?;
    Ok(host)
}

async fn calls(host: &PluginHost) -> anyhow::Result<Vec<Box<dyn FunctionCalls>>> {
    let mut calls = Vec::new();
    for id in ["echo", "text"] {
        calls.push(host.functions(&PluginId::parse(id)?).await?);
    }
    Ok(calls)
}

fn fill() -> String {
    format!(
        "INSERT INTO texts WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) \
         SELECT printf('A title of a post, number %d', i) FROM n"
    )
}

fn query(function: &str) -> String {
    format!("SELECT sum(length({function}(text))) FROM texts")
}

/// Nanoseconds for each row.
fn of_wasm(console: &mut SqlConsole, query: &str) -> anyhow::Result<f64> {
    let mut sum = 0;
    let begun = Instant::now();
    console.run(query, |outcome| {
        if let SqlOutcome::Rows(table) = outcome
            && let Some(Scalar::Integer(found)) = table.rows.into_iter().flatten().next()
        {
            sum = found;
        }
    })?;
    per_row(begun, sum)
}

fn native() -> rusqlite::Result<Connection> {
    let db = Connection::open_in_memory()?;
    db.execute_batch(&format!("{TEXTS}; {}", fill()))?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    db.create_scalar_function("echo", 1, flags, |context| context.get::<String>(0))?;
    db.create_scalar_function("slugify", 1, flags, |context| {
        Ok(slug::slug(context.get_raw(0).as_str()?))
    })?;
    Ok(db)
}

fn of_sqlite(db: &Connection, query: &str) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let sum: i64 = db.query_row(query, [], |row| row.get(0))?;
    per_row(begun, sum)
}

fn per_row(begun: Instant, sum: i64) -> anyhow::Result<f64> {
    let took = begun.elapsed();
    if usize::try_from(sum).context("a negative sum")? < ROWS {
        bail!("the function was not called for every row");
    }
    Ok(took.as_secs_f64() * 1e9 / ROWS as f64)
}
