//! What is smart: the search by meaning, and functions in SQL: of a plugin, and of a module in libSQL's form, beside the same function native in SQLite.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, bail};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use smartcms_app::ports::{Plugins, Scalar};
use smartcms_domain::plugins::PluginId;
use smartcms_plugin_host::{ModulesForQueries, query_functions};
use smartcms_store_sql::{
    ConsoleParts, SqlConsole, SqlLimits, SqlOutcome, SqliteSettings, SqliteStore,
};

use super::{Bench, meaning};
use crate::guests;
use crate::plugin_site::{HostSetup, PLUGIN};
use crate::rounds::Rounds;
use crate::table::{Goal, Row, Unit};

/// Rows of one round. A debug build is for trying the bench out.
const ROWS: usize = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };

/// The table that functions are called over.
const TEXTS: &str = "CREATE TABLE texts (text TEXT NOT NULL)";
const ECHO_MODULE: &str = "CREATE FUNCTION module_echo LANGUAGE wasm AS '(module
    (memory (export \"memory\") 1)
    (func (export \"libsql_malloc\") (param i32) (result i32) (i32.const 64))
    (func (export \"module_echo\") (param i32) (result i32) (local.get 0)))'";

/// Each kind of function that gives back the text it gets.
pub fn rows(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir_in(&bench.work)?;
    let host = HostSetup::usual();
    let echo = guests::echo_function()?;
    let host = bench.runtime.block_on(host.with_one(folder.path(), &echo, &[]))?;
    let threads = bench.runtime.handle().clone();
    let calls = bench.runtime.block_on(host.functions(&PluginId::parse(PLUGIN)?))?;
    let functions = query_functions(vec![calls], &threads);
    let site = folder.path().join("site.db");
    drop(SqliteStore::open(&site, &SqliteSettings::default())?);
    let mut console = SqlConsole::open(ConsoleParts {
        site: &site,
        own: &folder.path().join("sql.db"),
        collections: &[],
        functions: functions.into_iter().map(|(it, _)| it).collect(),
        modules: Arc::new(ModulesForQueries::new(host.module_functions(), threads)),
        limits: SqlLimits::default(),
        writes: true,
    })?;
    console.run(&format!("{TEXTS}; {}; {ECHO_MODULE}", fill()), |_| {})?;
    let native = native()?;
    // Calls look for the runtime where they are made.
    let _inside = bench.runtime.enter();
    let mut found = Vec::new();
    for (name, function) in [
        ("SQL function of a plugin, each of 1,000,000 rows", "echo"),
        ("SQL function in libSQL's form, each of 1,000,000 rows", "module_echo"),
    ] {
        let query = query(function);
        let rounds =
            Rounds::measure(bench.rounds, || ours(&mut console, &query), || of_sqlite(&native))?;
        found.push(Row::ratio(name, "native in SQLite", Unit::Nanos, &rounds, Goal::AtMost(3.0)));
    }
    found.extend(meaning::rows(bench)?);
    Ok(found)
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
fn ours(console: &mut SqlConsole, query: &str) -> anyhow::Result<f64> {
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
    Ok(db)
}

fn of_sqlite(db: &Connection) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let sum: i64 = db.query_row(&query("echo"), [], |row| row.get(0))?;
    per_row(begun, sum)
}

fn per_row(begun: Instant, sum: i64) -> anyhow::Result<f64> {
    let took = begun.elapsed();
    if usize::try_from(sum).context("a negative sum")? < ROWS {
        bail!("the function was not called for every row");
    }
    Ok(took.as_secs_f64() * 1e9 / ROWS as f64)
}
