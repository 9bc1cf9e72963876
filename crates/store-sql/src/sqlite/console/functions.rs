//! Functions in queries: those that plugins bring, and those that `CREATE FUNCTION` made.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Error, OptionalExtension, params};
use smartcms_app::ports::{ModuleFunctions, QueryFunction, RowCall, Scalar, ScalarType};

/// Where libSQL keeps functions, and so do we.
pub(super) const FUNCTION_TABLE: &str = "libsql_wasm_func_table";

/// The most functions of a site.
const FUNCTIONS_MAX: usize = 100;
/// The most that their modules have together, in bytes.
const BODIES_BYTES_MAX: usize = 64 * 1024 * 1024;

const MAKE_TABLE: &str = "CREATE TABLE IF NOT EXISTS main.libsql_wasm_func_table (name TEXT PRIMARY KEY, body TEXT) \
    WITHOUT ROWID";
const HAS_TABLE: &str = "SELECT 1 FROM main.sqlite_schema WHERE name = 'libsql_wasm_func_table'";
const STORED: &str =
    "SELECT name, CAST(body AS BLOB) FROM main.libsql_wasm_func_table ORDER BY name LIMIT 1000";
const KEEP: &str = "INSERT INTO main.libsql_wasm_func_table (name, body) VALUES (?1, ?2)";
const FORGET: &str = "DELETE FROM main.libsql_wasm_func_table WHERE name = ?1";
const IS_BUILT_IN: &str = "SELECT 1 FROM pragma_function_list WHERE name = lower(?1)";

/// The functions of a connection.
pub(super) struct Functions {
    modules: Arc<dyn ModuleFunctions>,
    /// Those that were created, with the bytes of their modules, by their names in lower case.
    created: BTreeMap<String, Created>,
    /// Names of plugins' functions, with whose they are.
    brought: BTreeMap<String, String>,
}

/// A function that `CREATE FUNCTION` made.
#[derive(Debug, Clone)]
struct Created {
    name: String,
    body: Arc<[u8]>,
}

/// A function that `CREATE FUNCTION` made, and how it is called, or why it cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFunction {
    /// Its name.
    pub name: String,
    /// `fib(i64) -> i64` with what it takes, or what is wrong with its module.
    pub shape: Result<(String, Vec<ScalarType>), String>,
    /// The size of its module.
    pub bytes: usize,
}

impl Functions {
    /// Registers all that there are. What was created has its name before what a plugin brings: that one is still
    /// called by the name with its plugin.
    pub(super) fn open(
        db: &Connection,
        modules: Arc<dyn ModuleFunctions>,
        brought: Vec<QueryFunction>,
    ) -> rusqlite::Result<Self> {
        let mut known = Self { modules, created: BTreeMap::new(), brought: BTreeMap::new() };
        if has_table(db)? {
            let mut statement = db.prepare(STORED)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            for row in rows {
                let (name, body): (String, Vec<u8>) = row?;
                let created = Created { name, body: body.into() };
                known.register(db, &created, None)?;
                known.created.insert(created.name.to_ascii_lowercase(), created);
            }
        }
        let built_in = built_in(db)?;
        for function in brought {
            if known.created.contains_key(&function.name) || built_in.contains(&function.name) {
                continue;
            }
            known.brought.insert(function.name.clone(), function.origin.clone());
            add(db, function)?;
        }
        Ok(known)
    }

    /// `CREATE FUNCTION`: whether there is a new one.
    pub(super) fn create(
        &mut self,
        db: &Connection,
        name: &str,
        unless_there: bool,
        body: &[u8],
    ) -> Result<bool, String> {
        let key = name.to_ascii_lowercase();
        if self.created.contains_key(&key) {
            let hint = "DROP FUNCTION takes it away, IF NOT EXISTS leaves it";
            return if unless_there {
                Ok(false)
            } else {
                Err(format!("there is a function {name} already; {hint}"))
            };
        }
        if let Some(plugin) = self.brought.get(&key) {
            return Err(format!("the plugin {plugin} brings a function {name}; take another name"));
        }
        let failed = |error: Error| super::reason(&error);
        if db.query_row(IS_BUILT_IN, [name], |_| Ok(())).optional().map_err(failed)?.is_some() {
            return Err(format!("SQLite has a function {name} of its own; take another name"));
        }
        let held: usize = self.created.values().map(|it| it.body.len()).sum();
        if self.created.len() >= FUNCTIONS_MAX {
            return Err(format!("there are {FUNCTIONS_MAX} functions, which is the limit"));
        }
        if held + body.len() > BODIES_BYTES_MAX {
            return Err(format!("all modules together have at most {BODIES_BYTES_MAX} bytes"));
        }
        let loaded = self.modules.load(name, body)?;
        let created = Created { name: name.to_owned(), body: body.into() };
        db.execute_batch(MAKE_TABLE).map_err(failed)?;
        let stored = match std::str::from_utf8(body) {
            Ok(text) if !body.contains(&0) => Value::Text(text.to_owned()),
            _ => Value::Blob(body.to_vec()),
        };
        db.execute(KEEP, params![name, stored]).map_err(failed)?;
        self.register(db, &created, Some(loaded.call)).map_err(failed)?;
        self.created.insert(key, created);
        Ok(true)
    }

    /// `DROP FUNCTION`: whether there was one.
    pub(super) fn drop(
        &mut self,
        db: &Connection,
        name: &str,
        if_there: bool,
    ) -> Result<bool, String> {
        let Some(created) = self.created.remove(&name.to_ascii_lowercase()) else {
            let plugin = self.brought.get(&name.to_ascii_lowercase());
            let hint =
                plugin.map_or_else(String::new, |it| format!("; the plugin {it} brings one"));
            return if if_there {
                Ok(false)
            } else {
                Err(format!("no function {name} was created{hint}"))
            };
        };
        let failed = |error: Error| super::reason(&error);
        db.execute(FORGET, [&created.name]).map_err(failed)?;
        db.remove_function(created.name.as_str(), -1).map_err(failed)?;
        Ok(true)
    }

    /// Every function that was created.
    pub(super) fn stored(&self) -> Vec<StoredFunction> {
        let of = |it: &Created| {
            let loaded = self.modules.load(&it.name, &it.body);
            let shape = loaded.map(|it| (it.signature, it.parameters));
            StoredFunction { name: it.name.clone(), shape, bytes: it.body.len() }
        };
        self.created.values().map(of).collect()
    }

    /// Names a function of a module; it is loaded when it is first called, unless it is already.
    fn register(
        &self,
        db: &Connection,
        created: &Created,
        loaded: Option<RowCall>,
    ) -> rusqlite::Result<()> {
        let (modules, name, body) =
            (Arc::clone(&self.modules), created.name.clone(), Arc::clone(&created.body));
        let mut loaded = loaded;
        let call: RowCall = Box::new(move |arguments| match &mut loaded {
            Some(call) => call(arguments),
            none => none.insert(modules.load(&name, &body)?.call)(arguments),
        });
        // A module says nothing of being deterministic, and its memory outlives a call.
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_INNOCUOUS;
        register(db, &created.name, -1, flags, call)
    }
}

/// Makes libSQL's table, unless it is there.
pub(super) fn make_table(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(MAKE_TABLE)
}

fn has_table(db: &Connection) -> rusqlite::Result<bool> {
    Ok(db.query_row(HAS_TABLE, [], |_| Ok(())).optional()?.is_some())
}

fn built_in(db: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let mut statement = db.prepare("SELECT DISTINCT name FROM pragma_function_list")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

fn add(db: &Connection, function: QueryFunction) -> rusqlite::Result<()> {
    // What a plugin's functions reach is nothing, so that views may call them.
    let mut flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_INNOCUOUS;
    if function.deterministic {
        flags |= FunctionFlags::SQLITE_DETERMINISTIC;
    }
    let arguments = i32::try_from(function.parameters.len()).unwrap_or(-1);
    register(db, &function.name, arguments, flags, function.call)
}

fn register(
    db: &Connection,
    name: &str,
    arguments: i32,
    flags: FunctionFlags,
    call: RowCall,
) -> rusqlite::Result<()> {
    let call = RefCell::new(call);
    db.create_scalar_function(name, arguments, flags, move |context| {
        let mut values = Vec::with_capacity(context.len());
        for at in 0..context.len() {
            values.push(argument(context, at)?);
        }
        // A function is never called inside of its own call: what it reaches is nothing.
        let mut call = call.try_borrow_mut().map_err(|error| failed(error.to_string()))?;
        (*call)(values).map(result).map_err(failed)
    })
}

fn argument(context: &Context<'_>, at: usize) -> rusqlite::Result<Scalar> {
    Ok(match context.get_raw(at) {
        ValueRef::Null => Scalar::Null,
        ValueRef::Integer(whole) => Scalar::Integer(whole),
        ValueRef::Real(number) => Scalar::Number(number),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes);
            Scalar::Text(
                text.map_err(|_| failed("an argument is text that is not UTF-8"))?.to_owned(),
            )
        }
        ValueRef::Blob(bytes) => Scalar::Bytes(bytes.to_vec()),
    })
}

fn result(value: Scalar) -> Value {
    match value {
        Scalar::Null => Value::Null,
        Scalar::Boolean(flag) => Value::Integer(flag.into()),
        Scalar::Integer(whole) => Value::Integer(whole),
        Scalar::Number(number) => Value::Real(number),
        Scalar::Text(text) => Value::Text(text),
        Scalar::Bytes(bytes) => Value::Blob(bytes),
    }
}

fn failed(reason: impl Into<String>) -> Error {
    Error::UserFunctionError(reason.into().into())
}
